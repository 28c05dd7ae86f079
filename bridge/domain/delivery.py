"""A delivery: our stored promise to make one platform call."""

from enum import StrEnum
from typing import TypeAlias

from bridge.domain.content import Content
from bridge.domain.ids import (
    AgentId,
    BindingId,
    ConversationId,
    DeliveryId,
    IdentityId,
    Instant,
    MessageId,
    WorkspaceUserId,
)
from bridge.domain.message import Author
from bridge.domain.text import FormattedText
from bridge.domain.value import Value


class DeliveryState(StrEnum):
    """`sending` is committed before the call; a `sending` row without a sender is ambiguous."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """Which kind of place the call goes to."""

    CHANNEL = "channel"
    WORKSPACE = "workspace"
    BOT = "bot"


class Mark(StrEnum):
    """What happened to an agent's own line, shown on it as a reaction."""

    NOT_CROSSED = "not_crossed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOTE = "note"


class OfferedCommand(Value):
    """A button under a private answer: what it says is the command's name in the catalogue."""

    command: str
    label: str
    arguments: dict[str, str] = {}


class PostLine(Value, tag="post"):
    """Post one part of a message. `name` is who speaks, as the reader shall see it.

    A `note` is for the team alone and must look so. `called` is what the text calls the one who
    is mentioned; empty where it does not name him.
    """

    message: MessageId
    content: Content
    author: Author
    name: str
    part: int = 0
    mentions: tuple[WorkspaceUserId, ...] = ()
    quoted: MessageId | None = None
    note: bool = False
    called: str = ""


class EditLine(Value, tag="edit"):
    """Change a line posted before."""

    message: MessageId
    content: Content
    author: Author
    name: str
    part: int = 0


class DeleteLine(Value, tag="delete"):
    """Delete a line posted before."""

    message: MessageId
    part: int = 0


class ReactLine(Value, tag="react"):
    """Add a reaction to a line, or take it away."""

    message: MessageId
    emoji: str
    name: str
    removed: bool = False


class MarkLine(Value, tag="mark"):
    """Mark an agent's own line durably."""

    message: MessageId
    mark: Mark
    removed: bool = False


class PostTranscript(Value, tag="transcript"):
    """Post what was said before, up to and with `up_to`, as the first line of a new thread."""

    up_to: MessageId


class OpenThread(Value, tag="open"):
    """Open the thread (or card) of a binding; `members` are its only viewers if not empty.

    The card is drawn when the call is made: it shows what is true then. The threads that it
    `replaces` are closed when it is open, so that their last cards can lead to it.
    """

    members: tuple[WorkspaceUserId, ...] = ()
    replaces: tuple[BindingId, ...] = ()


class ConvertThread(Value, tag="convert"):
    """The waiting card becomes the working thread; its root stays."""


class CloseThread(Value, tag="close"):
    """Make the thread read-only; `hide` takes it out of its viewers' sight."""

    hide: bool = False


class Whisper(Value, tag="whisper"):
    """Tell one person something that nobody else sees."""

    user: WorkspaceUserId
    text: FormattedText
    offers: tuple[OfferedCommand, ...] = ()


class BotEventKind(StrEnum):
    """What a bot is told."""

    CONVERSATION_CREATED = "conversation.created"
    MESSAGE_CREATED = "message.created"
    HANDOFF_REQUESTED = "handoff.requested"
    HANDOFF_QUEUED = "handoff.queued"
    HANDOFF_ASSIGNED = "handoff.assigned"
    HANDOFF_REFUSED = "handoff.refused"
    HANDOFF_TIMED_OUT = "handoff.timed_out"
    HANDOFF_RETURNED = "handoff.returned"
    CONVERSATION_ENDED = "conversation.ended"


ANSWERED = frozenset(
    {
        BotEventKind.CONVERSATION_CREATED,
        BotEventKind.MESSAGE_CREATED,
        BotEventKind.HANDOFF_REFUSED,
        BotEventKind.HANDOFF_RETURNED,
    }
)
"""What a bot may answer; of everything else it is only told."""


class AskBot(Value, tag="bot"):
    """Hand one event to the bot. What asks it to speak dies with the epoch it was asked under.

    `returned` is the conversation that people gave back: what its customer wrote since our last
    reply is read when the call is made. `observed` is a line said to people, which the bot may
    only read. `cause`, `queue` and `agent` are words for the bot. `key` is the name of the first
    try when this is a later one, and `late` says that it is in no hurry any more.
    """

    kind: BotEventKind
    epoch: int
    content: Content | None = None
    summary: str = ""
    returned: ConversationId | None = None
    observed: bool = False
    cause: str = ""
    queue: str = ""
    agent: str = ""
    key: str = ""
    late: bool = False

    @property
    def fleeting(self) -> bool:
        """True for what is worth nothing once somebody else has the word."""
        asks = (BotEventKind.CONVERSATION_CREATED, BotEventKind.MESSAGE_CREATED)
        return self.kind in asks and not self.observed


Body: TypeAlias = (
    PostLine
    | EditLine
    | DeleteLine
    | ReactLine
    | MarkLine
    | PostTranscript
    | OpenThread
    | ConvertThread
    | CloseThread
    | Whisper
    | AskBot
)


class Delivery(Value):
    """One promised call. Deliveries of one `lane` are made one after another, by id.

    `place` is the id of the channel, workspace or bot. `due_at` is the next try.
    """

    id: DeliveryId
    lane: str
    side: Side
    place: str
    conversation: ConversationId
    body: Body
    created_at: Instant
    identity: IdentityId | None = None
    binding: BindingId | None = None
    agent: AgentId | None = None
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    due_at: Instant | None = None
    error: str = ""


def contact_lane(identity: IdentityId) -> str:
    """The lane of everything a customer gets on one channel."""
    return f"contact:{identity}"


def thread_lane(binding: BindingId) -> str:
    """The lane of everything posted in one thread."""
    return f"thread:{binding}"


def bot_lane(identity: IdentityId) -> str:
    """The lane of one bot session."""
    return f"bot:{identity}"


def bot_news_lane(identity: IdentityId) -> str:
    """The lane of what a bot is only told of one customer, and may be told late."""
    return f"bot-news:{identity}"


def whisper_lane(user: WorkspaceUserId) -> str:
    """The lane of private lines to one person."""
    return f"whisper:{user}"
