"""A batch that could not be written leaves no trace in memory."""

import asyncio
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.contact import Contact
from bridge.domain.ids import ContactId, Instant, after
from bridge.engine.state.table import Groups, Ledger, Table, Unique

_KEYS = st.integers(min_value=1, max_value=5)
_NAMES = st.sampled_from(["ana", "bia", "carla"])
_TOUCH = "touch"
_STEPS = st.lists(st.tuples(_KEYS, st.none() | _NAMES | st.just(_TOUCH)), max_size=30)


class Book:
    """A table with one index of each kind."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.names: Unique[Contact, ContactId, str] = Unique(lambda c: f"{c.name}/{c.id}")
        self.groups: Groups[Contact, ContactId, str] = Groups(lambda c: c.name)
        self.table: Table[ContactId, Contact] = Table(
            self.ledger, lambda c: c.id, self.names, self.groups
        )

    def step(self, key: int, name: str | None) -> None:
        contact = ContactId(key)
        if name == _TOUCH:
            known = self.table.get(contact)
            if known is not None:
                self.table.touch(replace(known, created_at=after(known.created_at, 1)))
        elif name is not None:
            self.table.put(Contact(id=contact, name=name, created_at=Instant(0)))
        elif contact in self.table:
            self.table.remove(contact)

    def seen(self) -> object:
        """Everything that can be asked of it."""
        rows = {row.id: row for row in self.table}
        named = {name: {c.id for c in self.groups.get(name)} for name in ("ana", "bia", "carla")}
        unique = {key: self.names.get(f"{row.name}/{key}") for key, row in rows.items()}
        return rows, named, unique


@given(before=_STEPS, later=_STEPS)
def test_a_roll_back_gives_what_was_committed(
    before: list[tuple[int, str | None]], later: list[tuple[int, str | None]]
) -> None:
    book = Book()
    for key, name in before:
        book.step(key, name)
    book.ledger.commit()
    committed = book.seen()

    for key, name in later:
        book.step(key, name)
    book.ledger.rollback()

    assert book.seen() == committed
    assert book.ledger.changes.empty()


@given(steps=_STEPS)
def test_what_is_to_be_written_is_what_was_changed(steps: list[tuple[int, str | None]]) -> None:
    book = Book()
    disk: dict[object, object] = {}

    for key, name in steps:
        book.step(key, name)
    for (_, row), value in book.ledger.changes.puts.items():
        disk[row] = value
    assert not book.ledger.changes.touches
    for _, row in book.ledger.changes.removes:
        assert row not in disk

    assert disk == {row.id: row for row in book.table}


def test_what_was_touched_and_put_is_written_whole() -> None:
    book = Book()
    book.step(1, "ana")
    book.ledger.commit()
    book.step(1, _TOUCH)
    touched = dict(book.ledger.changes.touches)

    book.table.put(replace(book.table[ContactId(1)], name="bia"))

    assert list(touched) == [(Contact, 1)]
    assert list(book.ledger.changes.puts) == [(Contact, 1)]
    assert not book.ledger.changes.touches


def test_a_changed_value_is_found_by_its_new_name_only() -> None:
    book = Book()
    book.step(1, "ana")
    old = book.table[ContactId(1)]

    book.table.put(replace(old, name="bia"))

    assert book.groups.count("ana") == 0
    assert book.groups.count("bia") == 1


def test_a_touched_value_is_found_as_it_is_now() -> None:
    book = Book()
    book.step(1, "ana")

    touched = book.table.touch(replace(book.table[ContactId(1)], created_at=Instant(7)))

    assert book.names.get("ana/1") is touched
    assert book.groups.get("ana") == (touched,)
    assert book.table.get(ContactId(1)) is touched


async def test_who_asks_for_a_kind_waits_until_a_batch_that_changes_it_is_over() -> None:
    book = Book()
    ends: list[Callable[[], None]] = [book.ledger.commit, book.ledger.rollback]
    for end in ends:
        book.step(1, "ana")
        waiting = asyncio.create_task(book.ledger.settled(frozenset({Contact})))
        await book.ledger.settled(frozenset({Agent}))
        await asyncio.sleep(0)
        assert not waiting.done()

        book.step(1, None)  # a change that goes is one, too
        end()
        await waiting
