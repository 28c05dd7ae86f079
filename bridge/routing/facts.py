"""What distribution is told, and what it answers: plain values, nothing hidden."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import field

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, ConversationId, Instant, QueueId
from bridge.domain.queue import TARGETS, Order, Strategy
from bridge.domain.value import Value

ORDINARY = 1
"""The order class of a conversation that waits like everybody else."""
STARVING = 0
"""The order class of one that has waited too long: before every priority of a strict queue."""


class Refusal(StrEnum):
    """Why this agent is not given this conversation now.

    Order matters: the first that applies is told, and `full` is last, so that it means
    "only for want of a slot".
    """

    INACTIVE = "inactive"
    QUEUE_INACTIVE = "queue_inactive"
    NOT_MEMBER = "not_member"
    UNAVAILABLE = "unavailable"
    NOT_CONNECTED = "not_connected"
    LOCKED = "locked"
    SKIPPED = "skipped"
    COOLING = "cooling"
    FULL = "full"


class QueueRule(Value):
    """How one queue is distributed. Times are milliseconds; 0 switches a rule off.

    `sticky_wait`: so long, from the start of its wait, a conversation waits for its last agent if
    he is available but full.
    `escalate_after`: members of level k are tried for a conversation after k times this wait; at
    0 all levels are open from the start, lower ones first.
    `specialist_first`: of the agents of a level, those who serve the fewest queues come first.
    `targets`: see `bridge.domain.queue.TARGETS`; every priority has one.
    """

    id: QueueId
    active: bool = True
    strategy: Strategy = Strategy.LEAST_LOADED
    order: Order = Order.STRICT
    targets: Mapping[Priority, int] = field(default_factory=lambda: TARGETS)
    sticky_wait: int = 0
    require_connected: bool = False
    escalate_after: int = 0
    specialist_first: bool = True

    def __post_init__(self) -> None:
        """Refuse a priority without a target: it would silently go first."""
        missing = [priority.word for priority in Priority if priority not in self.targets]
        if missing:
            raise ValueError(f"queue {self.id} has no target for {', '.join(missing)}")


class AgentFacts(Value):
    """An agent as committed.

    `used` counts the open holds that take a slot, in all queues together. `memberships` maps a
    queue to the level at which he answers it, `positions` to his place in an `ordered` queue
    (0 where missing). `last_seq` and `last_seq_in_queue` number his last assignment, anywhere and
    per queue: `Match.seq`. `idle_since` is when he last had nothing to do (became available, or
    ended his last conversation). Before `cool_until` nothing is pushed to him.
    """

    id: AgentId
    capacity: int
    memberships: Mapping[QueueId, int]
    active: bool = True
    available: bool = True
    connected: bool = True
    used: int = 0
    positions: Mapping[QueueId, int] = {}
    last_seq: int = 0
    last_seq_in_queue: Mapping[QueueId, int] = {}
    idle_since: Instant | None = None
    cool_until: Instant | None = None


class Waiting(Value):
    """A conversation that waits in a queue.

    `since` is when the wait began; it survives transfers. `due` is an explicit promise; without
    it, `since` plus the queue's target for the priority. `seq` orders equals: unique, growing with
    arrival. `skip` maps an agent to the instant until which nothing is pushed to him from here.
    `also` are the queues to which the wait was widened: their agents may have it, too, each
    queue's by its own rules; on equal terms its own queue comes first.
    `sticky_agent` is preferred until `sticky_until`, the end of the sticky *window* (None: no
    end); how long to wait for him while he is full is the queue's `sticky_wait`.
    """

    conversation: ConversationId
    queue: QueueId
    since: Instant
    seq: int
    priority: Priority = Priority.NORMAL
    due: Instant | None = None
    order_class: int = ORDINARY
    skip: Mapping[AgentId, Instant] = {}
    also: tuple[QueueId, ...] = ()
    sticky_agent: AgentId | None = None
    sticky_until: Instant | None = None


class Weighed(Value, array_like=True):
    """An agent as he was compared with others: the smallest (level, breadth, rank) is chosen.

    `breadth` is the number of queues he serves, or 0 where that does not count. `rank` is what the
    queue's strategy compares, see `bridge.routing.order`. `used` of `capacity` slots were taken.
    """

    agent: AgentId
    level: int
    breadth: int
    rank: tuple[float, int, int]
    used: int
    capacity: int


class Match(Value):
    """A decision: this agent gets this conversation.

    `queue` is where it was found: its own, or one to which its wait was widened.
    `seq` is larger than every number before: store it as the agent's `last_seq` and as his
    `last_seq_in_queue` for `queue`. `sticky`: he got it because he had this customer last, and
    was compared with nobody. Else `chosen` is he, `rival` the next best of his level, if any.
    """

    conversation: ConversationId
    agent: AgentId
    queue: QueueId
    sticky: bool
    seq: int
    chosen: Weighed | None = None
    rival: Weighed | None = None


class Standing(Value):
    """Why a conversation still waits: its place, and what speaks against each agent of its queues.

    An agent is missing who would get it at the next `fill`.
    """

    place: int
    refusals: Mapping[AgentId, Refusal]
