"""Where conversations wait, and the rules of each such place."""

from enum import StrEnum

from bridge.domain.ids import HOUR, MINUTE, SECOND, QueueId, RoomRef, WorkspaceId
from bridge.domain.value import Value


class Strategy(StrEnum):
    """How the next agent is chosen; `manual` never pushes, agents pull."""

    LEAST_LOADED = "least_loaded"
    LONGEST_IDLE = "longest_idle"
    ROUND_ROBIN = "round_robin"
    ORDERED = "ordered"
    MANUAL = "manual"


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


MONITOR_ROOM = RoomRef("monitor")
"""The monitor room's ref where rooms follow queues; no queue may have this name."""


class Room(Value):
    """A place in a workspace where a queue's threads appear; `queue` None is the monitor room."""

    workspace: WorkspaceId
    ref: RoomRef
    title: str
    queue: QueueId | None
