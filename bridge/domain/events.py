"""Our own history: facts, in the past tense, append-only."""

from enum import StrEnum

from bridge.domain.ids import AgentId, ConversationId, EventId, Instant, QueueId
from bridge.domain.value import Value


class EventKind(StrEnum):
    """What happened. Catalogue keys `event.<kind>` say it to people."""

    CONTACT_CREATED = "contact_created"
    CONVERSATION_CREATED = "conversation_created"
    QUEUED = "queued"
    PARKED = "parked"
    HANDOFF_REFUSED = "handoff_refused"
    OVERFLOWED = "overflowed"
    OFFERED = "offered"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_ENDED = "offer_ended"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    REQUEUED = "requeued"
    PRIORITY_CHANGED = "priority_changed"
    ESCALATED = "escalated"
    TICKET_OPENED = "ticket_opened"
    TICKET_CHANGED = "ticket_changed"
    TEMPLATE_SENT = "template_sent"
    NOTE_ADDED = "note_added"
    NOT_CROSSED = "not_crossed"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERY_UNKNOWN = "delivery_unknown"
    DELIVERY_RETRIED = "delivery_retried"
    WATCHED = "watched"
    ENDED = "ended"
    AGENT_CREATED = "agent_created"
    AGENT_CHANGED = "agent_changed"
    AGENT_AVAILABLE = "agent_available"
    AGENT_UNAVAILABLE = "agent_unavailable"
    AGENT_REMOVED = "agent_removed"
    QUEUE_CREATED = "queue_created"
    QUEUE_CHANGED = "queue_changed"
    MEMBERSHIP_CHANGED = "membership_changed"
    ROOM_BOUND = "room_bound"
    ROOM_UNBOUND = "room_unbound"


class ActorKind(StrEnum):
    """Who did it."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    OTHER_BOT = "other_bot"
    TOKEN = "token"  # noqa: S105 - a word, not a secret
    OPERATOR = "operator"
    SYSTEM = "system"


class Actor(Value):
    """Somebody or something that acts; `agent` for agents and admins, `scopes` for tokens.

    A token with a `channel` reaches that channel alone, one with a `bot` speaks for that bot.
    """

    kind: ActorKind
    name: str = ""
    agent: AgentId | None = None
    scopes: frozenset[str] = frozenset()
    channel: str | None = None
    bot: str | None = None

    @property
    def is_agent(self) -> bool:
        """True for a linked, active agent, admin or not."""
        return self.kind in (ActorKind.AGENT, ActorKind.ADMIN)

    @property
    def is_admin(self) -> bool:
        """True for an active admin."""
        return self.kind is ActorKind.ADMIN


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Deskbridge")


class Event(Value):
    """One fact. `data` holds words for people (names, from/to), never a customer's text."""

    id: EventId
    at: Instant
    kind: EventKind
    actor: Actor
    conversation: ConversationId | None = None
    agent: AgentId | None = None
    queue: QueueId | None = None
    cause: str = ""
    data: dict[str, str] = {}
