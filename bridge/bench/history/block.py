"""A past is one hour of a desk, lived through its own store, and copies of that hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from msgspec.structs import replace

from bridge.bench.tasks.seeding import START, Past
from bridge.domain.conversation import Conversation
from bridge.domain.ids import HOUR, ChannelId, Instant
from bridge.ports.store import Changes, Store

CONVERSATIONS, LINES = 50, 20
"""Conversations that go on at the same time for an hour, and the lines of each."""
BLOCK = CONVERSATIONS * LINES
ACTIVE, LONG, SELDOM = 64, 2_000, 30
"""Conversations that are not over, the lines of one more, and all that one queue ever had."""

QUEUE, SELDOM_QUEUE, SELDOM_CHANNEL = "support", "legal", "fair"
AGENT = "ana1"
KIND = "customer"
_FIRST = 10  # numbers before it are the team's


@dataclass(frozen=True, slots=True)
class Live:
    """What goes on in a desk: the same, however long its past is."""

    past: Past
    active: Sequence[Conversation]
    long: Conversation
    """It has been going on for thousands of lines."""


def hours(lines: int) -> int:
    """How many hours so many lines are."""
    return max(1, lines // BLOCK)


def address(hour: int, place: int) -> str:
    """A customer of the past, by his hour and his place in it."""
    return f"{KIND}{hour:06d}{_FIRST + place:016d}"


def number(hour: int, place: int) -> int:
    """The number of a conversation of the past."""
    return _FIRST + hour * CONVERSATIONS + place


async def first_hour(store: Store, of: int) -> None:
    """The team, and the first hour of so many, whose conversations are all over."""
    begin = Instant(START - of * HOUR)
    team, changes = Past(start=Instant(begin - HOUR)), Changes()
    agent, queue = team.agent(changes, CONVERSATIONS), team.queue(changes, QUEUE)
    await store.commit(changes)
    past = Past(kind=KIND, start=begin, numbers=count(_FIRST))
    changes = Changes()
    crowd = [past.conversation(changes, name=_name(n)) for n in range(CONVERSATIONS)]
    for conversation in crowd:
        past.over(changes, conversation, agent, queue)
    await store.commit(changes)
    await _talk(store, past, crowd, LINES)


async def present(store: Store, after: int) -> Live:
    """What goes on now, after so many hours, and all that ever was in a queue that few need."""
    past = Past(start=START, numbers=count(number(after, 0)))
    changes = Changes()
    agent, queue = past.agent(changes, SELDOM), past.queue(changes, SELDOM_QUEUE)
    for _ in range(SELDOM):
        begun = replace(past.conversation(changes), channel=ChannelId(SELDOM_CHANNEL))
        past.over(changes, begun, agent, queue)
    active = [past.conversation(changes) for _ in range(ACTIVE)]
    long = past.conversation(changes)
    await store.commit(changes)
    await _talk(store, past, active, LINES)
    await _talk(store, past, [long], LONG)
    return Live(past=past, active=active, long=long)


async def _talk(store: Store, past: Past, crowd: Sequence[Conversation], lines: int) -> None:
    """They write by turns: the lines of one conversation do not lie side by side."""
    changes = Changes()
    for _ in range(lines):
        past.lines(changes, crowd)
    await store.commit(changes)


def _name(number: int) -> str:
    return f"Maria Silva no. {_FIRST + number:022d}"
