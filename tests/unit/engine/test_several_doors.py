"""Lines through several processes keep each customer's order, and each has one effect."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bridge.domain.ids import Instant
from bridge.domain.message import Author, Message
from bridge.engine.engine import Engine
from bridge.engine.state.options import DeskOptions
from bridge.ports.arrivals import Arrival
from bridge.ports.channel import ChannelEvent
from bridge.ports.clock import MovableClock
from bridge.ports.store import Changes, Committed, Facts, JournalEntry, Needs
from tests.fakes.arrivals import MemoryArrivals
from tests.fakes.clock import FixedClock
from tests.fakes.doors import PLACES, House, NoCourier, Step, Street, crash, walk
from tests.fakes.memory_store import MemoryStore

DOORS = 3
CUSTOMERS = 3

_steps = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["says", "says", "says", "again"]),
            st.tuples(st.integers(0, CUSTOMERS - 1), st.integers(0, DOORS - 1)),
        ),
        st.tuples(st.just("rings"), st.just(())),
        st.tuples(st.just("waits"), st.tuples(st.integers(1, 12))),
        st.tuples(st.just("dies"), st.just(())),
        st.tuples(st.just("breaks"), st.tuples(st.integers(0, 1))),
        st.tuples(st.just("passes"), st.tuples(st.sampled_from([1, 5_000, 30_000]))),
    ),
    max_size=40,
)


class SlowArrivals(MemoryArrivals):
    """Others go on before and after anything is kept or read."""

    async def keep(self, event: ChannelEvent, entry: JournalEntry | None, at: Instant) -> None:
        await asyncio.sleep(0)
        await super().keep(event, entry, at)
        await asyncio.sleep(0)

    async def waiting(self, limit: int) -> Sequence[Arrival]:
        await asyncio.sleep(0)
        found = await super().waiting(limit)
        await asyncio.sleep(0)
        return found


class SlowStore(MemoryStore):
    """Whoever writes may be gone before it is written, or after."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals = SlowArrivals()

    async def load(self, needs: Needs) -> Facts:
        await asyncio.sleep(0)
        return await super().load(needs)

    async def commit(self, changes: Changes) -> Committed:
        await asyncio.sleep(0)
        committed = await super().commit(changes)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return committed


class Memory(House):
    """All of it in one process."""

    def __init__(self) -> None:
        self.store = SlowStore()
        self.arrivals = (self.store.arrivals,) * (DOORS - 1)
        self.clock = MovableClock(FixedClock())

    async def begin(self) -> None:
        self.engine = Engine(
            store=self.store,
            clock=self.clock,
            places=PLACES,
            options=DeskOptions(),
            key=b"k" * 32,
            arrivals=self.store.arrivals,
        )
        await self.engine.start(NoCourier())

    async def replace(self) -> None:
        await crash(self.engine)
        broken, self.store.broken = self.store.broken, False
        self.clock.forward(1_000)
        await self.begin()
        self.store.broken = broken

    async def lines(self) -> Sequence[Message]:
        stored = sorted(self.store.messages.values(), key=lambda message: message.id)
        return [message for message in stored if message.author is Author.CUSTOMER]


class Weather(Street):
    """Time goes by there, and the disk may refuse."""

    def __init__(self, house: Memory) -> None:
        super().__init__(house, CUSTOMERS)
        self._memory = house

    async def breaks(self, broken: int) -> None:
        self._memory.store.broken = bool(broken)

    async def passes(self, millis: int) -> None:
        self._memory.clock.forward(millis)

    async def ends(self) -> None:
        self._memory.store.broken = False
        await super().ends()


def _walked(steps: Sequence[Step]) -> None:
    async def day() -> None:
        house = Memory()
        await house.begin()
        await walk(Weather(house), steps)
        await house.engine.stop()

    asyncio.run(day())


_BEHIND = [("says", (0, 1)), ("waits", (4,)), ("says", (0, 0)), ("waits", (20,))]
_DEAD_IN_THE_MIDDLE = [("says", (0, 1)), ("waits", (4,)), ("rings", ())]


@given(_steps)
@example(_BEHIND)
@example([*_BEHIND, ("says", (0, 2)), ("waits", (4,)), ("says", (0, 0))])
@settings(max_examples=60, deadline=None)
def test_every_line_is_there_once_and_in_its_customers_order(steps: Sequence[Step]) -> None:
    _walked(steps)


@pytest.mark.parametrize("turns", range(1, 16))
def test_whenever_whoever_decides_is_gone_a_line_has_one_effect(turns: int) -> None:
    _walked([*_DEAD_IN_THE_MIDDLE, ("waits", (turns,)), ("dies", ()), ("says", (0, 0))])


@pytest.mark.long
@given(_steps)
@settings(max_examples=2_000, deadline=None)
def test_every_line_is_there_once_and_in_its_customers_order_in_many_days(
    steps: Sequence[Step],
) -> None:
    _walked(steps)
