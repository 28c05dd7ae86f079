"""What an agent typed in Slack becomes formatted text, and whom it mentions; pure.

A person's message carries `rich_text` blocks: they are read where they are whole. The `text` with
its marks is read where there are none (a `/me` line, an old client).
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from bridge.adapters.workspaces.slack.receiving.payloads import Message, Payload
from bridge.adapters.workspaces.slack.text import mrkdwn
from bridge.adapters.workspaces.slack.text.emoji import unicode_of
from bridge.adapters.workspaces.slack.text.links import link
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Paragraph,
    Plain,
    Span,
    Strike,
    to_plain,
)
from bridge.domain.value import Value

Names = Mapping[str, str]
"""What people call users, rooms and groups, by id; an id without a name is shown as it is."""

_MENTION = re.compile(r"<(?:@([UW][A-Z0-9]+)|#([CG][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|!(\w+))")
_CALLS = frozenset({"here", "channel", "everyone"})


class Mentions(Value):
    """The members, rooms and groups that a message names by a token of Slack's."""

    users: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    everybody: bool = False

    @property
    def any(self) -> bool:
        """True when it names somebody or something of the workspace."""
        return bool(self.users or self.rooms or self.groups or self.everybody)


class _Style(Value):
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


class _Element(Value):
    """One element of a `rich_text` block, whatever its type."""

    type: str
    text: str | None = None
    url: str | None = None
    name: str | None = None
    unicode: str | None = None
    skin_tone: int | None = None
    user_id: str | None = None
    usergroup_id: str | None = None
    channel_id: str | None = None
    range: str | None = None
    value: str | None = None
    fallback: str | None = None
    style: _Style | str | None = None
    elements: tuple["_Element", ...] = ()
    indent: int = 0
    offset: int = 0


def mentioned(message: Message) -> Mentions:
    """Everybody and everything that the message names, in its blocks or in its text."""
    found = [match.groups() for match in _MENTION.finditer(message.text or "")]
    parts = [part for element in _rich_text(message) for part in _walk(element)]
    return Mentions(
        users=frozenset(
            [user for user, _, _, _ in found if user] + [p.user_id for p in parts if p.user_id]
        ),
        rooms=frozenset(
            [room for _, room, _, _ in found if room]
            + [p.channel_id for p in parts if p.channel_id]
        ),
        groups=frozenset(
            [group for _, _, group, _ in found if group]
            + [p.usergroup_id for p in parts if p.usergroup_id]
        ),
        everybody=any(call in _CALLS for _, _, _, call in found)
        or any(part.type == "broadcast" for part in parts),
    )


def to_text(message: Message, names: Names) -> FormattedText:
    """The words as a customer may read them: names for ids, Unicode for emoji names."""
    blocks = tuple(_blocks(_rich_text(message), names))
    if to_plain(blocks).strip():
        return blocks
    return mrkdwn.parse(message.text or "", names)


def _rich_text(message: Message) -> tuple[_Element, ...]:
    """The elements of the blocks; empty where any block is of another kind than people make."""
    blocks = message.blocks or []
    try:
        read = [_read(block) for block in blocks]
    except msgspec.ValidationError:
        return ()
    if any(block.type != "rich_text" for block in read):
        return ()
    return tuple(element for block in read for element in block.elements)


def _read(block: Payload) -> _Element:
    return msgspec.convert(block, _Element, strict=False)


def _walk(element: _Element) -> Iterator[_Element]:
    yield element
    for inner in element.elements:
        yield from _walk(inner)


# --- blocks -----------------------------------------------------------------------------------


def _blocks(elements: tuple[_Element, ...], names: Names) -> Iterator[Block]:
    at = 0
    while at < len(elements):
        element = elements[at]
        if element.type == "rich_text_list":
            end = at + 1
            while end < len(elements) and elements[end].type == "rich_text_list":
                end += 1
            yield from _lists(elements[at:end], 0, names)
            at = end
            continue
        yield from _block(element, names)
        at += 1


def _block(element: _Element, names: Names) -> Iterator[Block]:
    spans = _without_last_break(tuple(_spans(element.elements, names)))
    match element.type:
        case "rich_text_preformatted":
            yield CodeBlock(text=to_plain((Paragraph(spans=spans),)))
        case "rich_text_quote":
            yield BlockQuote(blocks=(Paragraph(spans=spans),))
        case _:
            if spans:
                yield Paragraph(spans=spans)


def _lists(lists: tuple[_Element, ...], indent: int, names: Names) -> Iterator[Bullets]:
    """Slack sends a nested list as a list of its own behind its item, further indented."""
    items: list[tuple[Block, ...]] = []
    head: _Element | None = None
    at = 0
    while at < len(lists):
        element = lists[at]
        if element.indent > indent:
            end = at + 1
            while end < len(lists) and lists[end].indent > indent:
                end += 1
            inner = tuple(_lists(lists[at:end], element.indent, names))
            items.append((*(items.pop() if items else ()), *inner))
            at = end
            continue
        if head is not None and _ordered(element) != _ordered(head):
            yield _bullets(head, items)
            items, head = [], None
        head = head or element
        items += [tuple(_block(item, names)) for item in element.elements]
        at += 1
    if items:
        yield _bullets(head, items)


def _bullets(head: _Element | None, items: list[tuple[Block, ...]]) -> Bullets:
    if head is None or not _ordered(head):
        return Bullets(items=tuple(items))
    return Bullets(items=tuple(items), ordered=True, start=head.offset + 1)


def _ordered(element: _Element) -> bool:
    return element.style == "ordered"


def _without_last_break(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """A section ends with a line break where another block follows; the blocks say that."""
    if not spans or not isinstance(last := spans[-1], Plain) or not last.text.endswith("\n"):
        return spans
    rest = last.text[:-1]
    return (*spans[:-1], Plain(text=rest)) if rest else spans[:-1]


# --- spans ------------------------------------------------------------------------------------


def _spans(elements: tuple[_Element, ...], names: Names) -> Iterator[Span]:
    for element in elements:
        span = _span(element, names)
        if span is not None:
            yield _styled(span, element.style)


def _span(element: _Element, names: Names) -> Span | None:
    match element.type:
        case "link":
            return link(element.url or "", element.text or "")
        case "emoji":
            return Plain(text=_emoji(element))
        case "user":
            return Plain(text=f"@{_name(element.user_id, names)}")
        case "usergroup":
            return Plain(text=f"@{_name(element.usergroup_id, names)}")
        case "channel":
            return Plain(text=f"#{_name(element.channel_id, names)}")
        case "broadcast":
            return Plain(text=f"@{element.range or 'channel'}")
        case _:
            words = element.text or element.fallback or element.value
            return Plain(text=words) if words else None


def _name(id: str | None, names: Names) -> str:
    return names.get(id or "", id or "")


def _emoji(element: _Element) -> str:
    if element.unicode:
        try:
            return "".join(chr(int(code, 16)) for code in element.unicode.split("-"))
        except (ValueError, OverflowError):
            pass
    name = element.name or ""
    toned = f"{name}::skin-tone-{element.skin_tone}" if element.skin_tone else name
    return unicode_of(toned) or f":{name}:"


def _styled(span: Span, style: _Style | str | None) -> Span:
    if not isinstance(style, _Style):
        return span
    if style.code and isinstance(span, Plain):
        span = Code(text=span.text)
    if style.strike:
        span = Strike(spans=(span,))
    if style.italic:
        span = Italic(spans=(span,))
    if style.bold:
        span = Bold(spans=(span,))
    return span
