"""The list of conversations: open ones first, highest priority first, in pages.

Open ones are few and are put in order as they are found. Ended ones are many: their index is in
the order of the list, so that a page reads what it shows. The two are never one statement, else
neither index would serve.
"""

import sqlite3
from collections.abc import Iterator, Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    or_,
    select,
    text,
    tuple_,
)

from bridge.domain.conversation import Conversation, State
from bridge.ports.queries import ConversationFilter
from storage import tables
from storage.mapping.conversations import conversation
from storage.mapping.folding import wanted
from storage.sqlite import sql

c = tables.conversation.c

# Written out, so that SQLite sees that a partial index is meant.
_OPEN = text("conversation.state <> 'ended'")
_ENDED = text("conversation.state = 'ended'")
_WAITING_SINCE = func.coalesce(c.since, c.opened_at)


def page(connection: sqlite3.Connection, where: ConversationFilter) -> list[Conversation]:
    """At most `limit` conversations that come after the one numbered `before`."""
    after = None if where.before is None else _find(connection, where.before)
    found: list[Conversation] = []
    if after is None or after.open:
        found += _rows(connection, _open_ones(where, after), where.limit)
        after = None
    if len(found) < where.limit and _wants_ended(where):
        found += _rows(connection, _ended_ones(where, after), where.limit - len(found))
    return found


def _rows(
    connection: sqlite3.Connection, statement: Select[tuple[object, ...]], limit: int
) -> Iterator[Conversation]:
    made, values = sql.rendered(statement.limit(limit))
    return (conversation(row) for row in connection.execute(made, values))


def _find(connection: sqlite3.Connection, number: int) -> Conversation | None:
    statement, values = sql.rendered(select(tables.conversation).where(c.number == number))
    row = connection.execute(statement, values).fetchone()
    return None if row is None else conversation(row)


def _wants_ended(where: ConversationFilter) -> bool:
    return not where.states or State.ENDED in where.states


def _open_ones(where: ConversationFilter, after: Conversation | None) -> Select[tuple[object, ...]]:
    """By priority, then who has waited longest."""
    order = (c.priority, _WAITING_SINCE, c.id)
    statement = select(tables.conversation).where(_OPEN, *_conditions(where))
    if after is not None:
        since = after.opened_at if after.since is None else after.since
        statement = statement.where(tuple_(*order) > (after.priority.value, since, after.id))
    return statement.order_by(*order)


def _ended_ones(
    where: ConversationFilter, after: Conversation | None
) -> Select[tuple[object, ...]]:
    """By priority, then who ended last."""
    statement = select(tables.conversation).where(_ENDED, *_conditions(where))
    if after is not None:
        earlier = tuple_(c.ended_at, c.id) < (after.ended_at, after.id)
        priority = after.priority.value
        statement = statement.where(c.priority >= priority, or_(c.priority > priority, earlier))
    return statement.order_by(c.priority, c.ended_at.desc(), c.id.desc())


def _conditions(where: ConversationFilter) -> Iterator[ColumnElement[bool]]:
    if where.states:
        yield c.state.in_([state.value for state in where.states])
    if where.queue is not None:
        named = select(tables.queue.c.id).where(tables.queue.c.name == where.queue)
        yield c.queue == named.scalar_subquery()
    if where.agent is not None:
        called = select(tables.agent.c.id).where(tables.agent.c.handle == where.agent)
        yield c.agent == called.scalar_subquery()
    if where.priority is not None:
        yield c.priority == where.priority.value
    if where.channel is not None:
        yield c.channel == where.channel
    if where.since is not None:
        moments = (c.opened_at, c.last_customer_at, c.last_our_at, c.ended_at)
        yield or_(*(moment >= where.since for moment in moments))
    if where.text.strip():
        yield _about(where.text)


def _about(typed: str) -> ColumnElement[bool]:
    """The customer's name or address contains it, or the number begins with it."""
    part = wanted(typed.strip().removeprefix("#"))
    people: Sequence[ColumnElement[bool]] = [
        select(table.c.id)
        .where(table.c.id == own, table.c.search.contains(part, autoescape=True))
        .exists()
        for table, own in ((tables.identity, c.identity), (tables.contact, c.contact))
    ]
    if part.isdigit():
        number = cast(c.number, String).startswith(part, autoescape=True)
        return or_(number, *people)
    return and_(or_(*people))
