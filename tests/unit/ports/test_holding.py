"""One holder at a time: what is done while a name is held, and what happens when it is lost."""

import asyncio

import pytest

from bridge.ports.holding import Alone, Held, HeldFor, while_held
from tests.fakes.lease import Lease


class Work:
    """Goes on until it is cancelled, or told to end."""

    def __init__(self) -> None:
        self.epochs: list[int] = []
        self.cancelled = 0
        self.begun = asyncio.Event()
        self.end = asyncio.Event()

    async def __call__(self, held: Held) -> None:
        self.epochs.append(held.epoch)
        self.begun.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def _begun(work: Work) -> None:
    async with asyncio.timeout(20):
        await work.begun.wait()
    work.begun.clear()


async def test_work_that_ends_is_not_begun_again() -> None:
    work = Work()
    work.end.set()

    await while_held(Alone(), "gateway", work)

    assert work.epochs == [1]


async def test_work_whose_name_is_lost_is_broken_off_and_begun_anew_the_next_time() -> None:
    lease, work = Lease(), Work()
    working = asyncio.create_task(while_held(lease, "gateway", work))
    await _begun(work)

    lease.lose()
    await _begun(work)
    work.end.set()
    await working

    assert (work.epochs, work.cancelled) == ([1, 2], 1)


async def test_two_at_once_are_one_after_the_other() -> None:
    lease, first, second = Lease(), Work(), Work()
    one = asyncio.create_task(while_held(lease, "gateway", first))
    await _begun(first)
    two = asyncio.create_task(while_held(lease, "gateway", second))

    first.end.set()
    await one
    await _begun(second)
    second.end.set()
    await two

    assert (first.epochs, second.epochs) == ([1], [2])


async def test_who_waits_no_more_leaves_nothing_behind() -> None:
    lease, first, second = Lease(), Work(), Work()
    one = asyncio.create_task(while_held(lease, "gateway", first))
    await _begun(first)
    two = asyncio.create_task(while_held(lease, "gateway", second))

    two.cancel()
    one.cancel()
    await asyncio.gather(one, two, return_exceptions=True)

    assert (first.cancelled, second.epochs, lease.now) == (1, [], None)


async def test_what_the_work_raises_is_raised() -> None:
    async def failing(held: Held) -> None:
        raise ValueError(f"epoch {held.epoch}")

    with pytest.raises(ValueError, match="epoch 1"):
        await while_held(Alone(), "gateway", failing)


async def test_the_names_of_one_part_are_apart_from_those_of_another() -> None:
    lease, work = Lease(), Work()
    work.end.set()

    await while_held(HeldFor(lease, "workspaces.acme"), "gateway", work)

    assert lease.names == ["workspaces.acme: gateway"]
