"""One exchange with one identity, and the hold a person has on it."""

from enum import IntEnum, StrEnum

from bridge.domain.ids import (
    AgentId,
    ChannelId,
    ContactId,
    ConversationId,
    HoldId,
    IdentityId,
    Instant,
    Language,
    PublicId,
    QueueId,
)
from bridge.domain.value import Value


class State(StrEnum):
    """Who has the conversation now."""

    BOT = "bot"
    PARKED = "parked"
    WAITING = "waiting"
    OFFERED = "offered"
    ASSIGNED = "assigned"
    ENDED = "ended"


class Priority(IntEnum):
    """Smallest first, as waiting lists are ordered."""

    URGENT = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3

    @property
    def word(self) -> str:
        """The word of the command's grammar."""
        return self.name.lower()


class Skip(Value, array_like=True):
    """Until `until` this agent is not tried for the conversation."""

    agent: AgentId
    until: Instant


class Conversation(Value):
    """One exchange, from opening to end; at most one that is not ended per identity.

    `epoch` grows at every change of holder. `since` is when the wait began and survives
    transfers. `bot_due` is when an unanswered bot counts as down. `started_by` is the agent who
    began it with a template; until the customer answers it uses no slot.

    Of a wait: `widened` are the queues whose agents are tried, too; `alerts` counts those that were
    told of a promised time; `told_place` is what the customer heard last, at `told_at`.
    `answered_at` is the first human answer of all.
    """

    id: ConversationId
    number: int
    public_id: PublicId
    identity: IdentityId
    contact: ContactId
    channel: ChannelId
    opened_at: Instant
    state: State = State.BOT
    queue: QueueId | None = None
    agent: AgentId | None = None
    priority: Priority = Priority.NORMAL
    epoch: int = 1
    since: Instant | None = None
    assigned_at: Instant | None = None
    replied_at: Instant | None = None
    last_customer_at: Instant | None = None
    last_our_at: Instant | None = None
    bot_due: Instant | None = None
    bot_memory: str = ""
    reason: str = ""
    summary: str = ""
    language: Language = Language("en")
    started_by: AgentId | None = None
    skips: tuple[Skip, ...] = ()
    requeues: int = 0
    transfers: int = 0
    notified: bool = False
    warned: bool = False
    escalated: bool = False
    widened: tuple[QueueId, ...] = ()
    alerts: int = 0
    told_place: int = 0
    told_at: Instant | None = None
    answered_at: Instant | None = None
    ended_at: Instant | None = None
    end_cause: str = ""

    @property
    def human(self) -> bool:
        """True while a person is in control."""
        return self.state is State.ASSIGNED

    @property
    def open(self) -> bool:
        """True until it ends."""
        return self.state is not State.ENDED


STARTED = "started"
"""The cause of a hold on a conversation that its holder began."""


class HoldKind(StrEnum):
    """A proposal with a deadline, or the real thing."""

    OFFER = "offer"
    ASSIGNMENT = "assignment"


class Hold(Value):
    """From when to when, and why, an agent had (or was offered) a conversation.

    `slot` is None for a hold that uses no slot (forced, or started by a template).
    """

    id: HoldId
    conversation: ConversationId
    agent: AgentId
    kind: HoldKind
    cause: str
    started_at: Instant
    slot: int | None = None
    capacity_at: int = 0
    expires_at: Instant | None = None
    ended_at: Instant | None = None
    end_cause: str = ""
