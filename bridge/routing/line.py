"""A line of waiting conversations, always in order."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from itertools import chain

Key = tuple[int, int, int, int, int, int, int]
"""(order class, rank, due, since, seq, conversation, away): smallest first, never equal.

`away` is 1 in a queue to which the wait was widened, 0 in its own.
"""

_BLOCK = 512


class Line:
    """Sorted keys in blocks of bounded size, so that each step costs a bisection and a small move.

    A conversation usually joins at the end and leaves at the front; both are nearly free.
    """

    __slots__ = ("_blocks", "_lasts", "_size")

    def __init__(self) -> None:
        """An empty line."""
        self._blocks: list[list[Key]] = []
        self._lasts: list[Key] = []
        self._size = 0

    def __len__(self) -> int:
        """How many wait."""
        return self._size

    def __iter__(self) -> Iterator[Key]:
        """First to last; do not change the line meanwhile."""
        return chain.from_iterable(self._blocks)

    @property
    def head(self) -> Key | None:
        """The first, or None."""
        return self._blocks[0][0] if self._blocks else None

    def add(self, key: Key) -> None:
        """Put a key at its place; it must not be there yet."""
        self._size += 1
        if not self._blocks:
            self._blocks.append([key])
            self._lasts.append(key)
            return
        at = min(bisect_left(self._lasts, key), len(self._blocks) - 1)
        block = self._blocks[at]
        insort(block, key)
        self._lasts[at] = block[-1]
        if len(block) > 2 * _BLOCK:
            self._split(at)

    def remove(self, key: Key) -> None:
        """Take a key out; ValueError if it is not there."""
        blocks = self._blocks
        at, index = (0, 0) if blocks and blocks[0][0] == key else self._find(key)
        if at == len(blocks) or blocks[at][index] != key:
            raise ValueError(f"not in line: {key}")
        self._size -= 1
        block = blocks[at]
        del block[index]
        if block:
            self._lasts[at] = block[-1]
        else:
            del blocks[at], self._lasts[at]

    def ahead_of(self, key: Key) -> int:
        """How many stand before this key, whether it is in the line or not."""
        at, index = self._find(key)
        return sum(map(len, self._blocks[:at])) + index

    def _find(self, key: Key) -> tuple[int, int]:
        """Block and index of the first that is not smaller; past the last block if all are."""
        at = bisect_left(self._lasts, key)
        return at, bisect_left(self._blocks[at], key) if at < len(self._blocks) else 0

    def _split(self, at: int) -> None:
        block = self._blocks[at]
        self._blocks[at : at + 1] = [block[:_BLOCK], block[_BLOCK:]]
        self._lasts[at : at + 1] = [block[_BLOCK - 1], block[-1]]
