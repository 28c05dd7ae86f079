"""Looks up in bulk what a batch needs: one list of keys goes in as JSON, one trip."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, Table, and_, bindparam, func, literal_column, select

from bridge.domain.ids import Address, ChannelId, IdentityId
from bridge.ports.store import Facts, Needs
from storage import tables
from storage.mapping import conversations, customers, lines, promises
from storage.mapping.row import Read
from storage.sqlite import sql

V = TypeVar("V")

_encode = msgspec.json.Encoder().encode


def find(connection: sqlite3.Connection, needs: Needs) -> Facts:
    """What was found, with the conversation, the customer and the threads that belong to it."""
    look = _Look(connection)
    aliases = [
        (ChannelId(row[0]), Address(row[1]), IdentityId(row[2]))
        for row in look.rows(_ALIASES, needs.addresses)
    ]
    links = {
        (x.scope, x.external_id): x for x in look.find(_LINKS, needs.links, lines.message_link)
    }
    wanted_messages = needs.messages | {link.message for link in links.values()}
    for link in look.find(_LINKS_OF, needs.messages, lines.message_link):
        links[link.scope, link.external_id] = link
    messages = look.find(_MESSAGES, wanted_messages, lines.message)
    threads = look.find(_THREADS, needs.threads, conversations.binding)
    deliveries = look.find(_DELIVERIES, needs.deliveries, promises.delivery)
    numbered = look.find(_NUMBERS, needs.numbers, conversations.conversation)
    referred = {
        *(message.conversation for message in messages),
        *(binding.conversation for binding in threads),
        *(delivery.conversation for delivery in deliveries),
    } - {conversation.id for conversation in numbered}
    found = [*numbered, *look.find(_CONVERSATIONS, referred, conversations.conversation)]
    wanted_identities = needs.identities | {alias[2] for alias in aliases}
    wanted_identities |= {each.identity for each in found}
    identities = look.find(_IDENTITIES, wanted_identities, customers.identity)
    contacts = {each.contact for each in identities} | {each.contact for each in found}
    return Facts(
        identities=tuple(identities),
        contacts=tuple(look.find(_CONTACTS, contacts, customers.contact)),
        tickets=tuple(look.find(_TICKETS, contacts, customers.ticket)),
        links=tuple(links.values()),
        messages=tuple(messages),
        bindings=tuple(look.find(_BINDINGS, [each.id for each in found], conversations.binding)),
        conversations=tuple(found),
        deliveries=tuple(deliveries),
        aliases=tuple(aliases),
    )


class _Look:
    """One trip to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, keys: Iterable[object]) -> list[Read]:
        listed = list(keys)
        if not listed:
            return []
        return self._connection.execute(statement, (_encode(listed).decode(),)).fetchall()

    def find(self, statement: str, keys: Iterable[object], value: Callable[[Read], V]) -> list[V]:
        return [value(row) for row in self.rows(statement, keys)]


def _by(table: Table, *columns: str) -> str:
    """Rows whose columns equal one of the keys, which come as one JSON list."""
    keys = func.json_each(bindparam("keys")).table_valued("value")
    parts: list[ColumnElement[object]] = [keys.c.value]
    if len(columns) > 1:
        paths: list[ColumnElement[str]] = [literal_column(f"'$[{n}]'") for n in range(len(columns))]
        parts = [func.json_extract(keys.c.value, path) for path in paths]
    same = [table.c[column] == part for column, part in zip(columns, parts, strict=True)]
    statement = select(table).select_from(keys.join(table, and_(*same)))
    return sql.compiled(statement.order_by(*table.primary_key.columns))


_ALIASES = _by(tables.alias, "channel", "address")
_BINDINGS = _by(tables.binding, "conversation")
_CONTACTS = _by(tables.contact, "id")
_CONVERSATIONS = _by(tables.conversation, "id")
_DELIVERIES = _by(tables.delivery, "id")
_IDENTITIES = _by(tables.identity, "id")
_LINKS = _by(tables.message_link, "scope", "external_id")
_LINKS_OF = _by(tables.message_link, "message")
_MESSAGES = _by(tables.message, "id")
_NUMBERS = _by(tables.conversation, "number")
_THREADS = _by(tables.binding, "workspace", "thread")
_TICKETS = _by(tables.ticket, "contact")
