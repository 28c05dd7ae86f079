"""From a call of the core to the event that a platform is told. Pure."""

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import JsonValue

from bridge.adapters.channels.connector.markup import to_markdown
from bridge.domain.content import Content, File
from bridge.domain.errors import DeliveryRejected, NotSupported
from bridge.domain.ids import Address
from bridge.domain.text import to_plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.capabilities import ChannelCapabilities, Support

_LONGEST_ADDRESS = 200


def event_of(
    to: Address, call: OutboundCall, can: ChannelCapabilities, link: Callable[[File], str]
) -> JsonValue:
    """The event. Raises `DeliveryRejected` for what the platform could not show."""
    if not 0 < len(to) <= _LONGEST_ADDRESS or not to.isprintable():
        raise DeliveryRejected(f"{to[:40]!r} is not a customer", "unknown_address")
    data: dict[str, JsonValue] = {"customer": {"id": to}}
    match call.kind:
        case CallKind.POST:
            data |= _line(call, can, link)
            return _event("message.created", data)
        case CallKind.EDIT:
            _must_be(can.edits, "edits")
            return _event("message.edited", data | _about(call) | _line(call, can, link))
        case CallKind.DELETE:
            _must_be(can.deletes, "deletes")
            return _event("message.deleted", data | _about(call))
        case CallKind.REACT | CallKind.UNREACT:
            _must_be(can.reactions, "reactions")
            reaction: dict[str, JsonValue] = {
                "emoji": call.emoji,
                "removed": call.kind is CallKind.UNREACT,
            }
            return _event("message.reaction", data | _about(call) | reaction)


def typing_event(to: Address, name: str) -> JsonValue:
    """An agent is typing."""
    return _event("agent.typing", {"customer": {"id": to}, "name": name})


def _must_be(support: Support, what: str) -> None:
    if support is not Support.NATIVE:
        raise NotSupported(f"this platform has no {what}")


def _event(kind: str, data: dict[str, JsonValue]) -> JsonValue:
    timestamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": kind, "timestamp": timestamp, "data": data}


def _about(call: OutboundCall) -> dict[str, JsonValue]:
    if not call.external_id:
        raise DeliveryRejected("a line without a name cannot be changed", "unknown_message")
    return {"id": call.external_id}


def _line(
    call: OutboundCall, can: ChannelCapabilities, link: Callable[[File], str]
) -> dict[str, JsonValue]:
    content = call.content
    if content is None or content == Content():
        raise NotSupported("a line without anything")
    data: dict[str, JsonValue] = {
        "text": to_plain(content.text),
        "from": {"kind": call.author.value, "name": call.name},
    }
    if can.formatting and content.text:
        data["markdown"] = to_markdown(content.text)
    if content.files:
        data["media"] = [_file(file, link) for file in content.files]
    if content.choices:
        data["buttons"] = [{"id": each.id, "label": each.label} for each in content.choices]
    if call.quoted is not None:
        data["reply_to"] = call.quoted
    if content.quote is not None:
        data["quote"] = {"author": content.quote.author, "excerpt": content.quote.excerpt}
    return data | _special(content)


def _special(content: Content) -> dict[str, JsonValue]:
    """What is no words: a place, a person, a template of the platform's own."""
    data: dict[str, JsonValue] = {}
    if content.location is not None:
        place = content.location
        data["location"] = {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "name": place.name,
            "address": place.address,
        }
    if content.contact_card is not None:
        card = content.contact_card
        data["contact_card"] = {
            "name": card.name,
            "phones": list(card.phones),
            "emails": list(card.emails),
        }
    if content.template is not None:
        use = content.template
        data["template"] = {
            "name": use.name,
            "language": use.language,
            "variables": list(use.variables),
        }
    return data


def _file(file: File, link: Callable[[File], str]) -> JsonValue:
    return {
        "url": link(file),
        "kind": file.kind.value,
        "mime": file.mime,
        "size": file.size,
        "name": file.name,
    }
