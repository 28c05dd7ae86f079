"""Rows of what came to a process that does not run the desk."""

from bridge.domain.ids import Instant
from bridge.ports.arrivals import Arrival
from bridge.ports.store import JournalEntry
from storage.mapping.row import Read, Row


def arrival_row(at: Instant, body: bytes, entry: JournalEntry | None) -> Row:
    """The row of an arrival, but for its number."""
    if entry is None:
        return (at, body, None, None, None, None)
    return (at, body, entry.adapter, entry.journal, entry.key, entry.body)


def arrival(row: Read) -> Arrival:
    """The arrival of a row."""
    return Arrival(id=row[0], at=row[1], body=row[2], entry=_entry(row))


def _entry(row: Read) -> JournalEntry | None:
    if row[3] is None:
        return None
    return JournalEntry(adapter=row[3], journal=row[4], key=row[5], body=row[6])
