"""What a person sees in a chat with a bot."""

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import Json, arr, obj, txt
from bridge.simulators.telegram.files import FOLDERS
from bridge.simulators.telegram.records import Chat, Message, Press, StoredFile, User
from bridge.simulators.telegram.telling import Telling
from bridge.simulators.telegram.world import World


class CannotDo(AssertionError):
    """Telegram's own screen would not let a person do that."""


class Sight:
    """One chat as one person sees it."""

    def __init__(
        self, world: World, ledger: Ledger, telling: Telling, user: User, chat: Chat
    ) -> None:
        """He has the chat open."""
        self._world = world
        self._ledger = ledger
        self._telling = telling
        self._place = (chat.bot, chat.id)
        self.id = user.id

    @property
    def user(self) -> User:
        """He, as he is now."""
        return self._world.users[self.id]

    @property
    def chat(self) -> Chat:
        """The chat, as it is now."""
        return self._world.chats[self._place]

    def _now(self, message: Message) -> Message:
        now = self._world.messages[message.key]
        if now.deleted:
            raise CannotDo("the message is gone")
        return now

    def thread(self) -> list[Message]:
        """Everything that is there, oldest first."""
        return self._world.thread(*self._place)

    def received(self) -> list[Message]:
        """What the bot sent, oldest first."""
        return [one for one in self.thread() if one.is_ours]

    def texts(self) -> list[str]:
        """What can be read in what the bot sent."""
        return [one.text for one in self.received()]

    def downloads(self, message: Message) -> StoredFile:
        """The file of a message: its bytes, its name and what it is taken for."""
        ids = [txt(obj(one).get("file_id")) for one in _files(message)]
        if not ids:
            raise CannotDo("there is no file")
        return self._world.files[ids[-1]]

    def reactions(self, message: Message) -> list[str]:
        """The bot's emoji on a message."""
        given = self._now(message).reactions.get(message.bot, ())
        return [txt(one.get("emoji")) for one in given]

    @property
    def sees_typing(self) -> str:
        """What the bot seems to be doing; empty when nothing."""
        action, ends = self._world.typing.get(self._place, ("", 0.0))
        return action if self._world.now() < ends else ""

    def answer_to(self, press: Press) -> Press:
        """A press of a button, as it is now: whether it was answered, and with which words."""
        return self._world.presses[press.id]


def choices_of(message: Message) -> dict[str, str]:
    """What can be pressed under a message: the data of each label."""
    rows = arr(obj(message.body.get("reply_markup")).get("inline_keyboard"))
    buttons = [obj(one) for row in rows for one in arr(row)]
    return {
        txt(one["text"]): txt(one["callback_data"]) for one in buttons if "callback_data" in one
    }


def file_of(message: Message) -> list[str]:
    """The kinds of file that a message has: none or one, two for an animation."""
    return [kind for kind in FOLDERS if kind in message.body]


def _files(message: Message) -> list[Json]:
    """Every size of a picture, the best one last; or the file."""
    found: list[Json] = []
    for kind in file_of(message):
        said = message.body[kind]
        found += arr(said) if kind == "photo" else [said]
    return found
