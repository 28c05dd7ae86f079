"""The single writer: what came in is decided in order and on disk before it is answered.

One batch is in flight. While it is being written, what comes in meanwhile waits for the next.
"""

import asyncio
import secrets
from collections.abc import Sequence
from itertools import count

import structlog
from msgspec.structs import replace

from bridge.commands.authorize import EntryPoint
from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.events import Actor
from bridge.domain.ids import (
    ConversationId,
    InboxId,
    Instant,
    PublicId,
    SourceKey,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.moves import Move, Outcome
from bridge.engine.arriving import PAGE, Arriving, Overhear, to_nobody
from bridge.engine.batch import Batch, Claim, Ending, Entry, Item, Look
from bridge.engine.control import distribute
from bridge.engine.control.timers import TimerFired
from bridge.engine.control.waking import Waking
from bridge.engine.courier import Courier
from bridge.engine.decide import Inbound, MoveAsked, decide
from bridge.engine.hints import Hints
from bridge.engine.intake import Intake
from bridge.engine.manage.staff import DeskStarted
from bridge.engine.needs import needs_of, together
from bridge.engine.settle import Settled, settled
from bridge.engine.state.desk import Desk
from bridge.engine.state.downtime import Downtime
from bridge.engine.state.options import DeskOptions, Places
from bridge.engine.stats import EngineStats
from bridge.engine.step import Effects, Step
from bridge.ports.arrivals import Arrivals, NothingArrives
from bridge.ports.channel import Accepted
from bridge.ports.clock import Clock
from bridge.ports.failpoints import failpoint
from bridge.ports.store import (
    ArrivedBefore,
    CommitRefused,
    Committed,
    DeliveryMark,
    DuplicateInbox,
    Facts,
    JournalEntry,
    Needs,
    Store,
)
from bridge.routing.facts import Standing
from bridge.routing.router import NotWaiting

_LARGEST_BATCH = 512
_MOST_WAITING = 10_000
_ID_BITS = 12
_DISK_PAUSE = 0.25
_NOTHING = Facts()
_NO_COMMIT = Committed()
_DUPLICATE = Accepted(duplicate=True)

log = structlog.get_logger()


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
        self._intake = Intake(key)
        self._arriving = Arriving(arrivals or NothingArrives(), self._intake, clock, overhear)
        self._router = distribute.rebuild(self.desk, Instant(0))
        self._waking = Waking(self.desk)
        self._courier: Courier | None = None
        self._entries: list[Entry] = []
        self._kept: list[Ending] = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._new_id = count(1).__next__

    # --- life -------------------------------------------------------------------------------

    async def start(self, courier: Courier) -> Sequence[Delivery]:
        """Read the desk, begin to decide; gives the deliveries that were open before.

        What came to other processes is decided before anything else. Raises `StorageUnavailable`.
        """
        rows = await self._store.open_desk()
        now = self.clock.now()
        self._new_id = count(max(rows.last_id, now << _ID_BITS) + 1).__next__
        self.desk.open(rows)
        self.desk.downtime = Downtime(since=rows.last_seen, until=max(now, rows.last_seen))
        await self._keep_held_lines()
        open_deliveries = await self._store.open_deliveries()
        self._remember_flights(open_deliveries)
        self._router = distribute.rebuild(self.desk, now)
        for queue in self.desk.queues:  # holidays take long to load: not at somebody's first line
            self.desk.calendars.opens_at(queue, now)
        self._waking.look_at_all(now)
        self._courier = courier
        self._task = asyncio.create_task(self._run(), name="engine")
        await asyncio.gather(self.arrived(), self.accept(DeskStarted()))
        return open_deliveries

    def standing(self, conversation: ConversationId) -> Standing | None:
        """Why a conversation still waits; None: it does not wait."""
        try:
            return self._router.explain(conversation, self.clock.now())
        except NotWaiting:
            return None

    async def knows_thread(self, workspace: WorkspaceId, thread: ThreadRef) -> bool:
        """Whether it is one of ours, open or ended. Raises `StorageUnavailable`."""
        if self.desk.binding_at(workspace, thread) is not None:
            return True
        found = await self._store.load(Needs(threads=frozenset({(workspace, thread)})))
        return bool(found.bindings)

    async def _keep_held_lines(self) -> None:
        wanted = frozenset(reply.message for reply in self.desk.held)
        if wanted:
            facts = await self._store.load(Needs(messages=wanted))
            self.desk.kept.update({message.id: message for message in facts.messages})

    def _remember_flights(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            if delivery.side is Side.CHANNEL and isinstance(delivery.body, PostLine):
                flights = self.desk.in_flight.setdefault(delivery.body.message, set())
                flights.add(delivery.id)

    async def stop(self) -> None:
        """Decide and write what was handed in, then stop."""
        task, self._task = self._task, None
        if task is None:
            return
        await self._idle.wait()
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
        if len(self._entries) >= _MOST_WAITING:
            raise Overloaded("too much is waiting to be decided; try again in a second")
        row = self._intake.row(InboxId(self._new_id()), self.clock.now(), event, source)
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._put(Item(event=event, row=row, answer=future, entry=entry))
        return await future

    def digest(self, source: SourceKey) -> bytes:
        """The name under which a source is known once it was taken."""
        return self._intake.digest(source)

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
        self._put(Look(answer=future))
        await future

    async def claim(self, mark: DeliveryMark) -> bool:
        """Have a delivery `sending` on disk; false when it was cancelled before."""
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._put(Claim(mark=mark, answer=future))
        return bool(await future)

    def ended(self, outcome: Settled) -> None:
        """A delivery is over; it is written with the next batch."""
        self._put(Ending(outcome=outcome))

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

    @property
    def waiting(self) -> int:
        """How many entries wait for the next batch."""
        return len(self._entries)

    def _put(self, entry: Entry) -> None:
        if not self._entries:  # else the loop knows that there is something
            self._idle.clear()
            self._wake.set()
        self._entries.append(entry)

    # --- the loop ---------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            if not self._entries:
                self._idle.set()
                await self._wake.wait()
            self._wake.clear()
            taken = self._take()
            while taken:
                await self._process(Batch(entries=taken))
                taken = self._take() if self._entries else []

    def _take(self) -> list[Entry]:
        """What is decided next: what the disk refused before comes before all that came since."""
        taken = [*self._kept, *self._entries[:_LARGEST_BATCH]]
        self._kept.clear()
        del self._entries[:_LARGEST_BATCH]
        return taken

    async def _process(self, batch: Batch) -> StorageUnavailable | None:
        """Load, decide and write one batch; whoever waits for it is told what became of it.

        Gives why nothing could be written, if so.
        """
        failpoint("engine.taken")
        try:
            if not batch.looked and self._arriving.comes_before(batch):
                await self._look(batch)
            if await self._known(batch) is None:
                await self._one_by_one(batch)
                return None
            effects, lost = await self._write(batch)
        except ArrivedBefore:
            self._arriving.came()
            return await self._process(batch)
        except StorageUnavailable as error:
            self.stats.storage_failures += 1
            self._keep_endings(batch)
            batch.fail(error)
            return error
        failpoint("engine.committed")
        self._finish(batch, effects)
        failpoint("engine.handed_on")
        batch.resolve(lost, _DUPLICATE)
        return None

    async def _look(self, batch: Batch) -> None:
        """What came to other processes before this batch did is decided before, or first in it."""
        while len(items := await self._arriving.page(self._new_id)) == PAGE:
            if error := await self._process(Batch(entries=[*items], looked=True)):
                raise error
        batch.put_first(items)

    def _keep_endings(self, batch: Batch) -> None:
        """Nobody repeats the end of a delivery for us: it waits for the disk, or the next batch."""
        self._kept += [entry for entry in batch.entries if isinstance(entry, Ending)]
        if self._kept:
            asyncio.get_running_loop().call_later(_DISK_PAUSE, self._wake.set)

    async def _known(self, batch: Batch) -> Facts | None:
        """What the batch needs; None when a row cannot even say that: each is tried alone then."""
        try:
            return await self._load(batch)
        except StorageUnavailable:
            raise
        except Exception as error:  # whatever it is, one row must not stop the desk
            if len(batch.entries) > 1:
                return None
            log.exception("row_dead", kind=type(batch.entries[0]).__name__)
            batch.dead[0] = f"{type(error).__name__}: {error}"
            return _NOTHING

    async def _load(self, batch: Batch) -> Facts:
        """Bring in what memory lacks. A thread must be known before its lines: two rounds."""
        events, endings = batch.events(), batch.endings()
        asked = needs_of(self.desk, events, endings)
        if not asked:
            return _NOTHING
        facts = await self._store.load(asked)
        self.desk.admit(facts)
        more = needs_of(self.desk, events, endings)
        if more and more != asked:
            further = await self._store.load(more)
            self.desk.admit(further)
            facts = together(facts, further)
        return facts

    async def _write(self, batch: Batch) -> tuple[Effects, frozenset[int]]:
        while True:
            effects = self._decide(batch)
            failpoint("engine.decided")
            changes = self.desk.ledger.changes
            try:
                committed = _NO_COMMIT if changes.empty() else await self._store.commit(changes)
            except DuplicateInbox as known:
                self._undo()
                self._strike_out(batch, known.rows)
            except CommitRefused as error:
                self._undo()
                log.error("batch_refused", error=str(error), rows=len(batch.entries))
                if len(batch.entries) > 1:
                    return await self._one_by_one(batch)
                batch.dead[0] = str(error)
            except (ArrivedBefore, StorageUnavailable):
                self._undo()
                raise
            else:
                return effects, frozenset(committed.lost_marks)

    async def _one_by_one(self, batch: Batch) -> tuple[Effects, frozenset[int]]:
        """Find the row that cannot be: each is decided and written alone.

        Ends go first: a call that another row begins at once may stand on what they brought. Once
        the disk refuses one, those behind it are not tried: they may be of the same customer.
        """
        batch.duplicates.clear()
        batch.entries.sort(key=lambda each: not isinstance(each, Ending))
        while batch.entries:
            alone = Batch(entries=[batch.entries.pop(0)], looked=batch.looked)
            if error := await self._process(alone):
                raise error
        return Effects(), frozenset()

    def _strike_out(self, batch: Batch, rows: frozenset[InboxId]) -> None:
        for position, entry in enumerate(batch.entries):
            if isinstance(entry, Item) and entry.row.id in rows:
                batch.duplicates.add(position)
                self.stats.duplicates += 1

    def _decide(self, batch: Batch) -> Effects:
        """Decide every entry; a row that cannot be decided is dead, the others go on."""
        while True:
            effects = Effects()
            step = Step(self.desk, self.clock.now(), self._new_id, _public_id, effects)
            for position, entry in enumerate(batch.entries):
                if position in batch.duplicates:
                    continue
                try:
                    self._decide_one(batch, position, entry, step)
                except Exception as error:  # whatever it is, one row must not stop the desk
                    if position in batch.dead:
                        raise
                    log.exception("row_dead", kind=type(entry).__name__)
                    batch.dead[position] = f"{type(error).__name__}: {error}"
                    self._undo()
                    break
            else:
                self._begin_calls(effects)
                changes = self.desk.ledger.changes
                changes.arrived = batch.arrived()
                changes.unless_arrived = not batch.looked and batch.has(Item)
                return effects

    def _begin_calls(self, effects: Effects) -> None:
        """What will be called at once is `sending` in the very transaction that promises it.

        Nothing is reserved: only what this engine commits comes into a lane, one batch after the
        other, so a lane that is idle now is idle when this batch is on disk; and if it never is,
        nobody was told. What the same batch takes back stays pending, or it could not be. So does
        what follows a call whose end is still to be decided: that call may have opened the thread,
        or brought the id, without which this one has nowhere to go. Its claim comes after that.
        """
        if self._courier is None:
            return
        promised = self.desk.ledger.changes.deliveries
        undecided = (each for each in (*self._kept, *self._entries) if isinstance(each, Ending))
        looked_at = {ending.outcome.delivery.lane for ending in undecided}
        for at, delivery in enumerate(promised):
            lane = delivery.lane
            if lane in looked_at:
                continue
            looked_at.add(lane)
            if delivery.id not in effects.cancelled and self._courier.idle(delivery):
                promised[at] = replace(delivery, state=DeliveryState.SENDING, attempts=1)
        effects.deliveries = promised

    def _decide_one(self, batch: Batch, position: int, entry: Entry, step: Step) -> None:
        changes = self.desk.ledger.changes
        if isinstance(entry, Claim):
            changes.marks.append(entry.mark)
        if isinstance(entry, Claim | Look):
            return
        if position in batch.dead:
            self._bury(batch, position, entry)
            return
        step.begin()
        if isinstance(entry, Item):
            changes.inbox.append(entry.row)
            if entry.entry is not None:
                changes.journal.append(entry.entry)
            entry.result = decide(step, entry.event)
        else:
            settled(step, entry.outcome)
        distribute.settle(self._router, step)

    def _bury(self, batch: Batch, position: int, entry: Item | Ending) -> None:
        """What came in and cannot be decided is kept as it came."""
        if isinstance(entry, Item):
            row = self._intake.dead(entry.row, entry.event, batch.dead[position])
            self.desk.ledger.changes.inbox.append(row)
            entry.result = Accepted()

    def _undo(self) -> None:
        self.desk.ledger.rollback()
        self._router = distribute.rebuild(self.desk, self.clock.now())

    def _finish(self, batch: Batch, effects: Effects) -> None:
        """The batch is on disk: forget how to undo it, hand over what follows."""
        changes = self.desk.ledger.changes
        self.stats.batches += 1
        self.stats.accepted += len(changes.inbox)
        self.stats.dead += len(batch.dead)
        now = self.clock.now()
        self._waking.committed(changes, now)
        if effects.rules_changed:
            self._waking.look_at_all(now)
        self.desk.ledger.commit()
        self.desk.release(changes)
        self._waking.router_due = self._router.next_due(now)
        if effects.hints:
            self.hints.tell(effects.hints)
        if self._courier is not None:
            self._courier.committed(effects)


def _public_id() -> PublicId:
    return PublicId(secrets.token_hex(16))
