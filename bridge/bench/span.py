"""How long the two pasts of a run are, and where they are written."""

from dataclasses import dataclass
from pathlib import Path

LINE_BYTES = 1_600
"""Of a line with all that belongs to it."""
_BESIDE = 100_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Lines of the long past, and of the one that it is compared with."""

    lines: int
    against: int
    folder: Path | None = None

    @property
    def room(self) -> int:
        """Bytes that both take in files."""
        return (self.lines + self.against) * LINE_BYTES + _BESIDE
