"""The measurements: how much of each limit is used, and what a line costs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.bench.chat import busy, endless
from bridge.bench.children import serving
from bridge.bench.discord.house import Scene, scene
from bridge.bench.figures import Figure
from bridge.bench.orders import Discord
from bridge.domain.ids import ThreadRef

Told = Callable[[str], None]

STEPS = 4
_FIVE, _SECONDS = 5, 5.0
_BOT = 50
_IN_FLIGHT = 64
_LATENCY = 0.08
_FEWEST = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Lengths:
    """Seconds of each measurement, and the threads of the first two."""

    name: str
    threads: int
    in_threads: float
    crowd: int
    bot: float
    slow: float
    warm_up: float = 6.0


QUICK = Lengths(name="quick", threads=60, in_threads=15, crowd=100, bot=15, slow=10)
FULL = Lengths(name="full", threads=100, in_threads=60, crowd=300, bot=180, slow=30)


@asynccontextmanager
async def beside(order: Discord) -> AsyncIterator[str]:
    """A Discord in a process of its own: it costs more than what is measured."""
    async with serving(order) as child:
        yield child.url


@dataclass(slots=True)
class Measured:
    """One run. `tell` is called at the beginning of every measurement."""

    lengths: Lengths
    folder: Path
    tell: Told
    discord: Callable[[Discord], AbstractAsyncContextManager[str]] = beside
    _values: dict[str, float] = field(default_factory=dict)

    async def figures(self) -> Mapping[str, Figure]:
        """Measure everything."""
        refusals = await self._threads() + await self._bot()
        refusals += await self._slow() + await self._in_flight()
        self._values["refusals"] = refusals
        return {key: Figure.of([value]) for key, value in self._values.items()}

    async def _threads(self) -> int:
        """Every thread has a backlog; only the threads' own limits count."""
        number = self.lengths.threads
        self.tell(f"{number} threads, five messages in five seconds each")
        async with self._scene("threads", Discord(in_thread=_FIVE)) as at:
            used = await self._rate(at, number, self.lengths.in_threads)
            self._values["thread_utilisation"] = used.lines / number
            return used.refusals

    async def _bot(self) -> int:
        """Fifty calls a second for the whole bot, over many threads."""
        self.tell(f"{_BOT} calls a second over {self.lengths.crowd} threads")
        async with self._scene("bot", Discord(in_thread=_FIVE, per_second=_BOT)) as at:
            used = await self._rate(at, self.lengths.crowd, self.lengths.bot)
            self._values["bot_utilisation"] = used.lines / _BOT
            self._values["calls_per_line"] = used.calls / max(used.lines, _FEWEST)
            return used.refusals

    async def _slow(self) -> int:
        """The same with the real way there and back."""
        self.tell(f"the same, every answer {_LATENCY * 1_000:.0f} ms late")
        order = Discord(in_thread=_FIVE, per_second=_BOT, late=_LATENCY)
        async with self._scene("slow", order) as at:
            used = await self._rate(at, self.lengths.crowd, self.lengths.slow)
            self._values["slow_utilisation"] = used.lines / min(_BOT, _IN_FLIGHT / _LATENCY)
            return used.refusals

    async def _in_flight(self) -> int:
        """Without limits, so many conversations at once wait for their answers."""
        self.tell(f"{_IN_FLIGHT} in flight, every answer {_LATENCY * 1_000:.0f} ms late")
        async with self._scene("flight", Discord(late=_LATENCY)) as at:
            used = await self._rate(at, _IN_FLIGHT, self.lengths.slow)
            self._values["in_flight_utilisation"] = used.lines * _LATENCY / _IN_FLIGHT
            return used.refusals

    @asynccontextmanager
    async def _scene(self, name: str, order: Discord) -> AsyncIterator[Scene]:
        async with (
            self.discord(order) as address,
            scene(self.folder / name, order, address) as at,
        ):
            yield at

    async def _rate(self, at: Scene, conversations: int, seconds: float) -> "Rates":
        return await _rate(at, conversations, seconds, self.lengths.warm_up)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """A second's lines and calls, and how many calls were one too many."""

    lines: float
    calls: float
    refusals: int


async def _rate(at: Scene, conversations: int, seconds: float, warm_up: float) -> Rates:
    """What Discord takes while every conversation has more to say."""
    threads = await asyncio.gather(*(at.thread() for _ in range(conversations)))
    apart = _SECONDS / conversations
    async with busy(*(_begun(at, thread, n * apart) for n, thread in enumerate(threads))):
        await asyncio.sleep(warm_up)
        before, began = await at.counts(), time.perf_counter()
        await asyncio.sleep(seconds)
        after, took = await at.counts(), time.perf_counter() - began
        return Rates(
            lines=(after.posts - before.posts) / took,
            calls=(after.calls - before.calls) / took,
            refusals=after.refusals,
        )


async def _begun(at: Scene, thread: ThreadRef, later: float) -> None:
    """One after another: their windows end at different moments, so that any moment is like any."""
    await asyncio.sleep(later)
    await endless(at.workspace, thread)
