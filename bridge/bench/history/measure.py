"""Two desks on two pasts: started, written to and looked at by turns."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.bench.children import task
from bridge.bench.failure import BenchFailed
from bridge.bench.figures import Figure, ratios
from bridge.bench.goals import POSTGRES
from bridge.bench.history import block, copies
from bridge.bench.history.places import opened
from bridge.bench.history.room import databases
from bridge.bench.history.sides import COSTS, sides
from bridge.bench.history.turns import Pair, compared, order
from bridge.bench.orders import Past, Pasts
from bridge.bench.span import Span
from bridge.bench.startup import DATA, init, start

_SHORT, _LONG = "short", "long"
_PATIENCE = 1_800.0
_ENDS = (signal.SIGTERM, signal.SIGHUP)

Told = Callable[[str], None]
Figures = Mapping[str, Figure]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounds:
    """How often each thing is measured on each of the two; `seconds` is how long one round is."""

    name: str
    looks: int
    starts: int
    lines: int
    seconds: float


QUICK = Rounds(name="quick", looks=15, starts=5, lines=15, seconds=0.5)
FULL = Rounds(name="full", looks=31, starts=11, lines=31, seconds=1.0)


@dataclass(slots=True)
class Histories:
    """One run."""

    span: Span
    rounds: Rounds
    folder: Path
    database_url: str = ""
    _tell: Told = lambda _: None
    _values: dict[str, list[float]] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many steps a run has."""
        parts = sum(copies.steps(block.hours(n)) for n in (self.span.lines, self.span.against))
        return (parts + 2 + 3) * (2 if self.database_url else 1)

    async def figures(self, tell: Told) -> Figures:
        """Measure everything; `tell` is called at the beginning of every step.

        Raises `BenchFailed`, also when somebody ends it.
        """
        self._tell = tell
        work = asyncio.ensure_future(self._all())
        loop = asyncio.get_running_loop()
        for each in _ENDS:
            loop.add_signal_handler(each, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            raise BenchFailed("ended before it had measured; nothing is left behind") from None
        finally:
            for each in _ENDS:
                loop.remove_signal_handler(each)
        return {key: Figure.of(values) for key, values in self._values.items()}

    async def _all(self) -> None:
        await self._on("", "")
        if self.database_url:
            await self._on(self.database_url, POSTGRES)

    async def _on(self, url: str, suffix: str) -> None:
        async with databases(url, (_SHORT, _LONG)) as urls:
            with TemporaryDirectory(dir=self.folder) as folder:
                short = await self._past(Path(folder, _SHORT), self.span.against, urls[_SHORT])
                long = await self._past(Path(folder, _LONG), self.span.lines, urls[_LONG])
                await self._measure(short, long, suffix)

    async def _measure(self, short: Past, long: Past, suffix: str) -> None:
        self._tell("writing and reading")
        found = await task(Pasts(short=short, long=long, rounds=self.rounds.looks), _PATIENCE)
        self._tell("starting")
        found |= await self._starts(short, long)
        self._tell("customers write")
        found |= await self._lines(short, long)
        self._values |= {key + suffix: values for key, values in found.items()}

    async def _past(self, folder: Path, lines: int, url: str) -> Past:
        """A desk's folder and settings, and all those lines in its database."""
        folder.mkdir()  # noqa: ASYNC240 - nothing else runs here
        await init(folder)
        past = Past(folder=str(folder / DATA), hours=block.hours(lines), database_url=url)
        what = f"writing {past.hours * block.BLOCK:,} lines"
        self._tell(what)
        async with opened(past) as database:
            await block.first_hour(database.store, past.hours)
        async for _ in copies.made(past):
            self._tell(what)
        return past

    # --- what is measured -------------------------------------------------------------------

    async def _starts(self, *pasts: Past) -> dict[str, list[float]]:
        """The first start of each is not counted: it makes what a desk's folder has besides."""
        cpu: Pair = ([], [])
        memory: Pair = ([], [])
        for turn in range(self.rounds.starts + 1):
            for at in order(turn):
                desk = Path(pasts[at].folder).parent
                started = await start(desk, database_url=pasts[at].database_url)
                if turn:
                    cpu[at].append(started.cpu)
                    memory[at].append(started.megabytes)
        return compared({"startup": cpu}) | {"history_startup_mb_ratio": ratios(*memory[::-1])}

    async def _lines(self, *pasts: Past) -> dict[str, list[float]]:
        found: dict[str, Pair] = {name: ([], []) for name in COSTS}
        async with sides(*pasts) as both:
            for turn in range(self.rounds.lines):
                for name, cost in COSTS.items():
                    for at in order(turn):
                        found[name][at].append(await cost(both[at], self.rounds.seconds))
        return compared(found)
