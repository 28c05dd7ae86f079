"""Who belongs together, in the order in which they came."""

from collections.abc import Mapping
from typing import Generic, TypeVar

G = TypeVar("G")
M = TypeVar("M")


class Groups(Generic[G, M]):
    """Members by their group; one that has none is forgotten."""

    def __init__(self) -> None:
        """Nobody belongs to anything."""
        self._members: dict[G, dict[M, None]] = {}

    def of(self, group: G) -> Mapping[M, None]:
        """Its members."""
        return self._members.get(group, {})

    def add(self, group: G, member: M) -> None:
        """He belongs to it from now on."""
        self._members.setdefault(group, {})[member] = None

    def drop(self, group: G, member: M) -> None:
        """No longer."""
        members = self._members[group]
        del members[member]
        if not members:
            del self._members[group]
