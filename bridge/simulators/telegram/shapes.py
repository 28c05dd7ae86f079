"""Messages, chats and files as Telegram shows them."""

from bridge.simulators.common.wire import JsonObject
from bridge.simulators.telegram.records import Chat, Message, StoredFile, User
from bridge.simulators.telegram.world import World


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


def file_shown(file: StoredFile) -> JsonObject:
    """What every kind of file says of itself."""
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.body)}
