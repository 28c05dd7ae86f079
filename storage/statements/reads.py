"""What boards, pages and the API read."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    LargeBinary,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    func,
    select,
    text,
)

from storage import tables
from storage.statements.build import first
from storage.statements.dialects import Kind, Statement

_of: BindParameter[int] = bindparam("of")
_conversation, _message, _event = tables.conversation.c, tables.message.c, tables.event.c
_binding, _ticket, _link = tables.binding.c, tables.ticket.c, tables.message_link.c
_delivery = tables.delivery.c


def _last_lines(of: Kind) -> Select[Any]:  # of the table's own columns
    """What each customer said last, else what anybody did: some steps into the index each."""
    each = of.listed("ids", BigInteger())
    id_ = each.columns[0]

    def newest(by: str) -> ScalarSelect[Any]:  # of the table's own column
        said = (_message.conversation == id_, text(f"message.author {by}"))
        return select(func.max(_message.id)).where(*said).correlate(each.rows).scalar_subquery()

    shown = func.coalesce(newest("= 'customer'"), newest("<> 'system'"))
    return select(tables.message).where(_message.id.in_(select(shown).select_from(each.rows)))


def _deliveries(of: Kind, among: str) -> Select[Any]:  # of the table's own columns
    """The newest in some of the states, with the partial index of `among` if it is not empty."""
    states = of.listed("states", Text())
    wanted = select(*states.columns).select_from(states.rows)
    chosen = select(tables.delivery).where(_delivery.state.in_(wanted))
    if among:
        chosen = chosen.where(text(f"delivery.state IN {among}"))
    return first(chosen.order_by(_delivery.id.desc()))


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    return {
        "lines": first(
            select(tables.message)
            .where(_message.conversation == _of, _message.id < bindparam("before"))
            .order_by(_message.id.desc())
        ),
        "last_lines": _last_lines(of),
        "events": first(select(tables.event).where(_event.conversation == _of).order_by(_event.id)),
        "taken": select(tables.digest.c.digest).where(
            tables.digest.c.digest == bindparam("source", type_=LargeBinary)
        ),
        "billed": select(tables.billed.c.category, func.count())
        .where(tables.billed.c.conversation == _of)
        .group_by(tables.billed.c.category)
        .order_by(tables.billed.c.category),
        "desk_events": first(
            select(tables.event).where(_event.id > bindparam("after")).order_by(_event.id)
        ),
        "bindings": select(tables.binding)
        .where(_binding.conversation == _of)
        .order_by(_binding.id),
        "tickets": select(tables.ticket).where(_ticket.contact == _of).order_by(_ticket.id.desc()),
        "links": select(tables.message_link)
        .where(_link.message == _of, _link.scope == bindparam("scope"))
        .order_by(_link.part, _link.external_id),
        "deliveries": _deliveries(of, ""),
        "deliveries_open": _deliveries(of, "('pending', 'sending')"),
        "deliveries_bad": _deliveries(of, "('unknown', 'dead')"),
    }
