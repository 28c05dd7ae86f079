"""Formatted text as Slack's `rich_text` blocks, in which nothing is ever parsed; pure.

Slack reads mentions, channel names and markup out of every other kind of text. In a rich text a
mention is an element of its own, which nothing here makes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bridge.adapters.workspaces.slack.client import Json
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Link,
    Paragraph,
    Plain,
    Span,
    Strike,
    to_plain,
)
from bridge.ports.split import split

MAX_BLOCK = 3_000
"""Characters of one block; a longer text is several blocks of one message."""

_DEEPEST = 8
_URL = re.compile(r"https?://[^\s<>|\"]{1,2000}", re.IGNORECASE)
_AFTER_URL = ".,;:!?'\"’”)]}"
_LINKED = ("https://", "http://", "mailto:", "tel:")


def rich_text(text: FormattedText, before: Sequence[Json] = ()) -> list[Json]:
    """The blocks of a text; `before` are elements that its first line begins with."""
    pieces = split(text, MAX_BLOCK) or ((),)
    blocks = []
    for place, piece in enumerate(pieces):
        elements = _elements(piece, before if place == 0 else ())
        if elements:
            blocks.append({"type": "rich_text", "elements": elements})
    return blocks


def words(text: str, **style: bool) -> Json:
    """A run of characters as they are."""
    element: Json = {"type": "text", "text": clean(text)}
    return element | {"style": style} if style else element


def person(user: str) -> Json:
    """A mention, which notifies: the only way there is to one."""
    return {"type": "user", "user_id": user}


def section(elements: Iterable[Json]) -> Json:
    """One run of inline elements."""
    return {"type": "rich_text_section", "elements": list(elements)}


def clean(text: str) -> str:
    """Text that can be written as JSON: without halves of characters and without NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _elements(text: FormattedText, before: Sequence[Json]) -> list[Json]:
    found: list[Json] = []
    inline = list(before)
    for is_prose, group in groupby(text, key=lambda block: isinstance(block, Paragraph)):
        if is_prose:
            inline += _prose(group)
            continue
        if inline:
            found.append(section(inline))
        inline = []
        for block in group:
            found.extend(_block(block))
    if inline:
        found.append(section(inline))
    return found


def _block(block: Block) -> Iterator[Json]:
    match block:
        case Paragraph():
            yield section(_prose((block,)))
        case CodeBlock(text=text) if text:
            yield {"type": "rich_text_preformatted", "elements": [words(text)]}
        case CodeBlock():
            return
        case BlockQuote(blocks=inner):
            elements = list(_prose(inner))
            if elements:
                yield {"type": "rich_text_quote", "elements": elements}
        case Bullets():
            yield from _bullets(block, 0)


def _bullets(bullets: Bullets, depth: int) -> Iterator[Json]:
    """A list; one within an item is a list of its own behind it, further to the right."""
    run: list[Json] = []
    first = bullets.start
    for number, item in enumerate(bullets.items, bullets.start):
        inner = [block for block in item if isinstance(block, Bullets)]
        prose = list(_prose(block for block in item if not isinstance(block, Bullets)))
        run.append(section(prose or [words(" ")]))
        if inner:
            yield _list(bullets, run, first, depth)
            run, first = [], number + 1
            for nested in inner:
                yield from _bullets(nested, depth + 1)
    if run:
        yield _list(bullets, run, first, depth)


def _list(bullets: Bullets, items: list[Json], first: int, depth: int) -> Json:
    made: Json = {
        "type": "rich_text_list",
        "style": "ordered" if bullets.ordered else "bullet",
        "indent": min(depth, _DEEPEST),
        "elements": items,
    }
    return made | {"offset": first - 1} if bullets.ordered and first > 1 else made


def _prose(blocks: Iterable[Block]) -> Iterator[Json]:
    """Blocks as one run, a line break between them; what cannot stand in a run is its words."""
    for place, block in enumerate(blocks):
        if place:
            yield words("\n")
        match block:
            case Paragraph(spans=spans):
                yield from _spans(spans, {})
            case CodeBlock(text=text):
                yield from _run(text, {"code": True})
            case BlockQuote() | Bullets():
                yield from _run(to_plain((block,)), {})


def _spans(spans: Sequence[Span], style: dict[str, bool]) -> Iterator[Json]:
    for span in spans:
        match span:
            case Plain(text=text):
                yield from _linked(text, style)
            case Code(text=text):
                yield from _run(text, style | {"code": True})
            case Bold(spans=inner):
                yield from _spans(inner, style | {"bold": True})
            case Italic(spans=inner):
                yield from _spans(inner, style | {"italic": True})
            case Strike(spans=inner):
                yield from _spans(inner, style | {"strike": True})
            case Link(url=url, spans=inner):
                yield from _link(url, to_plain((Paragraph(spans=inner),)), style)


def _run(text: str, style: dict[str, bool]) -> Iterator[Json]:
    if text:
        yield words(text, **style)


def _linked(text: str, style: dict[str, bool]) -> Iterator[Json]:
    """Plain text, with its web addresses to be followed."""
    at = 0
    for found in _URL.finditer(text):
        url = found.group().rstrip(_AFTER_URL)
        yield from _run(text[at : found.start()], style)
        yield from _link(url, url, style)
        at = found.start() + len(url)
    yield from _run(text[at:], style)


def _link(url: str, label: str, style: dict[str, bool]) -> Iterator[Json]:
    """A link that shows where it leads; what leads nowhere is its words."""
    url, label = clean(url), clean(label)
    if not url.lower().startswith(_LINKED) or re.search(r"[\s<>|]", url):
        yield from _run(label if label in ("", url) else f"{label} ({url})", style)
        return
    shown = label not in ("", url)
    if shown:
        yield words(f"{label} (", **style)
    link: Json = {"type": "link", "url": url}
    yield link | {"style": style} if style else link
    if shown:
        yield words(")", **style)


def words_in(blocks: Sequence[Json]) -> str:
    """What blocks of rich text say, a line break between them."""
    return "\n".join(_words_in(block) for block in blocks)


def _words_in(node: Json) -> str:
    inner = node.get("elements")
    if isinstance(inner, list):
        inline = node.get("type") not in ("rich_text", "rich_text_list")
        return ("" if inline else "\n").join(_words_in(each) for each in inner)
    return str(node.get("text") or node.get("url") or "")
