"""The rules of a queue as people write them: how each is read, and how it is said."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from msgspec.structs import replace

from bridge.commands.command import refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import bare, chosen, duration, first_word, nearest_of, the_queue
from bridge.domain.conversation import Priority
from bridge.domain.hours import BadHours, Hours, read_hours, write_hours
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND, QueueId
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
from bridge.domain.value import Value
from bridge.routing.opening import knows_holidays

MAX_TITLE = 80
MOST_PERCENT = 1_000
_LONGEST = 366 * DAY
_ON = {"on": ("sim", "yes", "true"), "off": ("nao", "no", "false", "0")}
_ALWAYS = {"always": ("sempre", "24h", "24/7", "off")}
_TO = {
    "agent": ("atendente", "agente"),
    "queue": ("fila",),
    "admins": ("admin", "administradores"),
}
_PRIORITIES = {"urgent": ("urgente",), "high": ("alta",), "normal": (), "low": ("baixa",)}
_OFF = "off"


class Rule(Value):
    """One thing that may be set: the field of the queue, and both ways between it and words.

    What `say` says, `read` understands.
    """

    field: str
    read: Callable[[str, DeskView], object]
    say: Callable[[Queue, DeskView], str]


def changed(queue: Queue, name: str, value: str, desk: DeskView) -> ChangeQueue:
    """One rule set to what the words say. Refuses words that say nothing it could be."""
    rule = RULES[name]
    found = rule.read(value, desk)
    if rule.field == "hours" and found is None:
        return ChangeQueue(queue=queue.id, always_open=True)
    return replace(ChangeQueue(queue=queue.id), **{rule.field: found})


def said(queue: Queue, desk: DeskView) -> Iterator[tuple[str, str]]:
    """Every rule of a queue with its value, in the words that would set it."""
    for name, rule in RULES.items():
        yield name, rule.say(queue, desk)


# --- words to values ------------------------------------------------------------------------

Kind = TypeVar("Kind", bound=StrEnum)


def _one_of(kind: type[Kind], value: str) -> Kind:
    word = bare(value).replace("-", "_")
    if word not in set(kind):
        refuse("bad_rule_value", word=value, choices=", ".join(kind))
    return kind(word)


def _time(value: str, desk: DeskView) -> int:
    """Milliseconds; `off` switches the rule off."""
    if chosen(value, _ON) == "off":
        return 0
    length = duration(value)
    if length is None or length > _LONGEST:
        refuse("bad_rule_value", word=value, choices="90s, 3m, 24h, 7d, off")
    return length


def _title(value: str, desk: DeskView) -> str:
    if len(value) > MAX_TITLE:
        refuse("too_long", limit=str(MAX_TITLE))
    return value


def _flag(value: str, desk: DeskView) -> bool:
    word = chosen(value, _ON)
    if word is None:
        refuse("bad_rule_value", word=value, choices=", ".join(_ON))
    return word == "on"


def _count(value: str, desk: DeskView) -> int:
    if chosen(value, _ON) == "off":
        return 0
    if not (value.isascii() and value.isdigit() and len(value) <= 3):
        refuse("bad_rule_value", word=value, choices="50, off")
    return int(value)


def _hours(value: str, desk: DeskView) -> Hours | None:
    """None: always open."""
    if chosen(value, _ALWAYS) is not None:
        return None
    try:
        hours = read_hours(value)
    except BadHours as bad:
        refuse(bad.code, part=bad.part)
    if hours is not None and hours.holidays and not knows_holidays(hours.holidays):
        refuse("hours_no_country", part=hours.holidays)
    return hours


def _queues(value: str, desk: DeskView) -> tuple[QueueId, ...]:
    if chosen(value, _ON) == "off":
        return ()
    found: list[QueueId] = []
    for part in filter(None, (each.strip() for each in value.split(","))):
        queue, rest = the_queue(part, desk)
        while rest:
            found.append(queue.id)
            queue, rest = the_queue(rest, desk)
        found.append(queue.id)
    return tuple(dict.fromkeys(found))


def _alerts(value: str, desk: DeskView) -> tuple[Alert, ...]:
    if chosen(value, _ON) == "off":
        return ()
    found = []
    for part in filter(None, (each.strip() for each in value.split(","))):
        word, rest = first_word(part)
        to, percent = chosen(word, _TO), rest.removesuffix("%").strip()
        if to is None or not (percent.isascii() and percent.isdigit() and len(percent) <= 4):
            refuse("bad_rule_value", word=part, choices="agent 75, queue 100, admins 150, off")
        if not 0 < int(percent) <= MOST_PERCENT:
            refuse("bad_percent", word=part, limit=str(MOST_PERCENT))
        found.append(Alert(percent=int(percent), to=AlertTo(to)))
    return tuple(sorted(set(found), key=lambda alert: (alert.percent, alert.to)))


def _targets(value: str, desk: DeskView) -> dict[Priority, int]:
    found = {}
    for part in filter(None, (each.strip() for each in value.split(","))):
        word, rest = first_word(part)
        level = chosen(word, _PRIORITIES)
        length = 0 if rest == "0" else duration(rest)
        if level is None or length is None:
            refuse("bad_rule_value", word=part, choices="urgent 0, high 2m, normal 10m, low 30m")
        found[Priority[level.upper()]] = length
    return found


# --- values to words ------------------------------------------------------------------------


def say_time(millis: int) -> str:
    """`90s`, `3m`, `24h`, `7d`; `off` for nothing."""
    if not millis:
        return _OFF
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if millis % size == 0:
            return f"{millis // size}{unit}"
    return f"{millis // SECOND}s"


def _say_flag(value: bool) -> str:
    return "on" if value else _OFF


def _say_queues(queues: tuple[QueueId, ...], desk: DeskView) -> str:
    found = (desk.queue(queue) for queue in queues)
    return ", ".join(queue.name for queue in found if queue is not None) or _OFF


def _say_alerts(alerts: tuple[Alert, ...]) -> str:
    return ", ".join(f"{alert.to} {alert.percent}" for alert in alerts) or _OFF


def _say_targets(targets: Mapping[Priority, int]) -> str:
    every = {**TARGETS, **targets}
    return ", ".join(
        f"{level.word} {say_time(every[level]) if every[level] else '0'}" for level in Priority
    )


# --- the rules ------------------------------------------------------------------------------


def _time_rule(field: str) -> Rule:
    return Rule(field=field, read=_time, say=lambda queue, _: say_time(getattr(queue, field)))


def _flag_rule(field: str) -> Rule:
    return Rule(field=field, read=_flag, say=lambda queue, _: _say_flag(getattr(queue, field)))


def _count_rule(field: str) -> Rule:
    return Rule(field=field, read=_count, say=lambda queue, _: str(getattr(queue, field)))


def _word_rule(field: str, kind: type[StrEnum]) -> Rule:
    return Rule(
        field=field,
        read=lambda value, _: _one_of(kind, value),
        say=lambda queue, _: str(getattr(queue, field)),
    )


RULES: Mapping[str, Rule] = {
    "title": Rule(field="title", read=_title, say=lambda queue, _: queue.title),
    "active": _flag_rule("active"),
    "strategy": _word_rule("strategy", Strategy),
    "order": _word_rule("order", Order),
    "targets": Rule(
        field="targets", read=_targets, say=lambda queue, _: _say_targets(queue.targets)
    ),
    "specialist_first": _flag_rule("specialist_first"),
    "require_connected": _flag_rule("require_connected"),
    "escalate_after": _time_rule("escalate_after"),
    "starvation": _time_rule("starvation"),
    "sticky_window": _time_rule("sticky_window"),
    "sticky_wait": _time_rule("sticky_wait"),
    "offer": _time_rule("offer_timeout"),
    "first_reply": _time_rule("first_reply_timeout"),
    "notify_after": _time_rule("notify_after"),
    "inactivity": _time_rule("inactivity_timeout"),
    "max_waiting": _count_rule("max_waiting"),
    "max_transfers": _count_rule("max_transfers"),
    "max_wait": _time_rule("max_wait"),
    "overflow": Rule(
        field="overflow", read=_queues, say=lambda queue, desk: _say_queues(queue.overflow, desk)
    ),
    "overflow_end": _word_rule("overflow_end", OverflowEnd),
    "hours": Rule(
        field="hours",
        read=_hours,
        say=lambda queue, _: "always" if queue.hours is None else write_hours(queue.hours),
    ),
    "closed": _word_rule("closed_policy", ClosedPolicy),
    "wait_target": _time_rule("wait_target"),
    "reply_target": _time_rule("reply_target"),
    "alerts": Rule(field="alerts", read=_alerts, say=lambda queue, _: _say_alerts(queue.alerts)),
    "tell_waiting": _time_rule("tell_waiting"),
    "visibility": _word_rule("visibility", Visibility),
    "names": _word_rule("names", NamePolicy),
}
"""Every rule that a person may set, in the order in which it is shown."""


def rule_named(word: str) -> str:
    """The rule meant by a word. Refuses with the nearest one."""
    name = bare(word).replace("-", "_")
    if name not in RULES:
        nearest = nearest_of(name, RULES) or "title"
        refuse("bad_rule", word=word, nearest=nearest, rules=", ".join(RULES))
    return name
