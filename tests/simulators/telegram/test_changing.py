"""Messages are changed, taken away, passed on and reacted to within Telegram's rules."""

import pytest

from bridge.simulators.telegram.settings import DAY
from tests.simulators.telegram.scene import PNG, Json, Scene

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


async def test_an_edit_changes_words_and_takes_buttons_away(scene: Scene) -> None:
    sent = await scene.send(text="one", reply_markup=KEYBOARD)

    edited = await scene.send("editMessageText", message_id=sent["message_id"], text="two")

    assert scene.bia.texts() == ["two"]
    assert edited["edit_date"]
    assert "reply_markup" not in edited


@pytest.mark.parametrize(
    ("method", "args", "why"),
    [
        ("editMessageText", {"text": "one"}, "message is not modified"),
        ("editMessageReplyMarkup", {}, "message is not modified"),
        ("editMessageCaption", {"caption": "x"}, "there is no caption in the message to edit"),
    ],
)
async def test_an_edit_that_changes_nothing_is_refused(
    scene: Scene, method: str, args: Json, why: str
) -> None:
    sent = await scene.send(text="one")

    said = await scene.call(method, chat_id=scene.bia.id, message_id=sent["message_id"], **args)

    assert why in said["description"]


async def test_a_file_gets_another_caption_and_another_file(scene: Scene) -> None:
    said = await scene.upload("sendPhoto", "photo", PNG, "a.png", caption="one")
    id_ = said["result"]["message_id"]
    other = scene.bia.downloads(await scene.bia.sends_file(b"%PDF")).id

    await scene.send("editMessageCaption", message_id=id_, caption="two")
    captions = scene.bia.texts()
    media = {"type": "document", "media": other}
    await scene.send("editMessageMedia", message_id=id_, media=media)

    assert captions == ["two"]
    assert scene.bia.downloads(scene.bia.received()[0]).body == b"%PDF"


async def test_what_others_wrote_cannot_be_edited(scene: Scene) -> None:
    line = await scene.bia.writes("mine")

    said = await scene.call(
        "editMessageText", chat_id=scene.bia.id, message_id=line.id, text="ours"
    )

    assert said["description"] == "Bad Request: message can't be edited"


async def test_a_message_can_be_deleted_for_two_days(scene: Scene) -> None:
    old = await scene.send(text="old")
    scene.sim.forward(DAY)
    new = await scene.send(text="new")
    scene.sim.forward(DAY)

    refused = await scene.call("deleteMessage", chat_id=scene.bia.id, message_id=old["message_id"])
    await scene.send("deleteMessages", message_ids=[new["message_id"], 404])

    assert refused["description"] == "Bad Request: message can't be deleted for everyone"
    assert scene.bia.texts() == ["old"]


async def test_a_dice_in_a_private_chat_lies_for_a_day(scene: Scene) -> None:
    dice = await scene.send("sendDice")

    refused = await scene.call("deleteMessage", chat_id=scene.bia.id, message_id=dice["message_id"])
    scene.sim.forward(DAY)
    await scene.send("deleteMessage", message_id=dice["message_id"])

    assert refused["error_code"] == 400


async def test_a_reaction_is_one_emoji_of_the_list(scene: Scene) -> None:
    line = await scene.bia.writes("oi")

    def emoji(*signs: str) -> Json:
        reaction = [{"type": "emoji", "emoji": sign} for sign in signs]
        return {"chat_id": scene.bia.id, "message_id": line.id, "reaction": reaction}

    unknown = await scene.call("setMessageReaction", **emoji("🥇"))
    two = await scene.call("setMessageReaction", **emoji("👍", "🔥"))
    await scene.call("setMessageReaction", **emoji("👍"))
    shown = scene.bia.reactions(line)
    await scene.call("setMessageReaction", **emoji())

    assert unknown["description"] == "Bad Request: REACTION_INVALID"
    assert two["error_code"] == 400
    assert (shown, scene.bia.reactions(line)) == (["👍"], [])


async def test_messages_are_passed_on_with_and_without_their_author(scene: Scene) -> None:
    bo = scene.sim.person(scene.bot, "Bo")
    line = await bo.writes("hear, hear")
    source = {"from_chat_id": bo.id, "message_id": line.id}

    forwarded = await scene.send("forwardMessage", **source)
    await scene.send("copyMessage", **source)
    await scene.send("copyMessages", from_chat_id=bo.id, message_ids=[line.id, 404])

    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Bo"
    assert scene.bia.texts() == ["hear, hear"] * 3
    assert ["forward_origin" in one.body for one in scene.bia.received()] == [True, False, False]


async def test_commands_are_kept_for_each_language(scene: Scene) -> None:
    english = [{"command": "help", "description": "Help"}]
    portuguese = [{"command": "help", "description": "Ajuda"}]
    await scene.call("setMyCommands", commands=english)
    await scene.call("setMyCommands", commands=portuguese, language_code="pt")

    default = await scene.call("getMyCommands")
    brazil = await scene.call("getMyCommands", language_code="pt")

    assert (default["result"], brazil["result"]) == (english, portuguese)
