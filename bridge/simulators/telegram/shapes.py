"""Messages and chats as Telegram shows them."""

import secrets

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.records import Chat, Message, User
from bridge.simulators.telegram.world import World

OWN = ("quote", "external_reply", "media_group_id", "reply_markup")
"""What stays behind when a message is passed on."""


def chat_shown(world: World, chat: Chat) -> JsonObject:
    """`Chat`."""
    if chat.kind == "private":
        user = world.users[chat.id]
        return {"id": chat.id, "type": chat.kind, **_named(user)}
    said: JsonObject = {"id": chat.id, "type": chat.kind, "title": chat.title}
    return {**said, "username": chat.username} if chat.username else said


def _named(user: User) -> JsonObject:
    said: JsonObject = {"first_name": user.first_name}
    if user.last_name:
        said["last_name"] = user.last_name
    if user.username:
        said["username"] = user.username
    return said


def message_shown(world: World, message: Message, *, with_reply: bool = True) -> JsonObject:
    """`Message`. What it answers is shown within, but not what that answered."""
    chat = world.chats[message.bot, message.chat]
    said: JsonObject = {"message_id": message.id, "date": int(message.at)}
    said["chat"] = chat_shown(world, chat)
    said |= _author(world, message, chat)
    if message.edited_at:
        said["edit_date"] = int(message.edited_at)
    answered = world.messages.get((message.bot, message.chat, message.reply_to))
    if with_reply and answered is not None:
        said["reply_to_message"] = message_shown(world, answered, with_reply=False)
    body = dict(message.body)
    if not with_reply:
        body.pop("quote", None)
    return said | body


def _author(world: World, message: Message, chat: Chat) -> JsonObject:
    if chat.kind == "channel":
        return {"sender_chat": chat_shown(world, chat)}
    return {"from": actor_shown(world, message.sender)}


def actor_shown(world: World, id_: int) -> JsonObject:
    """A person or a bot as `User`."""
    return world.bots[id_].shown() if id_ in world.bots else world.users[id_].shown()


def forwarded(world: World, message: Message) -> JsonObject:
    """A message as it looks when it was forwarded; the first author stays."""
    body = {name: said for name, said in message.body.items() if name not in OWN}
    return {"forward_origin": origin_said(world, message), **body}


def origin_said(world: World, message: Message) -> JsonObject:
    """Where a message comes from."""
    shown = message_shown(world, message, with_reply=False)
    said: JsonObject = {"date": int(message.at)}
    if "sender_chat" in shown:
        return {**said, "type": "channel", "chat": shown["chat"], "message_id": message.id}
    return {**said, "type": "user", "sender_user": actor_shown(world, message.sender)}


def poll_said(
    question: str, options: list[str], *, anonymous: bool = True, multiple: bool = False
) -> JsonObject:
    """A poll in which nobody has voted."""
    shown: list[Json] = [
        {"persistent_id": secrets.token_hex(4), "text": text, "voter_count": 0} for text in options
    ]
    return {
        "id": str(secrets.randbelow(10**18)),
        "question": question,
        "options": shown,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": anonymous,
        "type": "regular",
        "allows_multiple_answers": multiple,
        "allows_revoting": True,
        "members_only": False,
    }
