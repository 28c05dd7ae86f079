"""From one call of the core to one event of a visitor's journal. Pure."""

from bridge.adapters.channels.webchat import lines
from bridge.domain.content import Content
from bridge.domain.errors import DeliveryRejected, NotSupported
from bridge.domain.ids import Address, ExternalId, Instant
from bridge.domain.value import Value
from bridge.ports.calls import CallKind, OutboundCall

_LONGEST_ADDRESS = 150


class Planned(Value):
    """What to append: under this key, so that a repeated call has one effect."""

    key: str
    body: bytes
    line: str


def plan(to: Address, call: OutboundCall, at: Instant) -> Planned:
    """The event of this call. Raises `DeliveryRejected` where the browser could not show it."""
    if not 0 < len(to) <= _LONGEST_ADDRESS or not to.isprintable() or "/" in to[:1]:
        raise DeliveryRejected(f"{to!r} is not a visitor", "unknown_address")
    match call.kind:
        case CallKind.POST:
            return _post(to, call, at)
        case CallKind.EDIT:
            return _edit(to, call)
        case CallKind.DELETE:
            line = _line(to, call.external_id)
            return _planned(call, line, lines.DELETE, lines.Removal(id=line))
        case CallKind.REACT | CallKind.UNREACT:
            return _react(to, call)


def _post(to: Address, call: OutboundCall, at: Instant) -> Planned:
    content = _content(call)
    line = f"m{call.key}"
    quote = None
    if content.quote is not None or call.quoted is not None:
        quote = lines.ShownQuote(
            id=_line(to, call.quoted) if call.quoted else None,
            author=content.quote.author if content.quote else "",
            excerpt=content.quote.excerpt if content.quote else "",
        )
    shown = lines.Shown(
        id=line,
        sender=call.author.value,
        at=at,
        name=call.name,
        text=content.text,
        files=lines.shown_files(content),
        quote=quote,
        choices=content.choices,
    )
    return _planned(call, line, lines.MESSAGE, shown)


def _edit(to: Address, call: OutboundCall) -> Planned:
    content = _content(call)
    line = _line(to, call.external_id)
    files = lines.shown_files(content)
    change = lines.Change(id=line, text=content.text, files=files, choices=content.choices)
    return _planned(call, line, lines.EDIT, change)


def _react(to: Address, call: OutboundCall) -> Planned:
    line = _line(to, call.external_id)
    removed = call.kind is CallKind.UNREACT
    reaction = lines.Reaction(id=line, emoji=call.emoji, removed=removed)
    return _planned(call, line, lines.REACTION, reaction)


def _planned(call: OutboundCall, line: str, event: bytes, data: Value) -> Planned:
    return Planned(key=f"m{call.key}", body=lines.body(event, data), line=line)


def _content(call: OutboundCall) -> Content:
    if call.content is None or not (call.content.text or call.content.files):
        raise NotSupported("a web chat shows words and files only")
    return call.content


def _line(to: Address, external: ExternalId | None) -> str:
    owner, _, line = (external or "").rpartition("/")
    if owner != to or not line:
        raise DeliveryRejected("this line is not in the visitor's chat", "unknown_message")
    return line
