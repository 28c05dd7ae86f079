"""What distribution costs with everything around it: the whole engine, and a database under it.

Everybody works on all his slots and many wait. A conversation ends, its slot is filled again from
those who wait: one move, decided by the engine and committed with its history. There is no
workspace, so no thread is opened and no card drawn.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bridge.app.storing import (
    DATABASE,
    Connect,
    Database,
    leading,
    open_database,
    open_url,
)
from bridge.bench.disk import Disk, connect_on
from bridge.commands.authorize import EntryPoint
from bridge.domain.content import text_content
from bridge.domain.delivery import Delivery
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import Address, AgentId, ChannelId, ExternalId, SourceKey
from bridge.domain.moves import CreateAgent, CreateQueue, ReturnToBot, SetMember, SetPresence
from bridge.engine.engine import Engine
from bridge.engine.state.options import ChannelPlace, DeskOptions, Places
from bridge.engine.step import Effects
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.channel import MessageReceived
from bridge.ports.clock import SystemClock

AGENTS, SLOTS = 100, 5
WAITING = 4_000
_TOGETHER = 200
_BATCH = 10
_CHANNEL = ChannelId("bench")
_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="bench")


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds of single moves, one after the other; then, in batches of ten, moves per second.

    `cpu_us` is what one of those costs this process, in microseconds; a server's is not counted.
    """

    singles: Sequence[float]
    per_second: float
    cpu_us: float


class _Nobody:
    """Keeps no promise: what distribution promises to platforms is measured elsewhere."""

    def idle(self, delivery: Delivery) -> bool:
        """Never."""
        return False

    def committed(self, effects: Effects) -> None:
        """Nothing follows."""


def costs(place: Path | str, works: int, waiting: int = WAITING) -> Costs:
    """Measure on a new SQLite database in a folder, or on an empty PostgreSQL database."""
    return uvloop.run(_measured(place, works, waiting))


async def _measured(place: Path | str, works: int, waiting: int) -> Costs:
    async with _open(place) as database:
        floor = _Floor(database)
        await floor.open(waiting)
        gc.collect()
        gc.disable()  # it rests in the engine's process, too
        singles = [await floor.end(1) for _ in range(works // _BATCH)]
        began = time.process_time()
        took = [await floor.end(_BATCH) for _ in range(works // _BATCH)]
        cpu = time.process_time() - began
        await floor.close()
    number = _BATCH * len(took)
    return Costs(singles=singles, per_second=number / sum(took), cpu_us=1e6 * cpu / number)


@asynccontextmanager
async def _open(place: Path | str) -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory() as files:
        database = await _opened(place, Path(files))
        try:
            async with leading(database, patient=True):
                yield database
        finally:
            await database.close()


async def _opened(place: Path | str, files: Path) -> Database:
    if isinstance(place, str):
        return await open_url(place, files_dir=files)
    connect: Connect = connect_on(Disk.EVEN)
    return open_database(place / DATABASE, files_dir=files, connect=connect)


class _Floor:
    """A desk with one queue, whose agents never have a free slot for long."""

    def __init__(self, database: Database) -> None:
        channel = ChannelPlace(id=_CHANNEL, label="bench", capabilities=ChannelCapabilities())
        self._engine = Engine(
            store=database.store,
            clock=SystemClock(),
            places=Places(channels={channel.id: channel}, workspaces={}),
            options=DeskOptions(),
            key=bytes(32),
        )
        self._agents: list[AgentId] = []

    async def open(self, waiting: int) -> None:
        """Staff the queue and fill it."""
        await self._engine.start(_Nobody())
        await self._does(CreateQueue(name="floor", title="Floor"))
        for number in range(AGENTS):
            await self._hire(f"agent-{number}")
        crowd = range(AGENTS * SLOTS + waiting)
        for start in crowd[::_TOGETHER]:
            some = crowd[start : start + _TOGETHER]
            await asyncio.gather(*(self._arrives(number) for number in some))

    async def close(self) -> None:
        """Stop deciding."""
        await self._engine.stop()

    async def end(self, number: int) -> float:
        """As many end at once, each of another agent, and as many begin: the seconds it took."""
        chosen, self._agents = self._agents[:number], self._agents[number:] + self._agents[:number]
        held = [(agent, next(self._engine.desk.held_by(agent)).id) for agent in chosen]
        began = time.perf_counter()
        moves = (
            self._engine.carry_out(
                ReturnToBot(conversation=conversation, confirmed=True),
                Actor(kind=ActorKind.AGENT, agent=agent),
                EntryPoint.COMMAND,
            )
            for agent, conversation in held
        )
        await asyncio.gather(*moves)
        return time.perf_counter() - began

    async def _hire(self, handle: str) -> None:
        await self._does(CreateAgent(handle=handle, name=handle, capacity=SLOTS))
        agent = self._engine.desk.agent_by_handle(handle)
        queue = self._engine.desk.queue_by_name("floor")
        assert agent is not None
        assert queue is not None
        await self._does(SetMember(queue=queue.id, agent=agent.id))
        himself = Actor(kind=ActorKind.AGENT, agent=agent.id)
        available = SetPresence(agent=agent.id, available=True)
        await self._engine.carry_out(available, himself, EntryPoint.COMMAND)
        self._agents.append(agent.id)

    async def _does(self, move: CreateQueue | CreateAgent | SetMember) -> None:
        await self._engine.carry_out(move, _OPERATOR, EntryPoint.CLI)

    async def _arrives(self, number: int) -> None:
        source = (SourceKey(f"line:{number}"),)
        line = MessageReceived(
            channel=_CHANNEL,
            source=source,
            address=Address(f"customer-{number}"),
            external_id=ExternalId(f"line-{number}"),
            content=text_content("hello"),
            name=f"Customer {number}",
        )
        await self._engine.accept(line, source)
