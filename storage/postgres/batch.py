"""Writes one batch of changes inside a transaction that somebody else opens and commits.

One prepared statement for each kind of row, over arrays: however many rows, one trip.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TypeAlias, TypeVar

import asyncpg

from bridge.domain.contact import Identity
from bridge.domain.conversation import Conversation
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
from storage.mapping import conversations, lines, promises
from storage.mapping.entities import KINDS
from storage.mapping.row import Row
from storage.postgres.answering import columns, without_nul
from storage.postgres.compiled import SQL

V = TypeVar("V")
_LINES = ("touch_conversation", "insert_message", "insert_link", "insert_delivery", "insert_event")
"""As in `storage.statements.writing`."""
_NOTHING: dict[str, list[Row]] = {name: [()] * SQL[name].count("$") for name in _LINES}
"""An empty array for each column."""
Kinds: TypeAlias = dict[type[Entity], list[Entity]]


class Batch:
    """One batch on its way into one transaction."""

    def __init__(self, connection: asyncpg.Connection, *, clean: bool = False) -> None:
        """`clean` puts a sign in place of what no text of this database may have."""
        self._connection = connection
        self._clean = clean

    async def write(self, changes: Changes) -> Committed:
        """Run every statement. Raises what the driver raises; see `refusal`."""
        await self._inbox(changes.inbox)
        await self._remove(changes.removes.values())
        puts = _by_kind(changes.puts.values())
        changed_messages = puts.pop(Message, ())
        for kind in KINDS:
            await self._put(kind, puts.get(kind, ()))
        await self._lines(changes)
        await self._put(Message, changed_messages)
        await self._insert("insert_billed", lines.billed_row, changes.billed)
        for merged in changes.merged:  # one after the other: one may be merged twice
            await self.run("merge_aliases", [(merged.into.id, merged.gone.id)])
            await self.run("merge_tickets", [(merged.into.contact, merged.gone.contact)])
        learnt: dict[Row, Row] = {row[:2]: row for row in changes.addresses}  # the last one counts
        await self.run("learn_address", list(learnt.values()))
        await self._documents(changes)
        return Committed(lost_marks=await self._mark_all(changes.marks))

    async def run(self, name: str, rows: Sequence[Row]) -> int:
        """A statement over all of these rows; how many it changed."""
        if not rows:
            return 0
        status: str = await self._connection.execute(SQL[name], *self._given(rows))
        return int(status.rpartition(" ")[2])

    def _given(self, rows: Sequence[Row]) -> list[Row]:
        return columns(without_nul(rows) if self._clean else rows)

    async def _insert(self, name: str, row: Callable[[V], Row], values: Iterable[V]) -> None:
        await self.run(name, [row(value) for value in values])

    async def _lines(self, changes: Changes) -> None:
        """What nearly every batch has. Each trip costs more than what it carries."""
        touched = [each for each in changes.touches.values() if isinstance(each, Conversation)]
        parts = {
            # Only the columns that a line changes: no index has them.
            "touch_conversation": [conversations.touched_row(each) for each in touched],
            "insert_message": [lines.message_row(each) for each in changes.messages],
            "insert_link": [lines.message_link_row(each) for each in dict.fromkeys(changes.links)],
            "insert_delivery": [promises.delivery_row(each) for each in changes.deliveries],
            "insert_event": [lines.event_row(each) for each in changes.events],
        }
        there = {name: rows for name, rows in parts.items() if rows}
        if len(there) < 2:
            for name, rows in there.items():
                await self.run(name, rows)
            return
        given = [self._given(rows) or _NOTHING[name] for name, rows in parts.items()]
        await self._connection.execute(SQL["write_lines"], *chain.from_iterable(given))

    async def _inbox(self, inbox: Sequence[InboxRow]) -> None:
        """A line that was decided is known by its link, and has no row of its own here."""
        await self.run("insert_digest", [(digest,) for row in inbox for digest in row.digests])
        kept = [promises.inbox_row(row) for row in inbox if row.line is None]
        await self.run("insert_inbox", kept)

    async def _put(self, of: type[Entity], entities: Sequence[Entity]) -> None:
        if not entities:
            return
        kind = KINDS[of]
        if kind.is_open is not None and len(entities) > 1:
            entities = sorted(entities, key=kind.is_open)
        await self.run(f"put_{kind.table}", [kind.row(entity) for entity in entities])
        if of is Identity:
            own = [(e.channel, e.address, e.id) for e in entities if isinstance(e, Identity)]
            await self.run("own_address", own)

    async def _remove(self, entities: Iterable[Entity]) -> None:
        removes = _by_kind(entities)
        for of in reversed(KINDS):
            if of in removes:
                kind = KINDS[of]
                keys = [kind.row(entity)[: kind.key] for entity in removes[of]]
                await self.run(f"remove_{kind.table}", keys)

    async def _documents(self, changes: Changes) -> None:
        """What is written last of a document is what is left of it."""
        last = {(each.adapter, each.collection, each.key): each.body for each in changes.documents}
        gone = [key for key, body in last.items() if body is None]
        await self.run("remove_document", gone)
        kept = [(*key, body) for key, body in last.items() if body is not None]
        await self.run("put_document", kept)

    async def _mark_all(self, marks: Sequence[DeliveryMark]) -> frozenset[DeliveryId]:
        """Compare and set; gives the deliveries that were in none of a mark's states.

        A delivery that is marked twice is marked in two statements, in their order.
        """
        lost: set[DeliveryId] = set()
        while marks:
            now: dict[DeliveryId, DeliveryMark] = {}
            later = [mark for mark in marks if now.setdefault(mark.id, mark) is not mark]
            rows = [_mark_row(mark) for mark in now.values()]
            won = await self._connection.fetch(SQL["mark_delivery"], *self._given(rows))
            lost |= now.keys() - {row[0] for row in won}
            marks = later
        return frozenset(lost)


async def refusal(
    connection: asyncpg.Connection, changes: Changes, error: Exception
) -> DuplicateInbox | CommitRefused:
    """Why a batch that was rolled back could not be written."""
    known = await _known_rows(connection, changes.inbox)
    return DuplicateInbox(known) if known else CommitRefused(str(error))


async def _known_rows(
    connection: asyncpg.Connection, rows: Sequence[InboxRow]
) -> frozenset[InboxId]:
    """Rows that are stored under one of their names, or that come twice in this batch."""
    names = {row.id: _names(row) for row in rows}
    seen: set[tuple[str, Row]] = set()
    for statement in ("known_digest", "known_link"):
        keys = [key for row in rows for name, key in names[row.id] if name == statement]
        if keys:
            found = await connection.fetch(SQL[statement], *columns(without_nul(keys)))
            seen |= {(statement, tuple(key)) for key in found}
    known = set()
    for row in rows:
        if seen.isdisjoint(names[row.id]):
            seen.update(names[row.id])
        else:
            known.add(row.id)
    return frozenset(known)


def _names(row: InboxRow) -> list[tuple[str, Row]]:
    names: list[tuple[str, Row]] = [("known_digest", (digest,)) for digest in row.digests]
    if row.line is not None:
        names.append(("known_link", row.line))
    return names


def _by_kind(entities: Iterable[Entity]) -> Kinds:
    kinds: Kinds = {}
    for entity in entities:
        kinds.setdefault(type(entity), []).append(entity)
    return kinds


def _mark_row(mark: DeliveryMark) -> Row:
    among = ",".join(state._value_ for state in mark.when)
    state = mark.state._value_
    return (state, mark.attempts, mark.due_at, mark.error, mark.at, mark.id, among)
