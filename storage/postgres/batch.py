"""Writes one batch of changes inside a transaction.

However many rows of however many kinds: one trip for what need not see one another.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import asyncpg

from bridge.domain.contact import Identity
from bridge.domain.delivery import Delivery
from bridge.domain.ids import DeliveryId, InboxId
from bridge.domain.message import Message
from bridge.ports.store import (
    ArrivedBefore,
    Changes,
    CommitRefused,
    Committed,
    DeliveryMark,
    DuplicateInbox,
    Entity,
    InboxRow,
    JournalEntry,
)
from storage.journals import entry_row
from storage.mapping import lines, promises
from storage.mapping.entities import KINDS, TOUCHES
from storage.mapping.erasures import erasure_row
from storage.mapping.row import Row
from storage.postgres.answering import columns, without_nul
from storage.postgres.compiled import SQL
from storage.postgres.transaction import Parts, Transaction, refused_by_fence

Kinds: TypeAlias = dict[type[Entity], list[Entity]]


class Batch:
    """One batch, ordered into trips. Nearly always it is one.

    A second one has what must see what the first wrote.
    """

    def __init__(self, changes: Changes, *, clean: bool = False) -> None:
        """`clean` puts a sign in place of what no text of this database may have."""
        self._clean = clean
        now, later = _waves(changes.marks, changes.deliveries)
        self._before: list[Parts] = [*_removed(changes.removes.values())]
        self._first = _Trip(now, _parts(changes))
        self._after = [_Trip([], parts) for parts in _afterwards(changes)]
        self._after += [_Trip(marks, {}) for marks in later]

    @property
    def is_one_trip(self) -> bool:
        """Whether `write` makes one trip."""
        return not self._before and not self._after

    async def write(
        self, transaction: Transaction, entries: Iterable[JournalEntry] = ()
    ) -> Committed:
        """Run every statement; `entries` are the numbered ones. Raises what the driver raises."""
        for parts in self._before:
            await self._make(_Trip([], parts), transaction)
        handed_in = [entry_row(entry, handed_in=True) for entry in entries]
        first = _Trip(self._first.marks, {**self._first.parts, "hand_in_entry": handed_in})
        lost = await self._make(first, transaction)
        for trip in self._after:
            lost |= await self._make(trip, transaction)
        return Committed(lost_marks=lost)

    async def _make(self, trip: "_Trip", transaction: Transaction) -> frozenset[DeliveryId]:
        """Compare and set; gives the deliveries that were in none of a mark's states."""
        parts = {**trip.parts, "mark_delivery": [_mark_row(mark) for mark in trip.marks]}
        given = {name: self._given(rows) for name, rows in parts.items() if rows}
        won = await transaction.write(given)
        return frozenset(mark.id for mark in trip.marks if mark.id not in won)

    def _given(self, rows: Sequence[Row]) -> Sequence[Row]:
        return without_nul(rows) if self._clean else rows


class _Trip(NamedTuple):
    """What goes in one trip, and the marks beside it."""

    marks: Sequence[DeliveryMark]
    parts: Parts


def _parts(changes: Changes) -> dict[str, Sequence[Row]]:
    """What needs not see one another: each row is written by one part only."""
    touches = _by_kind(changes.touches.values())
    learnt = {row[:2]: row for row in changes.addresses}  # the last one counts
    puts = _by_kind(changes.puts.values())
    parts: dict[str, Sequence[Row]] = {
        "insert_digest": [(digest,) for row in changes.inbox for digest in row.digests],
        "insert_inbox": [promises.inbox_row(row) for row in changes.inbox if row.dead],
        **{f"put_{kind.table}": _rows(of, puts.get(of, ())) for of, kind in KINDS.items()},
        "own_address": [row for row in _own_addresses(puts) if row[:2] not in learnt],
        **{
            f"touch_{KINDS[of].table}": [touch.row(each) for each in touches.get(of, ())]
            for of, touch in TOUCHES.items()
        },
        "insert_message": [lines.message_row(each) for each in changes.messages],
        "insert_link": [lines.message_link_row(each) for each in dict.fromkeys(changes.links)],
        "insert_delivery": [promises.delivery_row(each) for each in changes.deliveries],
        "insert_event": [lines.event_row(each) for each in changes.events],
        "insert_billed": [lines.billed_row(each) for each in changes.billed],
        "insert_erasure": [erasure_row(each) for each in changes.erased],
        "remove_alias": [name for each in changes.erased for name in each.names],
        "remove_arrival": [(id_,) for id_ in changes.arrived],
        **_documents(changes),
    }
    if changes.messages:
        del parts["put_message"]  # one may be new
    if not changes.merged:
        parts["learn_address"] = list(learnt.values())
    return parts


def _afterwards(changes: Changes) -> Iterator[Parts]:
    """What must see what was written before it, one after the other."""
    if changes.messages:
        messages = [each for each in changes.puts.values() if isinstance(each, Message)]
        if messages:
            yield {"put_message": _rows(Message, messages)}
    for merged in changes.merged:  # one may be merged twice
        yield {"merge_aliases": [(merged.into.id, merged.gone.id)]}
        yield {"merge_tickets": [(merged.into.contact, merged.gone.contact)]}
    if changes.merged:
        yield {"learn_address": list({row[:2]: row for row in changes.addresses}.values())}


def _waves(
    marks: Sequence[DeliveryMark], new: Iterable[Delivery]
) -> tuple[list[DeliveryMark], list[list[DeliveryMark]]]:
    """Marks that can be set with everything else, and after those what must see them set.

    A delivery that is marked twice is marked in two statements, in their order.
    """
    waves: list[list[DeliveryMark]] = [[]]
    last = {delivery.id: 0 for delivery in new}
    for mark in marks:
        wave = last[mark.id] = last.get(mark.id, -1) + 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(mark)
    return waves[0], waves[1:]


def _rows(of: type[Entity], entities: Sequence[Entity]) -> list[Row]:
    kind = KINDS[of]
    if kind.is_open is not None and len(entities) > 1:
        entities = sorted(entities, key=kind.is_open)
    return [kind.row(entity) for entity in entities]


def _own_addresses(puts: Kinds) -> Iterator[Row]:
    for each in puts.get(Identity, ()):
        if isinstance(each, Identity):
            yield (each.channel, each.address, each.id)


def _removed(entities: Iterable[Entity]) -> Iterator[Parts]:
    removes = _by_kind(entities)
    for of in reversed(KINDS):
        if of in removes:
            kind = KINDS[of]
            yield {f"remove_{kind.table}": [kind.row(each)[: kind.key] for each in removes[of]]}


def _documents(changes: Changes) -> Parts:
    """What is written last of a document is what is left of it."""
    last = {(each.adapter, each.collection, each.key): each.body for each in changes.documents}
    return {
        "remove_document": [key for key, body in last.items() if body is None],
        "put_document": [(*key, body) for key, body in last.items() if body is not None],
    }


async def refusal(
    connection: asyncpg.Connection, changes: Changes, error: Exception
) -> ArrivedBefore | DuplicateInbox | CommitRefused:
    """Why a batch that was rolled back could not be written, by the one who leads."""
    if refused_by_fence(error):
        return ArrivedBefore()
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
