"""Customers on keep-alive connections: each writes his next line when the last one is through."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import Self
from urllib.parse import urlsplit

from bridge.bench.failure import BenchFailed
from bridge.bench.load.lines import Writer, whose, writer
from bridge.bench.load.platform import Arrived, take

_PATIENCE = 20.0
_OK = b"HTTP/1.1 200"


class Crowd:
    """Some customers of one server. With `mirrored` a line is through when the team has it."""

    def __init__(self, mirrored: bool) -> None:
        """Use `open`."""
        self.mirrored = mirrored
        self.through = 0
        self.latencies: list[float] = []
        self._customers: dict[int, _Customer] = {}
        self._writing = False
        self._under_way = 0
        self._quiet = asyncio.Event()
        self._some_through = asyncio.Event()
        self._some_arrived = asyncio.Event()
        self._failure: str | None = None

    @classmethod
    async def open(
        cls,
        url: str,
        numbers: Sequence[int],
        *,
        mirrored: bool,
        names: Mapping[int, str] | None = None,
    ) -> Self:
        """Connect every customer; `names` are the ids of those who have another than usual."""
        crowd = cls(mirrored)
        parts = urlsplit(url)
        host, port = str(parts.hostname), int(parts.port or 80)
        loop = asyncio.get_running_loop()
        for number in numbers:
            who = writer(number, parts.netloc, parts.path, (names or {}).get(number, ""))
            _, customer = await loop.create_connection(partial(_Customer, crowd, who), host, port)
            crowd._customers[number] = customer
        return crowd

    def close(self) -> None:
        """Hang up."""
        for customer in self._customers.values():
            customer.close()

    # --- what they do -----------------------------------------------------------------------

    async def write_once(self) -> None:
        """Every one writes one line; returns when all are through."""
        for customer in self._customers.values():
            self._send(customer)
        await self._all_through()

    async def write(self, seconds: float) -> int:
        """Everybody writes without a pause for so long; gives how many lines were through.

        Where none was, on a machine that has too much to do, they write on until one is.
        """
        self._writing = True
        self._some_through.clear()
        before = self.through
        for customer in self._customers.values():
            if not customer.waits:
                self._send(customer)
        await asyncio.sleep(seconds)
        await self._patiently(self._some_through)
        return self.through - before

    async def write_ahead(self, lines: int) -> None:
        """Every one writes so many; none waits for more than that his line before is taken."""
        self.mirrored, mirrored = False, self.mirrored
        try:
            for customer in self._customers.values():
                customer.seen = 0
            for _ in range(lines):
                await self.write_once()
        finally:
            self.mirrored = mirrored

    async def all_arrived(self) -> None:
        """Returns when the team has every line that was written ahead."""
        while any(customer.seen < customer.line for customer in self._customers.values()):
            self._some_arrived.clear()
            await self._patiently(self._some_arrived)

    async def fall_silent(self) -> None:
        """Nobody begins another line; returns when all are through."""
        self._writing = False
        await self._all_through()

    async def write_evenly(self, per_second: float, seconds: float) -> list[float]:
        """One after the other, at this pace; gives how long each line took.

        While every customer still waits for his line the next one is late.
        """
        self.latencies = []
        loop = asyncio.get_running_loop()
        start = loop.time()
        turns = cycle(self._customers.values())
        for turn in range(int(per_second * seconds)):
            await asyncio.sleep(start + turn / per_second - loop.time())
            if self._under_way == len(self._customers):
                self._some_through.clear()
                await self._patiently(self._some_through)
            self._send(next(customer for customer in turns if not customer.waits))
        await self._all_through()
        return self.latencies

    def _send(self, customer: "_Customer") -> None:
        self._under_way += 1
        self._quiet.clear()
        customer.send(both=self.mirrored)

    async def _all_through(self) -> None:
        if self._under_way:
            await self._patiently(self._quiet)
        if self._failure is not None:
            raise BenchFailed(self._failure)

    async def _patiently(self, event: asyncio.Event) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await event.wait()
        except TimeoutError:
            raise BenchFailed(f"{self._under_way} lines never got through") from None

    # --- what happens to them ---------------------------------------------------------------

    def arrived(self, posted: bytes) -> None:
        """Something was posted for the team."""
        found = whose(posted)
        customer = None if found is None else self._customers.get(found[0])
        if found is not None and customer is not None:
            customer.arrived(found[1])
            self._some_arrived.set()

    def done(self, customer: "_Customer", seconds: float) -> None:
        """A customer's line is through."""
        self.through += 1
        self._some_through.set()
        self._under_way -= 1
        self.latencies.append(seconds)
        if self._writing:
            self._send(customer)
        elif not self._under_way:
            self._quiet.set()

    def failed(self, what: str) -> None:
        """A line was refused, or a connection ended: nothing measured here is worth anything."""
        self._failure = self._failure or what
        self._writing = False
        self._some_through.set()
        self._quiet.set()


def telling(crowds: Sequence[Crowd]) -> Arrived:
    """Have every one of these hear of what is posted; others may join them later."""

    def arrived(posted: bytes) -> None:
        for crowd in crowds:
            crowd.arrived(posted)

    return arrived


class _Customer(asyncio.Protocol):
    """One connection; never more than one line under way."""

    def __init__(self, crowd: Crowd, writer: Writer) -> None:
        self._crowd = crowd
        self._writer = writer
        self.line = 0
        """The number of his last one."""
        self.seen = 0
        """The number of the last one that the team has."""
        self._both = False
        self._awaited = 0
        self._sent_at = 0.0
        self._took = 0.0
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    @property
    def waits(self) -> bool:
        """True while a line is under way."""
        return self._awaited > 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a connection is written to

    def connection_lost(self, _error: Exception | None) -> None:
        if self._transport is not None:
            self._crowd.failed("the server hung up")

    def send(self, *, both: bool) -> None:
        assert self._transport is not None
        self.line += 1
        self._both = both
        self._awaited = 2 if both else 1
        self._sent_at = time.perf_counter()
        self._transport.write(self._writer.line(self.line))

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.startswith(_OK[: len(self._received)]):
            self._crowd.failed(f"refused: {bytes(self._received[:200])!r}")
        elif take(self._received) is not None:
            self._one_of_two()

    def arrived(self, line: int) -> None:
        self.seen = line
        if line == self.line and self._both and self._awaited:
            self._one_of_two(arrived=True)

    def _one_of_two(self, *, arrived: bool = False) -> None:
        if arrived or not self._crowd.mirrored:
            self._took = time.perf_counter() - self._sent_at
        self._awaited -= 1
        if not self._awaited:
            self._crowd.done(self, self._took)

    def close(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()
