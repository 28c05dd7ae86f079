"""Writes one batch of changes inside a transaction that somebody else opens and commits."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias, TypeVar

from bridge.domain.contact import Identity
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import DeliveryId, InboxId
from bridge.domain.message import Message
from bridge.ports.store import (
    Changes,
    CommitRefused,
    Committed,
    DeliveryMark,
    DuplicateInbox,
    Entity,
    InboxRow,
)
from storage.mapping import lines, promises
from storage.mapping.entities import KINDS, TOUCHES
from storage.mapping.erasures import erasure_row
from storage.mapping.row import Row
from storage.sqlite.compiled import SQL

V = TypeVar("V")
Kinds: TypeAlias = dict[type[Entity], list[Entity]]

_NOTHING_LOST = Committed()


def write(connection: sqlite3.Connection, changes: Changes) -> Committed:
    """Run every statement of a batch. Raises what the driver raises; see `refusal`."""
    if changes.inbox:
        _insert_inbox(connection, changes.inbox)
    if changes.removes:
        _remove(connection, changes.removes.values())
    puts = _by_kind(changes.puts.values()) if changes.puts else {}
    changed_messages = puts.pop(Message, ())
    if puts:
        for kind in KINDS:
            _put(connection, kind, puts.get(kind, ()))
    if changes.touches:
        _touch(connection, changes.touches.values())
    _insert(connection, "insert_message", lines.message_row, changes.messages)
    _put(connection, Message, changed_messages)
    _insert(connection, "insert_link", lines.message_link_row, changes.links)
    _insert(connection, "insert_delivery", promises.delivery_row, changes.deliveries)
    _insert(connection, "insert_event", lines.event_row, changes.events)
    if changes.billed:
        _insert(connection, "insert_billed", lines.billed_row, changes.billed)
    for merged in changes.merged:
        connection.execute(SQL["merge_aliases"], (merged.into.id, merged.gone.id))
        connection.execute(SQL["merge_tickets"], (merged.into.contact, merged.gone.contact))
    if changes.addresses:
        connection.executemany(SQL["learn_address"], changes.addresses)
    for erasure in changes.erased:
        connection.execute(SQL["insert_erasure"], erasure_row(erasure))
        connection.executemany(SQL["remove_alias"], erasure.names)
    if changes.documents:
        _documents(connection, changes)
    if changes.arrived:
        connection.executemany(SQL["remove_arrival"], [(id_,) for id_ in changes.arrived])
    if changes.marks and (lost := _mark_all(connection, changes.marks)):
        return Committed(lost_marks=lost)
    return _NOTHING_LOST


def refusal(
    connection: sqlite3.Connection, changes: Changes, error: Exception
) -> DuplicateInbox | CommitRefused:
    """Why a batch that was rolled back could not be written."""
    known = _known_rows(connection, changes.inbox)
    return DuplicateInbox(known) if known else CommitRefused(str(error))


def _insert(
    connection: sqlite3.Connection, name: str, row: Callable[[V], Row], values: Sequence[V]
) -> None:
    if values:
        connection.executemany(SQL[name], [row(value) for value in values])


def _insert_inbox(connection: sqlite3.Connection, rows: Sequence[InboxRow]) -> None:
    """What was decided is known by its digests or its link, and has no row of its own."""
    if digests := [(digest,) for row in rows for digest in row.digests]:
        connection.executemany(SQL["insert_digest"], digests)
    dead = [row for row in rows if row.dead]
    _insert(connection, "insert_inbox", promises.inbox_row, dead)


def _known_rows(connection: sqlite3.Connection, rows: Iterable[InboxRow]) -> frozenset[InboxId]:
    """Rows that are stored under one of their names, or that come twice in this batch."""
    seen: set[tuple[str, Row]] = set()
    known = set()
    for row in rows:
        names: list[tuple[str, Row]] = [("known_digest", (digest,)) for digest in row.digests]
        if row.line is not None:
            names.append(("known_link", row.line))
        if any(
            name in seen or connection.execute(SQL[name[0]], name[1]).fetchone() for name in names
        ):
            known.add(row.id)
        else:
            seen.update(names)
    return frozenset(known)


def _by_kind(entities: Iterable[Entity]) -> Kinds:
    kinds: Kinds = {}
    for entity in entities:
        kinds.setdefault(type(entity), []).append(entity)
    return kinds


def _put(connection: sqlite3.Connection, of: type[Entity], entities: Sequence[Entity]) -> None:
    if not entities:
        return
    kind = KINDS[of]
    if kind.is_open is not None and len(entities) > 1:
        entities = sorted(entities, key=kind.is_open)
    connection.executemany(SQL[f"put_{kind.table}"], [kind.row(entity) for entity in entities])
    if of is Identity:
        own = [(e.channel, e.address, e.id) for e in entities if isinstance(e, Identity)]
        connection.executemany(SQL["own_address"], own)


def _touch(connection: sqlite3.Connection, entities: Iterable[Entity]) -> None:
    """Only the columns that change often: no index has them.

    Writing the whole row anew would also take it out of its indexes and put it back: three times
    the work, and nearly every line touches its conversation.
    """
    for of, touched in _by_kind(entities).items():
        rows = [TOUCHES[of].row(each) for each in touched]
        connection.executemany(SQL[f"touch_{KINDS[of].table}"], rows)


def _remove(connection: sqlite3.Connection, entities: Iterable[Entity]) -> None:
    removes = _by_kind(entities)
    for of in reversed(KINDS):
        if of in removes:
            kind = KINDS[of]
            keys = [kind.row(entity)[: kind.key] for entity in removes[of]]
            connection.executemany(SQL[f"remove_{kind.table}"], keys)


def _documents(connection: sqlite3.Connection, changes: Changes) -> None:
    for document in changes.documents:
        key = (document.adapter, document.collection, document.key)
        if document.body is None:
            connection.execute(SQL["remove_document"], key)
        else:
            connection.execute(SQL["put_document"], (*key, document.body))


def _mark_all(
    connection: sqlite3.Connection, marks: Sequence[DeliveryMark]
) -> frozenset[DeliveryId]:
    """Compare and set; gives the deliveries that were in none of a mark's states.

    Nearly always there is none: then one count says so. Else they are found one by one.
    """
    rows = [_mark_row(mark) for mark in marks]
    connection.execute("SAVEPOINT marks")
    if connection.executemany(SQL["mark_delivery"], rows).rowcount == len(rows):
        connection.execute("RELEASE marks")
        return frozenset()
    connection.execute("ROLLBACK TO marks")
    connection.execute("RELEASE marks")
    return frozenset(
        mark.id
        for mark, row in zip(marks, rows, strict=True)
        if connection.execute(SQL["mark_delivery"], row).rowcount != 1
    )


def _mark_row(mark: DeliveryMark) -> Row:
    return (
        mark.state._value_,
        mark.attempts,
        mark.due_at,
        mark.error,
        mark.at,
        mark.id,
        *_compared(mark.when),
    )


@lru_cache
def _compared(states: tuple[DeliveryState, ...]) -> Row:
    """The statement compares with as many states as there are; the last is repeated."""
    words = [state._value_ for state in states]
    return tuple(words + words[-1:] * (len(DeliveryState) - len(words)))
