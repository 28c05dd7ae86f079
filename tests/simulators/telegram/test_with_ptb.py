"""The real python-telegram-bot works with the simulator, with its two addresses set."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import telegram

from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.telegram import Bot, Person, TelegramSimulator


class Scene:
    """A Telegram, a bot and somebody who writes to it."""

    def __init__(self, sim: TelegramSimulator) -> None:
        self.sim = sim
        self.bot: Bot = sim.bot()
        self.bia: Person = sim.person(self.bot)
        self.ptb = telegram.Bot(
            self.bot.token, base_url=sim.base_url, base_file_url=sim.base_file_url
        )


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with TelegramSimulator.running(ledger=tmp_path / "ledger") as sim:
        made = Scene(sim)
        async with made.ptb:
            yield made
        assert sim.violations == []


async def test_a_line_is_fetched_and_answered(scene: Scene) -> None:
    await scene.bia.writes("oi")

    (update,) = await scene.ptb.get_updates(timeout=5)
    assert update.message is not None
    sent = await update.message.reply_text("olá", do_quote=True)

    (shown,) = scene.bia.received()
    assert (shown.text, shown.id, shown.reply_to) == ("olá", sent.id, update.message.id)
    assert scene.sim.ledger.path is not None
    entries = read_ledger(scene.sim.ledger.path)
    assert [entry["what"] for entry in entries] == ["person.sends", "sendMessage"]


async def test_what_is_confirmed_does_not_come_again(scene: Scene) -> None:
    await scene.bia.writes("one")
    await scene.bia.writes("two")

    first = await scene.ptb.get_updates(limit=1)
    again = await scene.ptb.get_updates()
    rest = await scene.ptb.get_updates(offset=first[-1].update_id + 1)

    texts = [
        [one.message.text for one in batch if one.message is not None]
        for batch in (first, again, rest)
    ]
    assert texts == [["one"], ["one", "two"], ["two"]]
