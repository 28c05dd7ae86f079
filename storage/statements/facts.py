"""Look-ups in bulk: the keys go in as one list."""

from typing import Any

from sqlalchemy import Select, Table, and_, select

from storage import tables
from storage.statements.dialects import Kind, Statement


def by(of: Kind, table: Table, *columns: str) -> Select[Any]:  # of the table's own columns
    """Rows whose columns equal one of the keys of a list."""
    keys = of.listed("keys", *(table.c[column].type for column in columns))
    same = [table.c[column] == part for column, part in zip(columns, keys.columns, strict=True)]
    found = select(table).select_from(keys.rows.join(table, and_(*same)))
    return found.order_by(*table.primary_key.columns)


def statements(of: Kind) -> dict[str, Statement]:
    """By name."""
    return {
        "aliases_by_address": by(of, tables.alias, "channel", "address"),
        "aliases_by_identity": by(of, tables.alias, "identity"),
        "bindings_by_conversation": by(of, tables.binding, "conversation"),
        "bindings_by_thread": by(of, tables.binding, "workspace", "thread"),
        "contacts_by_id": by(of, tables.contact, "id"),
        "conversations_by_id": by(of, tables.conversation, "id"),
        "conversations_by_number": by(of, tables.conversation, "number"),
        "deliveries_by_id": by(of, tables.delivery, "id"),
        "identities_by_contact": by(of, tables.identity, "contact"),
        "identities_by_id": by(of, tables.identity, "id"),
        "links_by_name": by(of, tables.message_link, "scope", "external_id"),
        "links_by_message": by(of, tables.message_link, "message"),
        "messages_by_id": by(of, tables.message, "id"),
        "tickets_by_contact": by(of, tables.ticket, "contact"),
    }
