"""The bot itself, the chats that it is in, and the buttons that were pressed."""

from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.telegram.api.call import Call, Desk
from bridge.simulators.telegram.entities import units
from bridge.simulators.telegram.errors import BrokenRules, TelegramRefused
from bridge.simulators.telegram.shapes import chat_shown
from bridge.simulators.telegram.telling import member_shown

_CAN = (
    "can_join_groups",
    "can_read_all_group_messages",
    "supports_guest_queries",
    "supports_inline_queries",
    "can_connect_to_business",
    "has_main_web_app",
)
ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note",
        "upload_video_note",
    }
)  # fmt: skip
ACTION_LASTS = 5.0
"""Seconds."""


async def get_me(_desk: Desk, call: Call) -> Json:
    """`getMe`."""
    can = {**dict.fromkeys(_CAN, False), "can_join_groups": True}
    return {**call.bot.shown(), **can, "can_read_all_group_messages": not call.bot.privacy}


async def get_chat(desk: Desk, call: Call) -> Json:
    """`getChat`."""
    nothing: JsonObject = {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    }
    said = chat_shown(desk.world, desk.chat(call))
    return {**said, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": nothing}


async def get_chat_member(desk: Desk, call: Call) -> Json:
    """`getChatMember`: a bot's own standing, and who is in a group."""
    chat, id_ = desk.chat(call), call.num("user_id")
    if id_ == call.bot.id:
        return member_shown(call.bot.shown(), chat.standing)
    user = desk.world.users.get(id_)
    if user is None:
        raise TelegramRefused(400, "member not found")
    inside = id_ in chat.members or id_ == chat.id
    return member_shown(user.shown(), "member" if inside else "left")


async def get_profile_photos(desk: Desk, call: Call) -> Json:
    """`getUserProfilePhotos`: nobody here shows his face."""
    if call.num("user_id") not in desk.world.users:
        raise TelegramRefused(400, "user not found")
    return {"total_count": 0, "photos": []}


async def leave_chat(desk: Desk, call: Call) -> Json:
    """`leaveChat`."""
    chat = desk.writable(call)
    if chat.kind == "private":
        raise TelegramRefused(400, "chat member status can't be changed in private chats")
    await desk.accept(call, chat)
    desk.world.put_chat(replace(chat, standing="left"))
    return True


async def set_commands(desk: Desk, call: Call) -> Json:
    """`setMyCommands`; each scope and language has its own."""
    commands = [obj(each) for each in call.arr("commands")]
    if len(commands) > 100:
        raise TelegramRefused(400, "BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        name, about = txt(each.get("command")), txt(each.get("description"))
        if not (1 <= len(name) <= 32 and name.isascii() and name == name.lower()):
            raise TelegramRefused(400, "BOT_COMMAND_INVALID")
        if not 1 <= len(about) <= 256:
            raise TelegramRefused(400, "BOT_COMMAND_DESCRIPTION_INVALID")
    await desk.ledger.append(call.method, str(call.bot.id), call=call.args)
    desk.world.commands[_scope(call)] = tuple(commands)
    return True


async def get_commands(desk: Desk, call: Call) -> Json:
    """`getMyCommands`."""
    return list(desk.world.commands.get(_scope(call), ()))


async def delete_commands(desk: Desk, call: Call) -> Json:
    """`deleteMyCommands`."""
    await desk.ledger.append(call.method, str(call.bot.id), call=call.args)
    desk.world.commands.pop(_scope(call), None)
    return True


def _scope(call: Call) -> tuple[int, str, str]:
    scope = txt(call.obj("scope").get("type")) or "default"
    if scope not in ("default", "all_private_chats", "all_group_chats"):
        raise BrokenRules(f"commands of the scope {scope} are not simulated")
    return call.bot.id, scope, call.txt("language_code")


async def send_action(desk: Desk, call: Call) -> Json:
    """`sendChatAction`: it is seen for five seconds, or until a message comes."""
    chat = desk.writable(call)
    if call.txt("action") not in ACTIONS or chat.kind == "channel":
        raise TelegramRefused(400, "wrong parameter action in request")
    ends = desk.world.now() + ACTION_LASTS
    desk.world.typing[chat.bot, chat.id] = (call.txt("action"), ends)
    desk.world.changes.release()
    return True


async def answer_press(desk: Desk, call: Call) -> Json:
    """`answerCallbackQuery`: the button stops turning."""
    if units(call.txt("text")) > 200:
        raise TelegramRefused(400, "MESSAGE_TOO_LONG")
    press = desk.world.presses.get(call.txt("callback_query_id"))
    old = press is not None and desk.world.now() - press.at > desk.world.quirks.query_lives
    if press is None or old or press.bot != call.bot.id:
        details = "query is too old and response timeout expired or query ID is invalid"
        raise TelegramRefused(400, details)
    await desk.ledger.append(call.method, str(call.bot.id), call=call.args)
    shown = {"answered": True, "text": call.txt("text"), "alert": call.flag("show_alert")}
    desk.world.presses[press.id] = replace(press, **shown)  # type: ignore[arg-type]  # its fields
    desk.world.changes.release()
    return True
