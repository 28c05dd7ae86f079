"""Writes one batch of changes inside a transaction that somebody else opens and commits."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import bindparam, update

from bridge.domain.contact import Identity
from bridge.domain.ids import InboxId
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
from storage import tables
from storage.mapping import lines, promises
from storage.mapping.row import Row
from storage.sqlite import sql
from storage.sqlite.entities import KINDS

_INBOX = sql.inserted(tables.inbox)
_DIGEST = sql.inserted(tables.digest)
_MESSAGE = sql.inserted(tables.message)
_LINK = sql.linked()
_DELIVERY = sql.inserted(tables.delivery)
_EVENT = sql.inserted(tables.event)
_LEARNT = sql.upserted(tables.alias)
_OWN_ADDRESS = sql.ignored(tables.alias)
_ENTRY = sql.ignored(tables.journal, "adapter", "journal", "key")
_DOCUMENT = sql.upserted(tables.document)
_NO_DOCUMENT = sql.removed(tables.document)
_KNOWN = sql.exists(tables.digest)
_NOTHING_LOST = Committed()


def write(connection: sqlite3.Connection, changes: Changes) -> Committed:
    """Run every statement of a batch. Raises what the driver raises; see `refusal`."""
    many = connection.executemany
    if changes.inbox:
        many(_DIGEST, _digests(changes.inbox))
        many(_INBOX, [promises.inbox_row(row) for row in changes.inbox])
    if changes.removes:
        _remove(connection, changes.removes.values())
    puts = _by_kind(changes.puts.values())
    changed_messages = puts.pop(Message, ())
    for kind in KINDS:
        if kind in puts:
            _put(connection, kind, puts[kind])
    if changes.messages:
        many(_MESSAGE, [lines.message_row(message) for message in changes.messages])
    if changed_messages:
        _put(connection, Message, changed_messages)
    if changes.links:
        many(_LINK, [lines.message_link_row(link) for link in changes.links])
    if changes.deliveries:
        many(_DELIVERY, [promises.delivery_row(delivery) for delivery in changes.deliveries])
    if changes.events:
        many(_EVENT, [lines.event_row(event) for event in changes.events])
    if changes.addresses:
        many(_LEARNT, changes.addresses)
    if changes.journal or changes.documents:
        _adapters(connection, changes)
    lost = [mark.id for mark in changes.marks if not _mark(connection, mark)]
    return Committed(lost_marks=frozenset(lost)) if lost else _NOTHING_LOST


def refusal(
    connection: sqlite3.Connection, changes: Changes, error: Exception
) -> DuplicateInbox | CommitRefused:
    """Why a batch that was rolled back could not be written."""
    known = _known_rows(connection, changes.inbox)
    return DuplicateInbox(known) if known else CommitRefused(str(error))


def _digests(rows: Iterable[InboxRow]) -> list[Row]:
    return [(digest,) for row in rows for digest in row.digests]


def _known_rows(connection: sqlite3.Connection, rows: Iterable[InboxRow]) -> frozenset[InboxId]:
    """Rows with a digest that is stored, or that an earlier row of the same batch has."""
    seen: set[bytes] = set()
    known = set()
    for row in rows:
        for digest in row.digests:
            if digest in seen or connection.execute(_KNOWN, (digest,)).fetchone():
                known.add(row.id)
        if row.id not in known:
            seen.update(row.digests)
    return frozenset(known)


def _by_kind(entities: Iterable[Entity]) -> dict[type[Entity], list[Entity]]:
    kinds: dict[type[Entity], list[Entity]] = {}
    for entity in entities:
        kinds.setdefault(type(entity), []).append(entity)
    return kinds


def _put(connection: sqlite3.Connection, of: type[Entity], entities: Sequence[Entity]) -> None:
    kind = KINDS[of]
    if kind.is_open is not None and len(entities) > 1:
        entities = sorted(entities, key=kind.is_open)
    connection.executemany(kind.put, [kind.row(entity) for entity in entities])
    if of is Identity:
        own = [(e.channel, e.address, e.id) for e in entities if isinstance(e, Identity)]
        connection.executemany(_OWN_ADDRESS, own)


def _remove(connection: sqlite3.Connection, entities: Iterable[Entity]) -> None:
    removes = _by_kind(entities)
    for of in reversed(KINDS):
        if of in removes:
            kind = KINDS[of]
            keys = [kind.row(entity)[: kind.key] for entity in removes[of]]
            connection.executemany(kind.remove, keys)


def _adapters(connection: sqlite3.Connection, changes: Changes) -> None:
    for entry in changes.journal:
        connection.execute(_ENTRY, (entry.seq, entry.adapter, entry.journal, entry.key, entry.body))
    for document in changes.documents:
        key = (document.adapter, document.collection, document.key)
        if document.body is None:
            connection.execute(_NO_DOCUMENT, key)
        else:
            connection.execute(_DOCUMENT, (*key, document.body))


def _mark(connection: sqlite3.Connection, mark: DeliveryMark) -> bool:
    """One compare-and-set; false when the delivery was in none of the states."""
    values = (mark.state._value_, mark.attempts, mark.due_at, mark.error, mark.at, mark.id)
    states = [state._value_ for state in mark.when]
    return connection.execute(_mark_text(len(states)), (*values, *states)).rowcount == 1


@cache
def _mark_text(states: int) -> str:
    table = tables.delivery
    columns = ("state", "attempts", "due_at", "error", "changed_at")
    return sql.compiled(
        update(table)
        .values({column: bindparam(f"new_{column}") for column in columns})
        .where(
            table.c.id == bindparam("of"),
            table.c.state.in_([bindparam(f"when_{n}") for n in range(states)]),
        )
    )
