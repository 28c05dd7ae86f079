"""Looks up in bulk what a batch needs: one list of keys goes in as JSON, one trip."""

import sqlite3
from collections.abc import Callable, Collection
from typing import TypeVar

import msgspec

from bridge.domain.ids import Address, ChannelId, IdentityId
from bridge.domain.message import MessageLink
from bridge.ports.store import Facts, Needs
from storage.mapping import conversations, customers, lines, promises
from storage.mapping.row import Read
from storage.sqlite.compiled import SQL

V = TypeVar("V")

_encode = msgspec.json.Encoder().encode


def find(connection: sqlite3.Connection, needs: Needs) -> Facts:
    """What was found, with the conversation, the customer and the threads that belong to it."""
    look = _Look(connection)
    aliases = [
        (ChannelId(row[0]), Address(row[1]), IdentityId(row[2]))
        for row in look.rows("aliases_by_address", needs.addresses)
    ]
    links = _links(look, needs)
    wanted_messages = needs.messages | {link.message for link in links}
    messages = look.find("messages_by_id", wanted_messages, lines.message)
    threads = look.find("bindings_by_thread", needs.threads, conversations.binding)
    deliveries = look.find("deliveries_by_id", needs.deliveries, promises.delivery)
    numbered = look.find("conversations_by_number", needs.numbers, conversations.conversation)
    referred = {
        *(message.conversation for message in messages),
        *(binding.conversation for binding in threads),
        *(delivery.conversation for delivery in deliveries),
    } - {conversation.id for conversation in numbered}
    found = [*numbered, *look.find("conversations_by_id", referred, conversations.conversation)]
    wanted_identities = needs.identities | {alias[2] for alias in aliases}
    wanted_identities |= {each.identity for each in found}
    identities = look.find("identities_by_id", wanted_identities, customers.identity)
    contacts = {each.contact for each in identities} | {each.contact for each in found}
    return Facts(
        identities=tuple(identities),
        contacts=tuple(look.find("contacts_by_id", contacts, customers.contact)),
        tickets=tuple(look.find("tickets_by_contact", contacts, customers.ticket)),
        links=tuple(links),
        messages=tuple(messages),
        bindings=tuple(
            look.find(
                "bindings_by_conversation", [each.id for each in found], conversations.binding
            )
        ),
        conversations=tuple(found),
        deliveries=tuple(deliveries),
        aliases=tuple(aliases),
    )


def _links(look: "_Look", needs: Needs) -> list[MessageLink]:
    """The links that were asked for, and every link of the lines that were."""
    named = look.find("links_by_name", needs.links, lines.message_link)
    of_lines = look.find("links_by_message", needs.messages, lines.message_link)
    return list({(link.scope, link.external_id): link for link in (*named, *of_lines)}.values())


class _Look:
    """One trip to the database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, name: str, keys: Collection[object]) -> list[Read]:
        listed = _encode(list(keys))
        if b"\\u0000" in listed:  # SQLite would read such a key only up to there
            listed = _encode([key for key in keys if not _has_nul(key)])
        if listed == b"[]":
            return []
        return self._connection.execute(SQL[name], (listed.decode(),)).fetchall()

    def find(self, name: str, keys: Collection[object], value: Callable[[Read], V]) -> list[V]:
        return [value(row) for row in self.rows(name, keys)]


def _has_nul(key: object) -> bool:
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, str) and "\0" in part for part in parts)
