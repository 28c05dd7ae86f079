"""What Telegram refuses is refused in its words; what it takes arrives, and is on disk before."""

import asyncio

import pytest
from aiohttp import ClientError

from bridge.simulators.common.ledger import read_ledger
from bridge.simulators.telegram import Fault, Limits, Quirks, Window
from bridge.simulators.telegram.errors import TelegramRefused
from bridge.simulators.telegram.limits import Meter
from bridge.simulators.telegram.records import Chat, ChatKind
from bridge.simulators.telegram.settings import HOUR
from tests.simulators.telegram.scene import PNG, Json, Scene

BUTTON = {"text": "Yes", "callback_data": "y"}


@pytest.mark.parametrize(
    ("method", "args", "why"),
    [
        ("sendMessage", {"text": " \n "}, "message text is empty"),
        ("sendMessage", {"text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"text": "🎉" * 2049}, "message is too long"),
        ("sendMessage", {"text": "x", "chat_id": 7}, "chat not found"),
        ("sendMessage", {"text": "x", "chat_id": "@nobody"}, "chat not found"),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 404}},
            "message to be replied not found",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "Yes"}]]}},
            "Text buttons are unallowed",
        ),
        (
            "sendMessage",
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{**BUTTON, "callback_data": "é" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        ("sendPhoto", {"photo": "AgAC404"}, "wrong file identifier"),
        ("sendLocation", {"latitude": 91.0, "longitude": 0.0}, "wrong latitude or longitude"),
        ("sendDice", {"emoji": "🎁"}, "wrong parameter emoji"),
        ("sendChatAction", {"action": "sleeping"}, "wrong parameter action"),
        ("deleteMessage", {"message_id": 404}, "message to delete not found"),
        ("editMessageText", {"message_id": 404, "text": "x"}, "message to edit not found"),
    ],
)
async def test_what_telegram_refuses_is_refused_in_its_words(
    scene: Scene, method: str, args: Json, why: str
) -> None:
    said = await scene.call(method, **{"chat_id": scene.bia.id, **args})

    assert (said["ok"], said["error_code"]) == (False, 400)
    assert why in said["description"]
    assert scene.bia.received() == []
    assert scene.sim.violations == []


@pytest.mark.parametrize(
    ("method", "args", "problem"),
    [
        ("sendMassage", {}, "there is no such method"),
        ("sendGame", {"chat_id": 1, "game_short_name": "x"}, "this method is not simulated"),
        ("sendMessage", {"chat_id": 1}, "text is required"),
        ("sendMessage", {"chat_id": 1, "text": 5}, "text must be String"),
        ("sendMessage", {"chat_id": 1, "text": "x", "qoute": 1}, "qoute is unknown"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": "7"}},
            "reply_parameters.message_id must be Integer",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "entities": [{"type": "bold", "offset": 0}]},
            "entities[0].length is required",
        ),
    ],
)
async def test_what_is_not_as_the_bot_api_says_is_a_violation(
    scene: Scene, method: str, args: Json, problem: str
) -> None:
    said = await scene.call(method, **args)

    assert not said["ok"]
    assert [one.problem for one in scene.sim.violations] == [problem]


async def test_parse_mode_is_a_violation(scene: Scene) -> None:
    await scene.call("sendMessage", chat_id=scene.bia.id, text="x", parse_mode="HTML")

    assert "parse_mode" in scene.sim.violations[0].problem


@pytest.mark.parametrize("token", ["1:AAno", "none"])
async def test_a_token_of_nobody_is_worth_nothing(scene: Scene, token: str) -> None:
    async with scene.http.get(f"{scene.sim.base_url}{token}/getMe") as answer:
        said = await answer.json()

    assert (answer.status, said["description"]) == (401, "Unauthorized")


async def test_a_bot_speaks_only_to_who_spoke_first(scene: Scene) -> None:
    eva = scene.sim.person(scene.bot, "Eva", started=False)

    refused = await scene.call("sendMessage", chat_id=eva.id, text="buy!")
    await eva.starts()
    taken = await scene.call("sendMessage", chat_id=eva.id, text="hello")

    assert refused["description"] == "Forbidden: bot can't initiate conversation with a user"
    assert taken["ok"]


@pytest.mark.parametrize(
    ("method", "part", "name", "kind"),
    [
        ("sendPhoto", "photo", "a.png", "photo"),
        ("sendVideo", "video", "a.mp4", "video"),
        ("sendAnimation", "animation", "a.mp4", "animation"),
        ("sendAudio", "audio", "a.mp3", "audio"),
        ("sendVoice", "voice", "a.ogg", "voice"),
        ("sendVoice", "voice", "a.wav", "audio"),
        ("sendDocument", "document", "a.pdf", "document"),
        ("sendSticker", "sticker", "a.webp", "sticker"),
        ("sendVideoNote", "video_note", "a.mp4", "video_note"),
    ],
)
async def test_files_arrive_as_what_they_were_sent(
    scene: Scene, method: str, part: str, name: str, kind: str
) -> None:
    said = await scene.upload(method, part, PNG, name)

    (shown,) = scene.bia.received()
    assert kind in said["result"]
    assert scene.bia.downloads(shown).body == PNG


@pytest.mark.parametrize(
    ("method", "part", "body", "code"),
    [
        ("sendDocument", "document", b"", 400),
        ("sendDocument", "document", b"x" * 101, 413),
        ("sendPhoto", "photo", PNG + b"x" * 20, 400),
        ("sendPhoto", "photo", b"no picture", 400),
    ],
)
async def test_files_that_are_too_large_or_none_are_refused(
    scene: Scene, method: str, part: str, body: bytes, code: int
) -> None:
    scene.sim.turn(Quirks(most_upload=100, most_photo=50))

    said = await scene.upload(method, part, body, "a.bin")

    assert said["error_code"] == code


async def test_a_file_can_be_sent_again_by_its_id_but_not_as_another_kind(scene: Scene) -> None:
    line = await scene.bia.sends_file(b"%PDF", name="a.pdf")
    id_ = scene.bia.downloads(line).id

    await scene.send("sendDocument", document=id_)
    refused = await scene.call("sendAudio", chat_id=scene.bia.id, audio=id_)

    assert scene.bia.downloads(scene.bia.received()[0]).body == b"%PDF"
    assert refused["description"] == "Bad Request: can't use file of type document as audio"


async def test_the_address_of_a_file_is_good_for_an_hour(scene: Scene) -> None:
    line = await scene.bia.sends_file(b"%PDF", name="a.pdf")
    id_ = scene.bia.downloads(line).id
    path = (await scene.call("getFile", file_id=id_))["result"]["file_path"]
    url = f"{scene.sim.base_file_url}{scene.bot.token}/{path}"

    async with scene.http.get(url) as answer:
        assert await answer.read() == b"%PDF"
    scene.sim.forward(HOUR)
    async with scene.http.get(url) as late:
        assert late.status == 404
    await scene.call("getFile", file_id=id_)
    async with scene.http.get(url) as again:
        assert again.status == 200


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(scene: Scene) -> None:
    scene.sim.turn(Quirks(most_download=3))
    line = await scene.bia.sends_file(b"%PDF")

    said = await scene.call("getFile", file_id=scene.bia.downloads(line).id)

    assert said["description"] == "Bad Request: file is too big"


@pytest.mark.parametrize(
    ("types", "ok"),
    [
        (["photo"], False),
        (["photo"] * 11, False),
        (["photo", "video"], True),
        (["document", "document"], True),
        (["photo", "document"], False),
        (["photo", "voice"], False),
    ],
)
async def test_an_album_is_two_to_ten_files_that_go_together(
    scene: Scene, types: list[str], ok: bool
) -> None:
    ids = {
        kind: scene.bia.downloads(await scene.bia.sends_file(PNG, kind=kind)).id
        for kind in set(types)
    }
    media = [{"type": kind, "media": ids[kind]} for kind in types]

    said = await scene.call("sendMediaGroup", chat_id=scene.bia.id, media=media)

    assert said["ok"] is ok


@pytest.mark.parametrize(
    ("reply", "answers"),
    [
        ({"message_id": 1}, True),
        ({"message_id": 1, "quote": "two"}, True),
        ({"message_id": 1, "quote": "three"}, False),
        ({"message_id": 404, "allow_sending_without_reply": True}, None),
    ],
)
async def test_an_answer_hangs_where_it_should(
    scene: Scene, reply: Json, answers: bool | None
) -> None:
    await scene.bia.writes("one or two")

    said = await scene.call("sendMessage", chat_id=scene.bia.id, text="x", reply_parameters=reply)

    assert said["ok"] is not (answers is False)
    assert ("reply_to_message" in said.get("result", {})) is (answers is True)


async def test_typing_is_seen_until_a_message_comes(scene: Scene) -> None:
    await scene.send("sendChatAction", action="typing")
    before = scene.bia.sees_typing
    await scene.send(text="done")
    after = scene.bia.sees_typing
    await scene.send("sendChatAction", action="typing")
    scene.sim.forward(5)

    assert (before, after, scene.bia.sees_typing) == ("typing", "", "")


# ---------------------------------------------------------------- trouble


@pytest.mark.parametrize(("accepted", "sent"), [(False, 0), (True, 1)])
async def test_a_lost_answer_may_have_had_its_effect(
    scene: Scene, accepted: bool, sent: int
) -> None:
    scene.sim.fault(Fault(method="sendMessage", kind="drop", accepted=accepted))

    with pytest.raises(ClientError):
        await scene.send(text="hello")

    assert len(scene.bia.received()) == sent
    assert scene.sim.ledger.path is not None
    assert len(read_ledger(scene.sim.ledger.path)) == sent


@pytest.mark.parametrize(
    ("fault", "status", "parameters"),
    [
        (Fault(method="send*", kind="error", status=429, retry_after=7), 429, {"retry_after": 7}),
        (Fault(method="*", kind="error", status=500), 500, None),
        (Fault(method="*", kind="slow", seconds=0.01), 200, None),
    ],
)
async def test_calls_fail_as_programmed(
    scene: Scene, fault: Fault, status: int, parameters: Json | None
) -> None:
    scene.sim.fault(fault)

    said = await scene.call("sendMessage", chat_id=scene.bia.id, text="hello")
    again = await scene.call("sendMessage", chat_id=scene.bia.id, text="hello")

    assert said.get("error_code", 200) == status
    assert said.get("parameters") == parameters
    assert again["ok"]


async def test_a_gateway_answers_with_a_page(scene: Scene) -> None:
    scene.sim.fault(Fault(method="getMe", kind="status", status=502))

    async with scene.http.get(f"{scene.sim.base_url}{scene.bot.token}/getMe") as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")


async def test_who_hangs_is_let_go_when_the_simulator_stops(scene: Scene) -> None:
    scene.sim.fault(Fault(method="getMe", kind="hang"))
    call = asyncio.create_task(scene.call("getMe"))
    await scene.sim.until(lambda: scene.sim.faults.happened["hang"])

    await scene.sim.stop()

    with pytest.raises(ClientError):
        await call


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("private", Limits(chat=Window(most=2, seconds=5.0))),
        ("group", Limits(group=Window(most=2, seconds=60.0))),
        ("group", Limits(overall=Window(most=2, seconds=1.0))),
    ],
    ids=["chat", "group", "overall"],
)
def test_too_many_messages_are_told_when_to_come_again(kind: ChatKind, limits: Limits) -> None:
    now = [0.0]
    meter = Meter(limits, lambda: now[0])
    chat = Chat(bot=1, id=2, kind=kind)
    meter.admit(chat)
    meter.admit(chat)

    with pytest.raises(TelegramRefused) as refused:
        meter.admit(chat)
    now[0] = float(str(refused.value.parameters["retry_after"]))
    meter.admit(chat)

    assert refused.value.code == 429
    assert meter.refused == 1
