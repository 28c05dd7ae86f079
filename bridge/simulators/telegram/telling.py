"""What bots are told, as updates."""

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.telegram.files import FOLDERS
from bridge.simulators.telegram.records import Chat, Message, Press, User
from bridge.simulators.telegram.shapes import actor_shown, chat_shown, message_shown
from bridge.simulators.telegram.world import World

SAID = frozenset({"text", "venue", "location", "contact", "poll", "dice", *FOLDERS})
"""What people say, as against what Telegram says of them (service messages)."""


class Telling:
    """Makes updates and puts them into bots' mailboxes."""

    def __init__(self, world: World) -> None:
        """Tell of this world."""
        self._world = world

    def update(self, bot: int, kind: str, said: JsonObject, chat: int = 0) -> None:
        """Anything at all."""
        self._world.mail[bot].put(kind, said, chat)

    def message(self, message: Message, *, edited: bool = False) -> None:
        """Somebody wrote, or changed what he wrote."""
        chat = self._world.chats[message.bot, message.chat]
        if not self._hears(chat, message):
            return
        kind = "channel_post" if chat.kind == "channel" else "message"
        shown = message_shown(self._world, message)
        self.update(message.bot, f"edited_{kind}" if edited else kind, shown, message.chat)

    def _hears(self, chat: Chat, message: Message) -> bool:
        """https://core.telegram.org/bots/features#privacy-mode, read November 2026."""
        bot = self._world.bots[chat.bot]
        open_to_it = not bot.privacy or chat.standing == "administrator"
        if chat.kind not in ("group", "supergroup") or open_to_it:
            return True
        answered = self._world.found(chat, message.reply_to)
        meant = message.text.startswith("/") or (answered is not None and answered.is_ours)
        return meant or not SAID & set(message.body)

    def press(self, press: Press) -> None:
        """Somebody pressed a button."""
        message = self._world.messages[press.message]
        said: JsonObject = {
            "id": press.id,
            "from": actor_shown(self._world, press.user),
            "message": message_shown(self._world, message),
            "chat_instance": str(message.chat),
            "data": press.data,
        }
        self.update(press.bot, "callback_query", said, message.chat)

    def reaction(self, message: Message, user: User, old: list[Json], new: list[Json]) -> None:
        """Somebody put an emoji on a message, or took one away."""
        chat = self._world.chats[message.bot, message.chat]
        if chat.kind != "private" and chat.standing != "administrator":
            return
        said: JsonObject = {
            "chat": chat_shown(self._world, chat),
            "message_id": message.id,
            "user": user.shown(),
            "date": int(self._world.now()),
            "old_reaction": old,
            "new_reaction": new,
        }
        self.update(message.bot, "message_reaction", said, message.chat)

    def standing(self, chat: Chat, user: User, old: str, new: str) -> None:
        """The bot was blocked, added, promoted or removed."""
        bot = self._world.bots[chat.bot].shown()
        said: JsonObject = {
            "chat": chat_shown(self._world, chat),
            "from": user.shown(),
            "date": int(self._world.now()),
            "old_chat_member": member_shown(bot, old),
            "new_chat_member": member_shown(bot, new),
        }
        self.update(chat.bot, "my_chat_member", said, chat.id)


_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip


def member_shown(user: JsonObject, standing: str) -> JsonObject:
    """`ChatMember`."""
    said: JsonObject = {"user": user, "status": standing}
    if standing == "kicked":
        said["until_date"] = 0
    if standing == "administrator":
        said |= dict.fromkeys(_RIGHTS, False)
    return said
