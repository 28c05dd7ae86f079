"""Decides what is in a batch, in its order; nothing is on disk yet, and all can be taken back."""

import structlog

from bridge.domain.ids import Instant
from bridge.engine.batches.batch import Batch, Claim, Entry, Item, Look
from bridge.engine.batches.intake import Intake
from bridge.engine.control import distribute
from bridge.engine.decide import decide
from bridge.engine.fresh_ids import FreshIds
from bridge.engine.settle import settled
from bridge.engine.state.desk import Desk
from bridge.engine.step import Effects, Step
from bridge.ports.channel import Accepted
from bridge.ports.clock import Clock

log = structlog.get_logger()


class Deciding:
    """Changes the desk in memory. `router` knows what the desk does, and is made anew with it."""

    def __init__(self, desk: Desk, clock: Clock, ids: FreshIds, intake: Intake) -> None:
        """The desk is empty; `begin` when it was read."""
        self._desk = desk
        self._clock = clock
        self._ids = ids
        self._intake = intake
        self.router = distribute.rebuild(desk, Instant(0))

    def begin(self, now: Instant) -> None:
        """The desk was read, or is as it was."""
        self.router = distribute.rebuild(self._desk, now)

    def undo(self) -> None:
        """Take back all that was decided since the last batch that is on disk."""
        self._desk.ledger.rollback()
        self.begin(self._clock.now())

    def decide(self, batch: Batch) -> Effects:
        """Decide every entry; a row that cannot be decided is dead, the others go on."""
        while True:
            effects = Effects()
            if self._decide_all(batch, Step(self._desk, self._clock.now(), self._ids, effects)):
                changes = self._desk.ledger.changes
                changes.arrived = batch.arrived()
                changes.unless_arrived = not batch.looked and batch.has(Item)
                return effects
            self.undo()

    def _decide_all(self, batch: Batch, step: Step) -> bool:
        """Whether all could be decided; else one row is dead now, and it begins again without."""
        for position, entry in enumerate(batch.entries):
            if position in batch.duplicates:
                continue
            try:
                self._decide_one(batch, position, entry, step)
            except Exception as error:  # whatever it is, one row must not stop the desk
                if position in batch.dead:
                    raise
                log.exception("row_dead", kind=type(entry).__name__)
                batch.give_up(position, error)
                return False
        return True

    def _decide_one(self, batch: Batch, position: int, entry: Entry, step: Step) -> None:
        changes = self._desk.ledger.changes
        if isinstance(entry, Claim):
            changes.marks.append(entry.mark)
        if isinstance(entry, Claim | Look):
            return
        if position in batch.dead:
            if isinstance(entry, Item):
                self._bury(entry, batch.dead[position])
            return
        step.begin()
        if isinstance(entry, Item):
            changes.inbox.append(entry.row)
            if entry.entry is not None:
                changes.journal.append(entry.entry)
            entry.result = decide(step, entry.event)
        else:
            settled(step, entry.outcome)
        distribute.settle(self.router, step)

    def _bury(self, item: Item, error: str) -> None:
        """What came in and cannot be decided is kept as it came."""
        row = self._intake.dead(item.row, item.event, error)
        self._desk.ledger.changes.inbox.append(row)
        item.result = Accepted()
