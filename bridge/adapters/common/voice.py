"""How a person is told something about a line of his: a mark on it, and words for him alone."""

from typing import Protocol

from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.ids import ExternalId, ThreadRef, WorkspaceUserId
from bridge.domain.text import FormattedText


class Voice(Protocol):
    """How a writer is told that something of his line did not cross."""

    async def mark(
        self, thread: ThreadRef, external_id: ExternalId, mark: Mark, removed: bool
    ) -> None:
        """See `WorkspaceAdapter.mark`."""
        ...

    async def whisper(
        self,
        to: WorkspaceUserId,
        thread: ThreadRef | None,
        text: FormattedText,
        offers: tuple[OfferedCommand, ...],
        key: str,
    ) -> None:
        """See `WorkspaceAdapter.whisper`."""
        ...
