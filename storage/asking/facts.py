"""Asks in bulk for what a batch needs."""

from collections.abc import Callable, Collection
from typing import TypeVar

from bridge.domain.ids import Address, ChannelId, IdentityId
from bridge.domain.message import MessageLink
from bridge.ports.store import Facts, Needs
from storage.asking import Ask, Asking, listed
from storage.mapping import conversations, customers, lines, promises
from storage.mapping.row import Read

V = TypeVar("V")


def find(needs: Needs) -> Asking[Facts]:
    """What was found, with the conversation, the customer and the threads that belong to it."""
    aliases = yield from _find("aliases_by_address", needs.addresses, _alias)
    theirs = yield from _find("identities_by_contact", needs.contacts, customers.identity)
    owned = {each.id for each in theirs}
    aliases += yield from _find("aliases_by_identity", owned, _alias)
    links = yield from _links(needs)
    wanted_messages = needs.messages | {link.message for link in links}
    messages = yield from _find("messages_by_id", wanted_messages, lines.message)
    threads = yield from _find("bindings_by_thread", needs.threads, conversations.binding)
    deliveries = yield from _find("deliveries_by_id", needs.deliveries, promises.delivery)
    conversation = conversations.conversation
    numbered = yield from _find("conversations_by_number", needs.numbers, conversation)
    referred = {
        *(message.conversation for message in messages),
        *(binding.conversation for binding in threads),
        *(delivery.conversation for delivery in deliveries),
    } - {each.id for each in numbered}
    found = [*numbered, *(yield from _find("conversations_by_id", referred, conversation))]
    wanted_identities = needs.identities | owned | {alias[2] for alias in aliases}
    wanted_identities |= {each.identity for each in found}
    identities = yield from _find("identities_by_id", wanted_identities, customers.identity)
    contacts = {each.contact for each in identities} | {each.contact for each in found}
    ids = [each.id for each in found]
    return Facts(
        identities=tuple(identities),
        contacts=tuple((yield from _find("contacts_by_id", contacts, customers.contact))),
        tickets=tuple((yield from _find("tickets_by_contact", contacts, customers.ticket))),
        links=tuple(links),
        messages=tuple(messages),
        bindings=tuple((yield from _find("bindings_by_conversation", ids, conversations.binding))),
        conversations=tuple(found),
        deliveries=tuple(deliveries),
        aliases=tuple(aliases),
    )


def _links(needs: Needs) -> Asking[list[MessageLink]]:
    """The links that were asked for, and every link of the lines that were."""
    named = yield from _find("links_by_name", needs.links, lines.message_link)
    of_lines = yield from _find("links_by_message", needs.messages, lines.message_link)
    return list({(link.scope, link.external_id): link for link in (*named, *of_lines)}.values())


def _find(name: str, keys: Collection[object], value: Callable[[Read], V]) -> Asking[list[V]]:
    if not keys or not (wanted := listed(keys)):
        return []
    return [value(row) for row in (yield Ask(name, (wanted,)))]


def _alias(row: Read) -> tuple[ChannelId, Address, IdentityId]:
    return (ChannelId(row[0]), Address(row[1]), IdentityId(row[2]))
