"""What happened, told only when the write that caused it is on disk."""

from bridge.simulators.common.changes import Changes, GaveUpWaiting, Happening

__all__ = ["Batches", "GaveUpWaiting", "Happening"]


class Batches(Changes):
    """Happenings of one step are taken together, and told after that step's own ledger entry."""

    def take(self) -> list[Happening]:
        """What the step just made happen; nobody has been told."""
        held, self._held = self._held, []
        return held

    def tell(self, batch: list[Happening]) -> None:
        """Tell everybody, in order."""
        for happening in batch:
            self.add(happening)
        self.release()
