"""Who talks to the customer first."""

from typing import Protocol

from bridge.domain.content import Content
from bridge.domain.conversation import Priority
from bridge.domain.delivery import BotEventKind
from bridge.domain.ids import BotId, ChannelId, Language, PublicId
from bridge.domain.value import Value


class QueueState(Value):
    """What a bot may know of a queue when it decides to hand over."""

    name: str
    title: str
    available: int
    waiting: int


class BotCall(Value):
    """One event for the bot. `session` is stable over the conversations of one identity.

    `key` is stable over retries: the same key must not act twice. `memory` is what the bot
    asked us to keep for this conversation.
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


class Handoff(Value):
    """The bot wants a person: which queue (a name; None lets the desk choose), and why."""

    queue: str | None = None
    reason: str = ""
    summary: str = ""
    priority: Priority = Priority.NORMAL


class BotReply(Value):
    """What the bot answers: lines for the customer, then perhaps a hand-over or the end."""

    messages: tuple[Content, ...] = ()
    handoff: Handoff | None = None
    close: bool = False
    memory: str | None = None
    language: Language | None = None


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
