"""What came in is handled in its order, again until it is taken, and never twice at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bridge.adapters.common.lanes import Lanes
from bridge.adapters.common.tasks import begun, over
from bridge.domain.errors import DeliveryRejected, StorageUnavailable
from tests.patience import until


class Books:
    """Remembers what was handled; `fails` says how often each thing fails first."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: dict[str, list[Exception]] = {}
        self.full: list[str] = []

    def work(self, name: str) -> Callable[[], Awaitable[None]]:
        async def handle() -> None:
            await asyncio.sleep(0)
            failures = self.fails.get(name)
            if failures:
                raise failures.pop(0)
            self.done.append(name)

        return handle


@pytest.fixture
def books() -> Books:
    return Books()


@pytest.fixture
async def lanes(books: Books) -> AsyncIterator[Lanes]:
    lanes = Lanes(books.full.append, most=5)
    lanes.open()
    yield lanes
    await lanes.close()


async def test_one_lane_keeps_its_order(lanes: Lanes, books: Books) -> None:
    for number in range(5):
        lanes.put("a", books.work(str(number)))

    await until(lambda: not lanes.waiting)

    assert books.done == ["0", "1", "2", "3", "4"]


async def test_what_cannot_be_taken_keeps_its_place(lanes: Lanes, books: Books) -> None:
    books.fails["first"] = [StorageUnavailable("full"), StorageUnavailable("full")]
    lanes.put("a", books.work("first"))
    lanes.put("a", books.work("second"))
    lanes.put("b", books.work("other"))

    await until(lambda: not lanes.waiting)

    assert books.done == ["other", "first", "second"]


async def test_what_can_never_be_taken_stands_in_nobodys_way(lanes: Lanes, books: Books) -> None:
    books.fails["bad"] = [DeliveryRejected("no")]
    lanes.put("a", books.work("bad"))
    lanes.put("a", books.work("good"))

    await until(lambda: not lanes.waiting)

    assert books.done == ["good"]


async def test_a_mistake_of_ours_stands_in_nobodys_way(lanes: Lanes, books: Books) -> None:
    books.fails["bad"] = [KeyError("a bug")]
    lanes.put("a", books.work("bad"))
    lanes.put("a", books.work("good"))

    await until(lambda: not lanes.waiting)

    assert books.done == ["good"]


async def test_what_finds_no_room_is_told(lanes: Lanes, books: Books) -> None:
    for number in range(7):
        lanes.put(f"lane {number}", books.work(str(number)))

    await until(lambda: not lanes.waiting)

    assert books.full == ["lane 5", "lane 6"]
    assert sorted(books.done) == ["0", "1", "2", "3", "4"]


async def test_a_closed_lane_takes_nothing_and_waits_for_what_is_under_way(books: Books) -> None:
    lanes = Lanes(books.full.append)
    started, free = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        started.set()
        await free.wait()
        books.done.append("slow")

    lanes.open()
    lanes.put("a", slow)
    lanes.put("a", books.work("never"))
    await started.wait()
    closing = asyncio.create_task(lanes.close())
    await asyncio.sleep(0)
    lanes.put("b", books.work("too late"))
    free.set()
    await closing

    assert (books.done, lanes.waiting) == (["slow"], 0)


async def test_what_failed_before_the_close_is_not_tried_for_ever(books: Books) -> None:
    lanes = Lanes(books.full.append)
    books.fails["full"] = [StorageUnavailable("full")] * 1_000
    lanes.open()
    lanes.put("a", books.work("full"))
    await until(lambda: len(books.fails["full"]) < 1_000)

    async with asyncio.timeout(60):
        await lanes.close()

    assert books.done == []


async def test_a_stop_breaks_off_what_never_ends() -> None:
    started = asyncio.Event()

    async def endless() -> None:
        started.set()
        await asyncio.Event().wait()

    task = begun(endless(), "endless")
    await started.wait()

    await over((task,), within=0.0)

    assert task.cancelled()
