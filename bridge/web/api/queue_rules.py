"""A queue's rules as programs read and set them: times in seconds, queues by name."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias

from msgspec.structs import replace
from pydantic import AfterValidator, Field, StringConstraints

from bridge.domain.conversation import Priority
from bridge.domain.errors import InvalidSettings
from bridge.domain.hours import Hours, read_hours, write_hours
from bridge.domain.ids import QueueId
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import (
    TARGETS,
    Alert,
    AlertTo,
    ClosedPolicy,
    NamePolicy,
    Order,
    OverflowEnd,
    Queue,
    Strategy,
    Visibility,
)
from bridge.routing.opening import knows_holidays
from bridge.web.api.fields import Body, Name, Seconds, Shape, Word

ALWAYS = "always"
Level: TypeAlias = Literal["urgent", "high", "normal", "low"]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


def _readable(text: str) -> str:
    try:
        hours = read_hours(text)
    except InvalidSettings as error:
        raise ValueError(str(error)) from error
    if hours is not None and hours.holidays and not knows_holidays(hours.holidays):
        raise ValueError(f"the holidays of {hours.holidays} are not known")
    return text


HoursText = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_readable)
]
"""`mon-fri 08:00-18:00, America/Sao_Paulo, BR-SP`, or `always`."""


class AlertBody(Body):
    """When so many percent of a promised time have passed, these people are told."""

    percent: Annotated[int, Field(ge=1, le=1_000)]
    to: AlertTo


class AlertShape(Shape):
    """Who is told when so many percent of a promised time have passed."""

    percent: int
    to: AlertTo


class QueueChange(Body):
    """Rules to change; what is left out stays. Times in seconds, 0 switches a rule off."""

    title: Name | None = None
    active: bool | None = None
    strategy: Strategy | None = None
    visibility: Visibility | None = None
    names: NamePolicy | None = None
    first_reply_timeout: Seconds | None = None
    notify_after: Seconds | None = None
    inactivity_timeout: Seconds | None = None
    max_waiting: Count | None = None
    sticky_window: Seconds | None = None
    sticky_wait: Seconds | None = None
    starvation: Seconds | None = None
    max_transfers: Count | None = None
    order: Order | None = None
    targets: dict[Level, Seconds] | None = None
    specialist_first: bool | None = None
    require_connected: bool | None = None
    escalate_after: Seconds | None = None
    offer_timeout: Seconds | None = None
    max_wait: Seconds | None = None
    overflow: tuple[Word, ...] | None = None
    overflow_end: OverflowEnd | None = None
    hours: HoursText | None = None
    closed_policy: ClosedPolicy | None = None
    wait_target: Seconds | None = None
    reply_target: Seconds | None = None
    alerts: tuple[AlertBody, ...] | None = None
    tell_waiting: Seconds | None = None


class QueueRules(Shape):
    """Everything about a queue that can be set, as it is set. `hours` is text; `always`: none."""

    first_reply_timeout: float
    notify_after: float
    inactivity_timeout: float
    max_waiting: int
    sticky_window: float
    sticky_wait: float
    starvation: float
    max_transfers: int
    order: Order
    targets: dict[Level, float]
    specialist_first: bool
    require_connected: bool
    escalate_after: float
    offer_timeout: float
    max_wait: float
    overflow: tuple[str, ...]
    overflow_end: OverflowEnd
    hours: str
    closed_policy: ClosedPolicy
    wait_target: float
    reply_target: float
    alerts: tuple[AlertShape, ...]
    tell_waiting: float


_TIMES = (
    "first_reply_timeout",
    "notify_after",
    "inactivity_timeout",
    "sticky_window",
    "sticky_wait",
    "starvation",
    "escalate_after",
    "offer_timeout",
    "max_wait",
    "wait_target",
    "reply_target",
    "tell_waiting",
)
_PLAIN = (
    "title",
    "active",
    "strategy",
    "visibility",
    "names",
    "max_waiting",
    "max_transfers",
    "order",
    "specialist_first",
    "require_connected",
    "overflow_end",
    "closed_policy",
)


def change_of(queue: QueueId, body: QueueChange, find: Callable[[str], Queue]) -> ChangeQueue:
    """The move that a body asks for; `find` refuses a name that no queue has."""
    given: dict[str, object] = {name: getattr(body, name) for name in _PLAIN}
    given |= {name: millis(getattr(body, name)) for name in _TIMES}
    if body.overflow is not None:
        given["overflow"] = tuple(dict.fromkeys(find(name).id for name in body.overflow))
    if body.alerts is not None:
        alerts = {Alert(percent=each.percent, to=each.to) for each in body.alerts}
        given["alerts"] = tuple(sorted(alerts, key=lambda each: (each.percent, each.to)))
    if body.targets is not None:
        given["targets"] = {
            Priority[word.upper()]: millis(time) for word, time in body.targets.items()
        }
    if body.hours is not None:
        hours: Hours | None = read_hours(body.hours)
        given |= {"hours": hours, "always_open": hours is None}
    return replace(ChangeQueue(queue=queue), **given)


def rules_of(queue: Queue, name_of: Callable[[QueueId], str]) -> QueueRules:
    """A queue's rules as they stand."""
    targets = {**TARGETS, **queue.targets}
    words: dict[Level, Priority] = {
        "urgent": Priority.URGENT,
        "high": Priority.HIGH,
        "normal": Priority.NORMAL,
        "low": Priority.LOW,
    }
    times = {name: getattr(queue, name) / 1000 for name in _TIMES}
    plain = {name: getattr(queue, name) for name in _PLAIN if name in QueueRules.model_fields}
    return QueueRules(
        **times,
        **plain,
        targets={word: targets[level] / 1000 for word, level in words.items()},
        overflow=tuple(filter(None, map(name_of, queue.overflow))),
        hours=ALWAYS if queue.hours is None else write_hours(queue.hours),
        alerts=tuple(AlertShape(percent=each.percent, to=each.to) for each in queue.alerts),
    )


def millis(seconds: float | None) -> int | None:
    """Our time of the API's; None stays."""
    return None if seconds is None else round(seconds * 1000)
