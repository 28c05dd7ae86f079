"""The real python-telegram-bot works with the simulator, with its two addresses set."""

from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import InputMediaPhoto, MessageEntity, ReplyParameters

from bridge.simulators.common.ledger import read_ledger
from tests.simulators.telegram.scene import PNG, Scene


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[telegram.Bot]:
    async with scene.client() as client:
        yield client
    assert scene.sim.violations == []


async def test_a_line_is_fetched_and_answered(scene: Scene, client: telegram.Bot) -> None:
    await scene.bia.writes("oi")

    (update,) = await client.get_updates(timeout=5)
    assert update.message is not None
    sent = await update.message.reply_text("olá", do_quote=True)

    (shown,) = scene.bia.received()
    assert (shown.text, shown.id, shown.reply_to) == ("olá", sent.id, update.message.id)
    assert scene.sim.ledger.path is not None
    entries = read_ledger(scene.sim.ledger.path)
    assert [entry["what"] for entry in entries] == ["person.sends", "sendMessage"]


async def test_files_go_both_ways_byte_for_byte(scene: Scene, client: telegram.Bot) -> None:
    body = bytes(range(256)) * 40
    await scene.bia.sends_file(body, "application/pdf", name="conta.pdf", caption="aqui")

    (update,) = await client.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    fetched = bytes(await file.download_as_bytearray())
    await client.send_document(scene.bia.id, body, filename="resposta.pdf", caption="pronto")

    (shown,) = scene.bia.received()
    assert (fetched, scene.bia.downloads(shown).body) == (body, body)
    assert (shown.text, scene.bia.downloads(shown).name) == ("pronto", "resposta.pdf")


async def test_albums_entities_and_quotes_arrive(scene: Scene, client: telegram.Bot) -> None:
    line = await scene.bia.writes("which of these 🎉 two?")
    quoting = ReplyParameters(line.id, quote="🎉 two", quote_position=15)
    bold = MessageEntity(MessageEntity.BOLD, 3, 4)

    await client.send_message(scene.bia.id, "🎉 this", entities=[bold], reply_parameters=quoting)
    await client.send_media_group(
        scene.bia.id, [InputMediaPhoto(PNG, caption="1"), InputMediaPhoto(PNG)]
    )

    said, *album = scene.bia.received()
    assert said.body["entities"] == [{"type": "bold", "offset": 3, "length": 4}]
    assert said.body["quote"] == {"text": "🎉 two", "position": 15, "is_manual": True}
    assert len({str(one.body["media_group_id"]) for one in album}) == 1
    assert [scene.bia.downloads(one).body for one in album] == [PNG, PNG]


async def test_refusals_are_the_errors_of_the_client(scene: Scene, client: telegram.Bot) -> None:
    await scene.bia.blocks()
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await client.send_message(scene.bia.id, "hello")
    await scene.bia.unblocks()
    with pytest.raises(telegram.error.BadRequest, match="Message is too long"):
        await client.send_message(scene.bia.id, "x" * 4097)
