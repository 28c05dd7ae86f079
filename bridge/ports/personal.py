"""What the desk has of one customer, in whatever table: read whole for him, and removed."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from bridge.domain.erasure import Erasure
from bridge.domain.ids import Address, ContactId, FileId, ThreadRef, WorkspaceUserId
from bridge.domain.value import Value

Cell: TypeAlias = int | float | str | bytes | None
Record: TypeAlias = dict[str, Cell]
"""One row: its columns by name. Every column that is a customer's is there."""

Parts: TypeAlias = Mapping[str, Sequence[tuple[Cell, ...]]]
"""Rows by the name of the statement that writes them, in the order in which they are written."""


class Personal(Protocol):
    """The rows of customers. All of it raises `StorageUnavailable`."""

    async def read(self, what: str, *given: Cell | list[object]) -> Sequence[Record]:
        """Rows of a table of the registry, or what one of its questions finds."""
        ...

    async def find(self, text: str, limit: int) -> Sequence[Record]:
        """Identities whose name, or address that people know, has this in it."""
        ...

    async def write(self, parts: Parts) -> None:
        """Write all of it in one short transaction, or nothing."""
        ...

    async def erasures(self) -> Sequence[Erasure]:
        """Every erasure, oldest first."""
        ...

    async def sweep(self) -> bool:
        """Leave nothing of what was removed in the database's own log; false: somebody reads it.

        A server of its own tidies up by itself: there it does nothing.
        """
        ...


class Customer(Value):
    """One customer, as the adapter of one place knows him.

    On a channel `names` are his addresses. In a workspace `threads` are those of his conversations.
    `calls` are the keys of calls made for him, with whom a private line was told, if it was one.
    """

    contact: ContactId
    names: tuple[Address, ...] = ()
    threads: tuple[ThreadRef, ...] = ()
    calls: tuple[tuple[str, WorkspaceUserId | None], ...] = ()


class Keeps(Value):
    """What an adapter keeps of him in its own store, by its names there.

    `searched` are journals of which those entries are his that name an address of his.
    """

    journals: tuple[str, ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    files: tuple[FileId, ...] = ()
    searched: tuple[str, ...] = ()


@runtime_checkable
class KeepsOfCustomers(Protocol):
    """An adapter that keeps something of customers, and says what: others export and remove it."""

    async def kept_of(self, customer: Customer) -> Keeps:
        """What is kept of him. Raises `StorageUnavailable`."""
        ...
