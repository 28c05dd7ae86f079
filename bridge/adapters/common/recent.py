"""What was done a short while ago, so that it is not done again."""

from typing import Generic, TypeVar

T = TypeVar("T")

_KEPT = 10_000


class Recent(Generic[T]):
    """The newest outcomes by their keys."""

    def __init__(self) -> None:
        """Nothing was done yet."""
        self._done: dict[str, T] = {}

    def get(self, key: str) -> T | None:
        """What came of it."""
        return self._done.get(key)

    def put(self, key: str, outcome: T) -> None:
        """It is done."""
        self._done[key] = outcome
        while len(self._done) > _KEPT:
            del self._done[next(iter(self._done))]

    def drop(self, key: str) -> None:
        """It is to be done anew."""
        self._done.pop(key, None)
