"""What Discord's headers and refusals say is believed, route by route."""

import asyncio
from collections.abc import Mapping

import pytest

from bridge.adapters.workspaces.discord.budget import Budgets, Sizes
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.domain.errors import TemporaryFailure
from bridge.domain.ids import SECOND, Instant
from bridge.ports.pace import Urgency


class Wheel:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1_000_000

    def now(self) -> Instant:
        return Instant(self.at)


def posts(thread: str = "1") -> Route:
    return route("POST", "/channels/{channel_id}/messages", channel_id=thread)


def edits(thread: str = "1") -> Route:
    return route(
        "PATCH",
        "/channels/{channel_id}/messages/{message_id}",
        channel_id=thread,
        message_id="9",
    )


def headers(bucket: str, limit: int, left: int, seconds: float) -> Mapping[str, str]:
    return {
        "X-RateLimit-Bucket": bucket,
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset-After": f"{seconds:.3f}",
    }


async def make(budgets: Budgets, to: Route) -> None:
    place = await budgets.place(to, Urgency.LINE)
    place.answered(budgets.way(to))


async def room(budgets: Budgets, to: Route) -> int:
    """How many calls may be made at once."""
    made = 0
    try:
        async with asyncio.timeout(0.05):
            while made < 100:
                await make(budgets, to)
                made += 1
    except TimeoutError:
        pass
    return made


async def test_a_limit_that_discord_names_holds_from_then_on() -> None:
    budgets = Budgets(Wheel(), Sizes(per_second=1_000))
    await make(budgets, posts())

    budgets.heard(posts(), headers("abc", 3, 2, 10.0))

    assert await room(budgets, posts()) == 2


async def test_a_window_that_is_used_up_is_waited_for() -> None:
    clock = Wheel()
    budgets = Budgets(clock, Sizes(per_second=1_000))
    await make(budgets, posts())
    budgets.heard(posts(), headers("abc", 5, 0, 2.0))

    before = await room(budgets, posts())
    clock.at += 2 * SECOND + 1

    assert before == 0
    assert await room(budgets, posts()) == 4


async def test_each_thread_has_its_own() -> None:
    budgets = Budgets(Wheel(), Sizes(per_second=1_000))
    used = await room(budgets, posts("1"))

    assert (used, await room(budgets, posts("2"))) == (5, 5)


async def test_routes_that_discord_counts_together_are_counted_together() -> None:
    budgets = Budgets(Wheel(), Sizes(per_second=1_000))
    for to in (posts(), edits()):
        budgets.heard(to, headers("abc", 5, 5, 5.0))

    together = await room(budgets, posts()) + await room(budgets, edits())

    assert together == 5


async def test_the_whole_bot_has_one_more() -> None:
    budgets = Budgets(Wheel(), Sizes(per_second=7))

    used = [await room(budgets, posts(thread)) for thread in ("1", "2", "3")]

    assert used == [5, 2, 0]


async def test_interactions_are_outside() -> None:
    budgets = Budgets(Wheel(), Sizes(per_second=1))
    await make(budgets, posts())
    answer = route("POST", "/interactions/{id}/{token}/callback", id="1", token="t")

    assert await room(budgets, answer) == 100


async def test_what_was_refused_sleeps_as_long_as_discord_says() -> None:
    clock = Wheel()
    budgets = Budgets(clock, Sizes(per_second=1_000))
    budgets.refused(posts("1"), 30.0, "user")

    during = [await room(budgets, posts(thread)) for thread in ("1", "2")]
    clock.at += 31 * SECOND

    assert during == [0, 5]
    assert await room(budgets, posts("1")) == 5


async def test_a_card_leaves_the_last_edits_to_lines() -> None:
    budgets = Budgets(Wheel(), Sizes(per_second=1_000))
    for _ in range(3):
        await make(budgets, edits())

    with pytest.raises(TemporaryFailure) as refused:
        budgets.place_for_a_card(edits())

    assert refused.value.retry_after
    assert await room(budgets, edits()) == 2


async def test_thousands_of_threads_are_not_remembered_for_ever() -> None:
    clock = Wheel()
    budgets = Budgets(clock, Sizes(per_second=10_000))
    for thread in range(6_000):
        await make(budgets, posts(str(thread)))
        clock.at += 2

    assert budgets.remembered <= 5_001
