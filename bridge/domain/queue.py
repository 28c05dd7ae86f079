"""Where conversations wait, and the rules of each such place."""

from collections.abc import Mapping
from enum import StrEnum

from bridge.domain.conversation import Priority
from bridge.domain.hours import Hours
from bridge.domain.ids import HOUR, MINUTE, SECOND, QueueId, RoomRef, WorkspaceId
from bridge.domain.value import Value


class Strategy(StrEnum):
    """How the next agent is chosen; `manual` never pushes, agents pull."""

    LEAST_LOADED = "least_loaded"
    LONGEST_IDLE = "longest_idle"
    ROUND_ROBIN = "round_robin"
    ORDERED = "ordered"
    MANUAL = "manual"


class Order(StrEnum):
    """How a queue is ordered: priority before all, or by who is nearest to his promised time."""

    STRICT = "strict"
    TARGET = "target"


class ClosedPolicy(StrEnum):
    """What becomes of a handover outside a queue's hours, or when its waiting places are taken.

    `park`: it is kept until the queue opens (a full queue refuses). `refuse`: it stays with the
    bot, who is told why. `overflow`: to the first of the overflow queues that is open and has
    room, else it is parked.
    """

    PARK = "park"
    REFUSE = "refuse"
    OVERFLOW = "overflow"


class OverflowEnd(StrEnum):
    """What happens when everybody to whom a wait was widened let it pass, too."""

    WAIT = "wait"
    BOT = "bot"


class AlertTo(StrEnum):
    """Who is told that a promised time comes near, or has passed."""

    AGENT = "agent"
    QUEUE = "queue"
    ADMINS = "admins"


class Alert(Value, array_like=True):
    """When so many percent of a promised time have passed, these people are told."""

    percent: int
    to: AlertTo


ALERTS = (
    Alert(percent=75, to=AlertTo.AGENT),
    Alert(percent=100, to=AlertTo.QUEUE),
    Alert(percent=150, to=AlertTo.ADMINS),
)

TARGETS: Mapping[Priority, int] = {
    Priority.URGENT: 0,
    Priority.HIGH: 2 * MINUTE,
    Priority.NORMAL: 10 * MINUTE,
    Priority.LOW: 30 * MINUTE,
}
"""How long each priority may wait in a queue ordered by target, in milliseconds."""


class Visibility(StrEnum):
    """Who sees a thread: everybody in the room, or only the agent in control."""

    ROOM = "room"
    ASSIGNEE = "assignee"


class NamePolicy(StrEnum):
    """What the customer sees as the agent's name."""

    NAME = "name"
    ALIAS = "alias"
    BRAND = "brand"


class Queue(Value):
    """One queue. Times are milliseconds; 0 switches the rule off.

    `first_reply_timeout`: silent for so long after an assignment, the agent loses it.
    `notify_after`: so long without a taker, the available members are mentioned once.
    `inactivity_timeout`: our side wrote last and the customer is silent so long: back to the bot.
    `starvation`: waiting so long, it goes before every priority.
    `max_waiting`: so many may wait here; more are treated as `closed_policy` says.
    `sticky_wait`: so long it is kept for its last agent while he is available but full.
    `escalate_after`: members of level k are tried after k times this wait; 0: all from the start.
    `specialist_first`: of a level, those who serve the fewest queues come first.
    `offer_timeout`: an agent is asked first, and has so long to accept; 0: it is simply given.
    `max_wait`: after each such time the wait is widened to the next queue of `overflow`.
    `wait_target`, `reply_target`: promised open time until somebody has it, and until the first
    human answer, from the beginning of the wait; `alerts` says who is told on the way.
    `tell_waiting`: the customer is told his place in line, at most once in this time.
    `targets`: where a priority is missing, see `TARGETS`.
    """

    id: QueueId
    name: str
    title: str
    active: bool = True
    strategy: Strategy = Strategy.LEAST_LOADED
    visibility: Visibility = Visibility.ROOM
    names: NamePolicy = NamePolicy.NAME
    first_reply_timeout: int = 3 * MINUTE
    notify_after: int = 60 * SECOND
    inactivity_timeout: int = 24 * HOUR
    sticky_window: int = 72 * HOUR
    starvation: int = 30 * MINUTE
    max_waiting: int = 0
    max_transfers: int = 10
    order: Order = Order.STRICT
    specialist_first: bool = True
    require_connected: bool = False
    sticky_wait: int = 0
    escalate_after: int = 0
    offer_timeout: int = 0
    max_wait: int = 0
    overflow: tuple[QueueId, ...] = ()
    overflow_end: OverflowEnd = OverflowEnd.WAIT
    hours: Hours | None = None
    closed_policy: ClosedPolicy = ClosedPolicy.PARK
    wait_target: int = 0
    reply_target: int = 0
    alerts: tuple[Alert, ...] = ALERTS
    tell_waiting: int = 0
    targets: dict[Priority, int] = {}


MONITOR_ROOM = RoomRef("monitor")
"""The monitor room's ref where rooms follow queues; no queue may have this name."""


class Room(Value):
    """A place in a workspace where a queue's threads appear; `queue` None is the monitor room."""

    workspace: WorkspaceId
    ref: RoomRef
    title: str
    queue: QueueId | None
