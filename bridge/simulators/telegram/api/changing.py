"""Messages that are changed, taken away or reacted to."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.api.media import ALONE, media_said
from bridge.simulators.telegram.api.saying import caption_said, markup_said, text_said
from bridge.simulators.telegram.emoji import REACTIONS
from bridge.simulators.telegram.errors import BrokenRules, TelegramRefused
from bridge.simulators.telegram.files import FOLDERS
from bridge.simulators.telegram.records import Chat, Message
from bridge.simulators.telegram.settings import DAY
from bridge.simulators.telegram.shapes import message_shown

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_KEPT = ("quote", "media_group_id", "forward_origin")


async def edit_text(desk: Desk, call: Call) -> Json:
    """`editMessageText`."""
    message = _editable(desk, call)
    if "text" not in message.body:
        raise TelegramRefused(400, "there is no text in the message to edit")
    return await _edit(desk, call, message, text_said(call.args))


async def edit_caption(desk: Desk, call: Call) -> Json:
    """`editMessageCaption`; without a caption the one that is there goes."""
    message = _editable(desk, call)
    files = {name: said for name, said in message.body.items() if name in FOLDERS}
    if not files:
        raise TelegramRefused(400, "there is no caption in the message to edit")
    return await _edit(desk, call, message, files | caption_said(call.args))


async def edit_media(desk: Desk, call: Call) -> Json:
    """`editMessageMedia`: another file, and another caption."""
    message = _editable(desk, call)
    media = call.obj("media")
    kind = txt(media.get("type"))
    if kind not in FOLDERS:
        raise BrokenRules(f"media of type {kind} is not simulated")
    if "media_group_id" in message.body:
        _check_album(message, kind)
    body = media_said(desk, call, kind, media, txt(media.get("media")))
    return await _edit(desk, call, message, body)


async def edit_markup(desk: Desk, call: Call) -> Json:
    """`editMessageReplyMarkup`."""
    message = _editable(desk, call)
    body = {name: said for name, said in message.body.items() if name != "reply_markup"}
    return await _edit(desk, call, message, body)


def _editable(desk: Desk, call: Call) -> Message:
    if call.txt("inline_message_id") or call.txt("business_connection_id"):
        raise BrokenRules("inline and business messages are not simulated")
    chat = desk.writable(call)
    message = desk.world.message(chat, call.num("message_id"), "message to edit not found")
    if not message.is_ours or "forward_origin" in message.body:
        raise TelegramRefused(400, "message can't be edited")
    return message


def _check_album(message: Message, kind: str) -> None:
    alone = {one for one in ALONE if one in message.body}
    if kind not in (alone or {"photo", "video"}):
        raise TelegramRefused(400, "wrong combination of media types in an album")


async def _edit(desk: Desk, call: Call, message: Message, said: JsonObject) -> Json:
    kept = {name: message.body[name] for name in _KEPT if name in message.body}
    body = kept | said | markup_said(call)
    if body == dict(message.body):
        raise TelegramRefused(400, _SAME)
    await desk.accept(call, desk.chat(call), id=message.id)
    changed = desk.world.change(message, body=body, edited_at=desk.world.now())
    desk.world.changes.release()
    return message_shown(desk.world, changed)


# ---------------------------------------------------------------- taking away


async def delete_message(desk: Desk, call: Call) -> Json:
    """`deleteMessage`."""
    chat = desk.writable(call)
    found = desk.world.message(chat, call.num("message_id"), "message to delete not found")
    return await _delete(desk, call, chat, [found])


async def delete_messages(desk: Desk, call: Call) -> Json:
    """`deleteMessages`: those that cannot be found are skipped."""
    chat = desk.writable(call)
    ids = call.ints("message_ids")
    if not 1 <= len(ids) <= 100:
        raise TelegramRefused(400, "message identifiers are not specified or too many")
    found = (desk.world.found(chat, id_) for id_ in ids)
    there = [one for one in found if one is not None]
    return await _delete(desk, call, chat, there)


async def _delete(desk: Desk, call: Call, chat: Chat, messages: list[Message]) -> Json:
    for one in messages:
        _check_deletable(desk, chat, one)
    await desk.accept(call, chat, ids=[one.id for one in messages])
    for one in messages:
        desk.world.change(one, deleted=True)
    desk.world.changes.release()
    return True


def _check_deletable(desk: Desk, chat: Chat, message: Message) -> None:
    age = desk.world.now() - message.at
    foreign = not message.is_ours and chat.kind != "private" and chat.standing != "administrator"
    fresh_dice = "dice" in message.body and chat.kind == "private" and age < DAY
    if age >= desk.world.quirks.deletes_within or foreign or fresh_dice:
        raise TelegramRefused(400, "message can't be deleted for everyone")


# ---------------------------------------------------------------- reacting


async def set_reaction(desk: Desk, call: Call) -> Json:
    """`setMessageReaction`: one emoji of Telegram's list, or none."""
    chat = desk.writable(call)
    message = desk.world.message(chat, call.num("message_id"), "message to react not found")
    wanted = [dict(obj(each)) for each in call.arr("reaction")]
    if len(wanted) > 1:
        raise TelegramRefused(400, "REACTIONS_TOO_MANY")
    if not all(_may_react(message, each) for each in wanted):
        raise TelegramRefused(400, "REACTION_INVALID")
    await desk.accept(call, chat, id=message.id)
    reactions = {**message.reactions, call.bot.id: tuple(wanted)}
    desk.world.change(message, reactions=reactions)
    desk.world.changes.release()
    return True


def _may_react(message: Message, reaction: Mapping[str, Json]) -> bool:
    if reaction.get("type") == "custom_emoji":
        return any(reaction in given for given in message.reactions.values())
    return reaction.get("type") == "emoji" and reaction.get("emoji") in REACTIONS
