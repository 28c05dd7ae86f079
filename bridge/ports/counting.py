"""How an adapter gives numbers of its own to whoever watches the desk."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from bridge.domain.value import Value


class Count(Value):
    """One counter that only grows: `name` without our prefix, and what it tells apart.

    Labels are few: whatever strangers can make up is bounded by the adapter.
    """

    name: str
    help: str
    value: int
    labels: tuple[tuple[str, str], ...] = ()


@runtime_checkable
class Counts(Protocol):
    """An adapter that counts something that an operator should see."""

    def counts(self) -> Iterable[Count]:
        """What was counted since the start."""
        ...
