"""The list of conversations: open ones, then ended ones; a filter that is NULL is left out.

Open ones are few and are put in order as they are found. Ended ones are many: a page of them is
read one priority after the other, each from where it goes on, in the order of an index of its own
for whatever may be seldom among them. Only who looks for a text goes through all of them.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    String,
    Table,
    Text,
    TextClause,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)

from storage import tables
from storage.statements.build import first
from storage.statements.dialects import BY_NAME, Kind, Statement

c = tables.conversation.c

# Written out, so that SQLite sees that a partial index is meant.
_OPEN = text("conversation.state <> 'ended'")
_ENDED = text("conversation.state = 'ended'")


_WORDS = {"queue", "agent", "channel", "text", "number"}


def _given(name: str) -> BindParameter[Any]:  # a word or a number
    return bindparam(name, type_=Text() if name in _WORDS else BigInteger())


def _if_given(name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(_given(name).is_(None), condition)


def _contains(table: Table, own: ColumnElement[int]) -> ColumnElement[bool]:
    """The customer's row is like the text, a pattern in which `/` escapes."""
    found = table.c.search.like(_given("text"), escape="/")
    return select(literal_column("1")).where(table.c.id == own, found).exists()


def _open_only(of: Kind) -> Iterator[ColumnElement[bool]]:
    """Filters that pass all of the ended ones, or none."""
    states = of.listed("states", Text())
    among = c.state.in_(select(*states.columns).select_from(states.rows))
    yield or_(states.given.is_(None), among)
    agent = select(tables.agent.c.id).where(tables.agent.c.handle == _given("agent"))
    yield _if_given("agent", c.agent == agent.scalar_subquery())
    yield _if_given("priority", c.priority == _given("priority"))
    moments = (c.opened_at, c.last_customer_at, c.last_our_at)
    yield _if_given("since", or_(*(moment >= _given("since") for moment in moments)))


def _of_queue() -> ColumnElement[bool]:
    queue = select(tables.queue.c.id).where(tables.queue.c.name == _given("queue"))
    return c.queue == queue.scalar_subquery()


def _of_channel() -> ColumnElement[bool]:
    return c.channel == _given("channel")


def _like() -> ColumnElement[bool]:
    number = cast(c.number, String).like(_given("number"))
    identity = _contains(tables.identity, c.identity)
    contact = _contains(tables.contact, c.contact)
    return _if_given("text", or_(number, identity, contact))


def _open_ones(of: Kind) -> Select[Any]:  # of the table's own columns
    """By priority, then who has waited longest."""
    order = (c.priority, func.coalesce(c.since, c.opened_at), c.id)
    after = tuple_(*order) > tuple_(_given("after"), _given("after_at"), _given("after_id"))
    queue, channel = _if_given("queue", _of_queue()), _if_given("channel", _of_channel())
    return (
        select(tables.conversation)
        .where(_OPEN, *_open_only(of), queue, channel, _like(), _if_given("after", after))
        .order_by(*order)
    )


def _ended_ones(
    *among: ColumnElement[bool] | TextClause,
) -> Select[Any]:  # of the table's own columns
    """Of one priority, who ended last first, from a moment back to another one.

    Who has a moment of his end has ended: the indexes of queue and channel ask for no more.
    """
    earlier = tuple_(c.ended_at, c.id) < tuple_(_given("after_at"), _given("after_id"))
    return (
        select(tables.conversation)
        .where(c.priority == _given("priority"), *among)
        .where(earlier, c.ended_at >= _given("since"), _like())
        .order_by(c.ended_at.desc(), c.id.desc())
    )


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    channel = _if_given("channel", _of_channel())
    made = {
        "list_open": _open_ones(of),
        "list_ended": _ended_ones(_ENDED),
        "list_ended_of_channel": _ended_ones(_of_channel()),
        "list_ended_of_queue": _ended_ones(_of_queue(), channel),
    }
    return {name: first(each).execution_options(**BY_NAME) for name, each in made.items()}
