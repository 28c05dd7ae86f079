"""Who talks to the customer first."""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from bridge.domain.content import Content
from bridge.domain.conversation import Priority
from bridge.domain.delivery import BotEventKind
from bridge.domain.ids import BotId, ChannelId, Instant, Language, PublicId
from bridge.domain.message import Author
from bridge.domain.value import Value


class QueueState(Value):
    """What a bot may know of a queue when it decides to hand over."""

    name: str
    title: str
    available: int
    waiting: int


class Control(StrEnum):
    """Who may speak to the customer."""

    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"
    ENDED = "ended"


class Earlier(Value):
    """A line that stood there before, as the customer could read it."""

    author: Author
    name: str
    at: Instant
    content: Content


class BotCall(Value):
    """One event for the bot. `session` is stable over the conversations of one identity.

    `key` is stable over retries: the same key must not act twice. `memory` is what the bot
    asked us to keep for this conversation. `control` says who may speak to the customer now; an
    answer counts only while it is the bot. `number` is what people call the conversation.
    `cause`, `queue` and `agent` say what happened, where something did. `history` is what was said
    before, oldest first, as much of it as the bot wants.
    """

    key: str
    kind: BotEventKind
    session: str
    conversation: PublicId
    channel: ChannelId
    language: Language
    customer: str
    epoch: int
    content: Content | None = None
    memory: str = ""
    summary: str = ""
    queues: tuple[QueueState, ...] = ()
    number: int = 0
    control: Control = Control.BOT
    cause: str = ""
    queue: str = ""
    agent: str = ""
    history: tuple[Earlier, ...] = ()


class Handoff(Value):
    """The bot wants a person: which queue (a name; None lets the desk choose), and why."""

    queue: str | None = None
    reason: str = ""
    summary: str = ""
    priority: Priority = Priority.NORMAL


class BotReply(Value):
    """What the bot answers: lines for the customer, then perhaps a hand-over or the end.

    `later` says that it took the event and will speak by itself.
    """

    messages: tuple[Content, ...] = ()
    handoff: Handoff | None = None
    close: bool = False
    memory: str | None = None
    language: Language | None = None
    later: bool = False


class BotAdapter(Protocol):
    """A bot. Its answers count only while the epoch it was asked under is current."""

    bot_id: BotId

    async def start(self) -> None:
        """Check the settings. Raises `InvalidSettings`."""
        ...

    async def stop(self) -> None:
        """Finish what is under way."""
        ...

    async def ask(self, call: BotCall) -> BotReply:
        """Answer one event. Raises `TemporaryFailure`, `DeliveryRejected`, `OutcomeUnknown`."""
        ...


HEARD = frozenset({BotEventKind.MESSAGE_CREATED, BotEventKind.HANDOFF_RETURNED})
"""What every bot is asked."""


@runtime_checkable
class Hears(Protocol):
    """A bot that wants to know more than what it is asked."""

    hears: frozenset[BotEventKind]
    """The kinds of event it is told of, those of `HEARD` among them."""
    observes: bool
    """Whether it reads what customers say to people; it can never answer that."""


@runtime_checkable
class Remembers(Protocol):
    """A bot that wants to be told what was said before."""

    history: int
    """So many lines of the conversation, at most `MOST_HISTORY`."""


MOST_HISTORY = 50


class BotSink(Protocol):
    """Where a bot adapter hands over what its bot says by itself."""

    async def speak(self, number: int, reply: BotReply, epoch: int | None) -> bool:
        """Say and do it in this conversation, if the bot has the word there.

        Returns when it is on disk; false when it has not the word, or not under this epoch any
        more. Raises `NotFound` for a conversation that is not this bot's, `Overloaded`,
        `StorageUnavailable`.
        """
        ...


@runtime_checkable
class SpeaksFirst(Protocol):
    """A bot whose words may come by themselves."""

    def connect(self, sink: BotSink) -> None:
        """Hand over here from now on; called before `start`."""
        ...
