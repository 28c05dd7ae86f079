"""The single writer: what came in is decided in order and on disk before it is answered."""

import asyncio
from collections.abc import Sequence

from bridge.commands.authorize import EntryPoint
from bridge.domain.delivery import Delivery
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.events import Actor
from bridge.domain.ids import ConversationId, Instant, SourceKey, ThreadRef, WorkspaceId
from bridge.domain.moves import Move, Outcome
from bridge.engine.batches.arriving import Arriving, Overhear, to_nobody
from bridge.engine.batches.batch import Claim, Ending, Item, Look
from bridge.engine.batches.deciding import Deciding
from bridge.engine.batches.handing_on import HandingOn
from bridge.engine.batches.intake import Intake
from bridge.engine.batches.loop import BatchLoop
from bridge.engine.batches.next_batch import NextBatch
from bridge.engine.batches.stats import EngineStats
from bridge.engine.control.timers import TimerFired
from bridge.engine.control.waking import Waking
from bridge.engine.courier import Courier
from bridge.engine.decide import Inbound, MoveAsked
from bridge.engine.fresh_ids import FreshIds
from bridge.engine.hints import Hints
from bridge.engine.manage.staff import DeskStarted
from bridge.engine.settle import Settled
from bridge.engine.starting import read_desk
from bridge.engine.state.desk import Desk
from bridge.engine.state.erased import Erased
from bridge.engine.state.options import DeskOptions, Places
from bridge.ports.arrivals import Arrivals, NothingArrives
from bridge.ports.clock import Clock
from bridge.ports.store import DeliveryMark, JournalEntry, Needs, Store
from bridge.routing.facts import Standing
from bridge.routing.router import NotWaiting

_MOST_WAITING = 10_000


class Engine:
    """One desk's engine. `start` it before anything is handed in."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        places: Places,
        options: DeskOptions,
        key: bytes,
        arrivals: Arrivals | None = None,
        overhear: Overhear = to_nobody,
    ) -> None:
        """`key` keys the digests of sources; it must stay the same over restarts.

        `arrivals` are what comes to other processes; without them nothing does. `overhear` is told
        of each.
        """
        self.desk = Desk(options, places)
        self.hints = Hints()
        self.stats = EngineStats()
        self.clock = clock
        self._store = store
        self._ids = FreshIds()
        self.desk.erased = Erased(key)
        self._intake = Intake(key, self._ids, self.desk.erased)
        self._arriving = Arriving(arrivals or NothingArrives(), self._intake, clock, overhear)
        self._deciding = Deciding(self.desk, clock, self._ids, self._intake)
        self._waking = Waking(self.desk)
        self._next = NextBatch()
        self._task: asyncio.Task[None] | None = None

    # --- life -------------------------------------------------------------------------------

    async def start(self, courier: Courier) -> Sequence[Delivery]:
        """Read the desk, begin to decide; gives the deliveries that were open before.

        What came to other processes is decided before anything else. Raises `StorageUnavailable`.
        """
        open_deliveries = await read_desk(self._store, self.desk, self._ids, self.clock)
        now = self.clock.now()
        self._deciding.begin(now)
        self._waking.look_at_all(now)
        self._task = asyncio.create_task(self._loop(courier).run(), name="engine")
        await asyncio.gather(self.arrived(), self.accept(DeskStarted()))
        return open_deliveries

    def _loop(self, courier: Courier) -> BatchLoop:
        return BatchLoop(
            store=self._store,
            desk=self.desk,
            next_batch=self._next,
            arriving=self._arriving,
            deciding=self._deciding,
            handing_on=HandingOn(self.desk, self.clock, self._waking, self.hints, courier),
            stats=self.stats,
        )

    async def stop(self) -> None:
        """Decide and write what was handed in, then stop."""
        task, self._task = self._task, None
        if task is None:
            return
        await self._next.idle.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    # --- what is handed in ------------------------------------------------------------------

    async def accept(
        self, event: Inbound, source: Sequence[SourceKey] = (), entry: JournalEntry | None = None
    ) -> object:
        """Decide one thing that came in; returns when it is on disk, and `entry` with it.

        A source that was known gives `Accepted(duplicate=True)`, and so does a customer's line
        whose name was. Raises `Overloaded`, `StorageUnavailable`: nothing was stored then.
        """
        if len(self._next.entries) >= _MOST_WAITING:
            raise Overloaded("too much is waiting to be decided; try again in a second")
        row = self._intake.row(self.clock.now(), event, source)
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._next.put(Item(event=event, row=row, answer=future, entry=entry))
        return await future

    async def carry_out(
        self, move: Move, actor: Actor, via: EntryPoint, source: Sequence[SourceKey] = ()
    ) -> Outcome:
        """Carry out a program's move; the same source twice is done once."""
        outcome = await self.accept(MoveAsked(actor=actor, move=move, via=via), source)
        if isinstance(outcome, Outcome):
            return outcome
        return Outcome(ok=True, code="duplicate")

    async def arrived(self) -> None:
        """Decide what other processes took in until now; returns when that is on disk.

        Raises `StorageUnavailable`: it waits on then, and is read again.
        """
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._next.put(Look(answer=future))
        await future

    async def claim(self, mark: DeliveryMark) -> bool:
        """Have a delivery `sending` on disk; false when it was cancelled before."""
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._next.put(Claim(mark=mark, answer=future))
        return bool(await future)

    def ended(self, outcome: Settled) -> None:
        """A delivery is over; it is written with the next batch."""
        self._next.put(Ending(outcome=outcome))

    async def tick(self) -> None:
        """Look for what is due by time alone. Raises as `accept` does; it stays due then."""
        now = self.clock.now()
        fired = (self._fire(each, now) for each in self._waking.due(now))
        for end in await asyncio.gather(*fired, return_exceptions=True):
            if isinstance(end, Exception):
                raise end

    async def _fire(self, fired: TimerFired, now: Instant) -> None:
        try:
            await self.accept(fired)
        except (StorageUnavailable, Overloaded):
            self._waking.failed(fired, now)
            raise
        self._waking.heeded(fired, now)

    # --- what is asked ----------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """How many entries wait for the next batch."""
        return len(self._next.entries)

    def digest(self, source: SourceKey) -> bytes:
        """The name under which a source is known once it was taken."""
        return self._intake.digest(source)

    def line(self, scope: str, external_id: str) -> bytes:
        """The name under which a line is known that was taken and is not there any more."""
        return self._intake.line(scope, external_id)

    def standing(self, conversation: ConversationId) -> Standing | None:
        """Why a conversation still waits; None: it does not wait."""
        try:
            return self._deciding.router.explain(conversation, self.clock.now())
        except NotWaiting:
            return None

    async def knows_thread(self, workspace: WorkspaceId, thread: ThreadRef) -> bool:
        """Whether it is one of ours, open or ended. Raises `StorageUnavailable`."""
        if self.desk.binding_at(workspace, thread) is not None:
            return True
        found = await self._store.load(Needs(threads=frozenset({(workspace, thread)})))
        return bool(found.bindings)
