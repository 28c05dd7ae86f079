"""Runs every measurement, one after the other, and gathers the figures."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bridge.bench.arena import CONVERSATIONS, Arena, Server, arena
from bridge.bench.children import task
from bridge.bench.disk import Disk
from bridge.bench.figures import Figure, Round, percentile
from bridge.bench.goals import DISK, POSTGRES
from bridge.bench.orders import History, Memory
from bridge.bench.profile import Profile
from bridge.bench.startup import starts

LATENCY_RATE = 100.0
_SECONDS_PER_ROW = 1e-3  # a very slow machine's patience with a task that fills a database

# The share of a run's time that is over when each measurement of servers shall be.
_INBOUND_UNTIL, _END_TO_END_UNTIL, _LATENCY_UNTIL, _DRAIN_UNTIL = 0.62, 0.81, 0.94, 1.0

# Every how many rounds there is one of what changes a ratio least: another disk, a tenfold.
_SELDOM = 3

DRAIN_LATENESS = 0.08
_BACKLOG = 24
"""Lines of each conversation that wait when a drain begins: more than are passed on meanwhile."""

Told = Callable[[str], None]
Figures = Mapping[str, Figure]


@dataclass(slots=True)
class Run:
    """One run of the benchmark. `tell` is called at the beginning of every step."""

    profile: Profile
    folders: Mapping[Disk, Path]
    tell: Told
    database_url: str = ""
    _values: dict[str, list[float]] = field(default_factory=dict)
    _began: float = field(default_factory=time.perf_counter)

    async def figures(self) -> Figures:
        """Measure everything. Raises `BenchFailed` when something did not do its work."""
        await self._starts()
        self.tell("living through a long history, holding many conversations")
        await asyncio.gather(self._memory(), self._history())
        self.tell("starting the servers")
        async with arena(self.folders, self.database_url) as servers:
            await self._inbound(servers)
            await self._end_to_end(servers)
            await self._latency(servers)
            await self._drain(servers)
        return {key: Figure.of(values) for key, values in self._values.items()}

    def _note(self, **values: float) -> None:
        for key, value in values.items():
            self._values.setdefault(key, []).append(value)

    def _rounds(self, what: str, most: int, share: float) -> Iterator[int]:
        """The rounds of a measurement that there is time for."""
        for turn in self.profile.rounds_within(most, share, self._used):
            self.tell(f"{what}, round {turn + 1} of {most}")
            yield turn

    def _used(self) -> float:
        return time.perf_counter() - self._began

    # --- one process ------------------------------------------------------------------------

    async def _starts(self) -> None:
        self.tell("starting a desk")
        seconds, megabytes = await starts(self.folders[Disk.REAL] / "start", self.profile.starts)
        self._values |= {"startup_s": seconds, "idle_rss_mb": [megabytes]}

    async def _memory(self) -> None:
        folder = str(self.folders[Disk.EVEN] / "memory")
        number = self.profile.conversations
        for seed in (True, False):
            order = Memory(folder=folder, seed=seed, conversations=number)
            self._values |= await task(order, 30 + number * _SECONDS_PER_ROW)

    async def _history(self) -> None:
        short, long = self.profile.short_history, self.profile.long_history
        folder = str(self.folders[Disk.EVEN] / "history")
        order = History(folder=folder, short=short, long=long, rounds=self.profile.history_rounds)
        self._values |= await task(order, 60 + long * _SECONDS_PER_ROW)

    # --- servers ----------------------------------------------------------------------------

    async def _inbound(self, servers: Arena) -> None:
        profile = self.profile
        for turn in self._rounds("taking lines", profile.rounds, _INBOUND_UNTIL):
            bare, desk = await self._pair(turn, servers.bare, servers.inbound[Disk.EVEN])
            self._note(bare_cpu_us=bare.cpu_us, **inbound(desk, bare))
            if turn % _SELDOM == 0:
                naive = await servers.naive.round(profile.naive_seconds)
                ratio = desk.per_second / naive.per_second
                over = naive.cpu_us / bare.cpu_us
                self._note(naive_cpu_us=naive.cpu_us, naive_ratio=ratio, naive_over_bare=over)
            if turn % _SELDOM == 1:
                real = await servers.inbound[Disk.REAL].round(profile.round_seconds)
                self._note(**on_disk(inbound(real, bare)))
            if turn % _SELDOM == 0 and servers.postgres is not None:
                other = await servers.postgres.inbound.round(profile.round_seconds)
                self._note(**on_postgres(inbound(other, bare)))

    async def _end_to_end(self, servers: Arena) -> None:
        profile = self.profile
        for turn in self._rounds("end to end", profile.rounds, _END_TO_END_UNTIL):
            relay, desk = await self._pair(turn, servers.relay, servers.end_to_end[Disk.EVEN])
            self._note(relay_cpu_us=relay.cpu_us, **end_to_end(desk, relay))
            if turn % _SELDOM == 0:
                bare = await servers.bare.round(profile.round_seconds)
                self._note(relay_over_bare=relay.cpu_us / bare.cpu_us)
            if turn % _SELDOM == 1:
                real = await servers.end_to_end[Disk.REAL].round(profile.round_seconds)
                self._note(**on_disk(end_to_end(real, relay)))
            if turn % _SELDOM == 0 and servers.postgres is not None:
                other = await servers.postgres.end_to_end.round(profile.round_seconds)
                self._note(**on_postgres(end_to_end(other, relay)))

    async def _pair(self, turn: int, baseline: Server, desk: Server) -> tuple[Round, Round]:
        """A round of each, one right after the other, and the next time the other way round.

        The machine itself changes its speed by half from one second to the next; only rounds that
        touch each other are comparable. Whoever comes second is not always the same.
        """
        seconds = self.profile.round_seconds
        if turn % 2:
            second = await desk.round(seconds)
            return await baseline.round(seconds), second
        first = await baseline.round(seconds)
        return first, await desk.round(seconds)

    async def _latency(self, servers: Arena) -> None:
        """Percentiles are of all rounds together: one round is too short for the 99th."""
        relay: list[float] = []
        desks: dict[Disk, list[float]] = {disk: [] for disk in Disk}
        other: list[float] = []
        rounds, seconds = self.profile.latency_rounds, self.profile.latency_seconds
        for _ in self._rounds(f"latency at {LATENCY_RATE:g} a second", rounds, _LATENCY_UNTIL):
            relay += await servers.relay.latencies(LATENCY_RATE, seconds)
            for disk, desk in servers.end_to_end.items():
                desks[disk] += await desk.latencies(LATENCY_RATE, seconds)
            if servers.postgres is not None:
                other += await servers.postgres.end_to_end.latencies(LATENCY_RATE, seconds)
        self._note(**added_latency(desks[Disk.EVEN], relay))
        self._note(**on_disk(added_latency(desks[Disk.REAL], relay)))
        if other:
            self._note(**on_postgres(added_latency(other, relay)))

    async def _drain(self, servers: Arena) -> None:
        """Backlogs, and a platform that is late: what else than waiting does a call wait for?"""
        what, rounds = f"answers {DRAIN_LATENESS:g} s late", self.profile.drain_rounds
        for _ in self._rounds(what, rounds, _DRAIN_UNTIL):
            self._note(drain_ratio=await self._drained(servers, servers.end_to_end[Disk.EVEN]))
            if servers.postgres is not None:
                other = await self._drained(servers, servers.postgres.end_to_end)
                self._note(**on_postgres({"drain_ratio": other}))

    async def _drained(self, servers: Arena, desk: Server) -> float:
        """Of the calls that may be under way at once, how many are."""
        seconds = self.profile.drain_seconds
        found = await desk.under_way(servers.platform, DRAIN_LATENESS, _BACKLOG, seconds)
        return found / CONVERSATIONS


def inbound(desk: Round, bare: Round) -> dict[str, float]:
    """A round of taking lines, beside the same lines taken by bare HTTP."""
    return {
        "inbound_cpu_ratio": desk.cpu_us / bare.cpu_us,
        "inbound_ack_ratio": desk.per_second / bare.per_second,
    }


def end_to_end(desk: Round, relay: Round) -> dict[str, float]:
    """A round of passing lines on, beside the same lines passed on by the relay."""
    return {
        "relay_ratio": desk.per_second / relay.per_second,
        "end_to_end_cpu_us": desk.cpu_us,
        "end_to_end_per_s": desk.per_second,
    }


def added_latency(desk: list[float], relay: list[float]) -> dict[str, float]:
    """What the desk adds to the relay's latency, in milliseconds, at two percentiles."""
    return {
        f"added_latency_p{share}_ms": 1_000
        * (percentile(desk, share / 100) - percentile(relay, share / 100))
        for share in (50, 99)
    }


def on_postgres(values: Mapping[str, float]) -> dict[str, float]:
    """The same figures, as PostgreSQL's, on whatever disk it has."""
    return {key + POSTGRES: value for key, value in values.items()}


def on_disk(values: Mapping[str, float]) -> dict[str, float]:
    """The same figures, as the real disk's."""
    return {key + DISK: value for key, value in values.items()}
