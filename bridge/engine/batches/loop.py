"""The batch loop: what waits is loaded, decided and written, then whoever waits is answered."""

import structlog

from bridge.domain.errors import StorageUnavailable
from bridge.engine.batches.arriving import PAGE, Arriving
from bridge.engine.batches.batch import Batch, Ending
from bridge.engine.batches.deciding import Deciding
from bridge.engine.batches.handing_on import HandingOn
from bridge.engine.batches.needs import load
from bridge.engine.batches.next_batch import NextBatch
from bridge.engine.batches.stats import EngineStats
from bridge.engine.state.desk import Desk
from bridge.engine.step import Effects
from bridge.ports.channel import Accepted
from bridge.ports.failpoints import failpoint
from bridge.ports.store import ArrivedBefore, CommitRefused, Committed, DuplicateInbox, Store

_NO_COMMIT = Committed()
_DUPLICATE = Accepted(duplicate=True)

log = structlog.get_logger()


class BatchLoop:
    """One batch is in flight; what comes meanwhile waits in the next."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        next_batch: NextBatch,
        arriving: Arriving,
        deciding: Deciding,
        handing_on: HandingOn,
        stats: EngineStats,
    ) -> None:
        """Made of these; `run` it."""
        self._store = store
        self._desk = desk
        self._next = next_batch
        self._arriving = arriving
        self._deciding = deciding
        self._handing_on = handing_on
        self._stats = stats

    async def run(self) -> None:
        """For ever."""
        while True:
            if taken := await self._next.take():
                await self._process(Batch(entries=taken))

    async def _process(self, batch: Batch) -> StorageUnavailable | None:
        """Load, decide and write one batch; whoever waits for it is told what became of it.

        Gives why nothing could be written, if so.
        """
        failpoint("engine.taken")
        try:
            if not batch.looked and self._arriving.comes_before(batch):
                await self._look(batch)
            written = await self._write(batch) if await self._load(batch) else None
            if written is None:
                await self._one_by_one(batch)
                return None
        except ArrivedBefore:
            self._stats.arrived_before += 1
            self._arriving.came()
            return await self._process(batch)
        except StorageUnavailable as error:
            self._stats.storage_failures += 1
            self._next.keep([entry for entry in batch.entries if isinstance(entry, Ending)])
            batch.fail(error)
            return error
        failpoint("engine.committed")
        effects, lost_marks = written
        self._count(batch)
        self._handing_on.on_disk(effects, self._deciding.router)
        failpoint("engine.handed_on")
        batch.resolve(lost_marks, _DUPLICATE)
        return None

    async def _look(self, batch: Batch) -> None:
        """What came to other processes before this batch did is decided before, or first in it."""
        while len(items := await self._arriving.page()) == PAGE:
            if error := await self._process(Batch(entries=[*items], looked=True)):
                raise error
        batch.put_first(items)

    async def _load(self, batch: Batch) -> bool:
        """Bring in what memory lacks; false when one of many rows cannot even say what that is."""
        try:
            await load(self._store, self._desk, batch)
        except StorageUnavailable:
            raise
        except Exception as error:  # whatever it is, one row must not stop the desk
            if len(batch.entries) > 1:
                return False
            log.exception("row_dead", kind=type(batch.entries[0]).__name__)
            batch.give_up(0, error)
        return True

    async def _write(self, batch: Batch) -> tuple[Effects, frozenset[int]] | None:
        """Decide it and have it on disk: what follows, and which claims came too late.

        What was known already is left out. None when the store refuses one of many rows.
        """
        while True:
            effects = self._deciding.decide(batch)
            changes = self._desk.ledger.changes
            self._handing_on.begin_calls(effects, self._next.lanes_ending())
            failpoint("engine.decided")
            try:
                committed = _NO_COMMIT if changes.empty() else await self._store.commit(changes)
            except DuplicateInbox as known:
                self._deciding.undo()
                self._stats.duplicates += batch.strike_out(known.rows)
            except CommitRefused as error:
                self._deciding.undo()
                log.error("batch_refused", error=str(error), rows=len(batch.entries))
                if len(batch.entries) > 1:
                    return None
                batch.dead[0] = str(error)
            except (ArrivedBefore, StorageUnavailable):
                self._deciding.undo()
                raise
            else:
                return effects, frozenset(committed.lost_marks)

    async def _one_by_one(self, batch: Batch) -> None:
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

    def _count(self, batch: Batch) -> None:
        self._stats.batches += 1
        self._stats.accepted += len(self._desk.ledger.changes.inbox)
        self._stats.dead += len(batch.dead)
