"""Look-ups in bulk: the keys go in as one JSON list."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func, literal_column, select

from storage import tables
from storage.statements.build import Statement


def by(table: Table, *columns: str) -> Select[Any]:  # of the table's own columns
    """Rows whose columns equal one of the keys of a list."""
    keys = func.json_each(bindparam("keys")).table_valued("value")
    parts: list[ColumnElement[object]] = [keys.c.value]
    if len(columns) > 1:
        paths: list[ColumnElement[str]] = [literal_column(f"'$[{n}]'") for n in range(len(columns))]
        parts = [func.json_extract(keys.c.value, path) for path in paths]
    same = [table.c[column] == part for column, part in zip(columns, parts, strict=True)]
    found = select(table).select_from(keys.join(table, and_(*same)))
    return found.order_by(*table.primary_key.columns)


STATEMENTS: dict[str, Statement] = {
    "aliases_by_address": by(tables.alias, "channel", "address"),
    "bindings_by_conversation": by(tables.binding, "conversation"),
    "bindings_by_thread": by(tables.binding, "workspace", "thread"),
    "contacts_by_id": by(tables.contact, "id"),
    "conversations_by_id": by(tables.conversation, "id"),
    "conversations_by_number": by(tables.conversation, "number"),
    "deliveries_by_id": by(tables.delivery, "id"),
    "identities_by_id": by(tables.identity, "id"),
    "links_by_name": by(tables.message_link, "scope", "external_id"),
    "links_by_message": by(tables.message_link, "message"),
    "messages_by_id": by(tables.message, "id"),
    "tickets_by_contact": by(tables.ticket, "contact"),
}
