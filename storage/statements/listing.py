"""The list of conversations: open ones, then ended ones; a filter that is NULL is left out.

Open ones are few and are put in order as they are found. Ended ones are many: their index is in
the order of the list, so that a page reads what it shows. In one statement neither would serve.
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


def _conditions(of: Kind) -> Iterator[ColumnElement[bool]]:
    states = of.listed("states", Text())
    among = c.state.in_(select(*states.columns).select_from(states.rows))
    yield or_(states.given.is_(None), among)
    queue = select(tables.queue.c.id).where(tables.queue.c.name == _given("queue"))
    yield _if_given("queue", c.queue == queue.scalar_subquery())
    agent = select(tables.agent.c.id).where(tables.agent.c.handle == _given("agent"))
    yield _if_given("agent", c.agent == agent.scalar_subquery())
    yield _if_given("priority", c.priority == _given("priority"))
    yield _if_given("channel", c.channel == _given("channel"))
    moments = (c.opened_at, c.last_customer_at, c.last_our_at, c.ended_at)
    yield _if_given("since", or_(*(moment >= _given("since") for moment in moments)))
    number = cast(c.number, String).like(_given("number"))
    identity = _contains(tables.identity, c.identity)
    contact = _contains(tables.contact, c.contact)
    yield _if_given("text", or_(number, identity, contact))


def _open_ones(of: Kind) -> Select[Any]:  # of the table's own columns
    """By priority, then who has waited longest."""
    order = (c.priority, func.coalesce(c.since, c.opened_at), c.id)
    after = tuple_(*order) > tuple_(_given("after"), _given("after_at"), _given("after_id"))
    return (
        select(tables.conversation)
        .where(_OPEN, *_conditions(of), _if_given("after", after))
        .order_by(*order)
    )


def _ended_ones(of: Kind) -> Select[Any]:  # of the table's own columns
    """By priority, then who ended last."""
    earlier = tuple_(c.ended_at, c.id) < tuple_(_given("after_at"), _given("after_id"))
    after = c.priority >= _given("after"), or_(c.priority > _given("after"), earlier)
    return (
        select(tables.conversation)
        .where(_ENDED, *_conditions(of), *(_if_given("after", part) for part in after))
        .order_by(c.priority, c.ended_at.desc(), c.id.desc())
    )


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    return {
        "list_open": first(_open_ones(of)).execution_options(**BY_NAME),
        "list_ended": first(_ended_ones(of)).execution_options(**BY_NAME),
    }
