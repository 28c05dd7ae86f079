"""From a customer's words and entities to formatted text. Pure; any places are survived.

Only what he formatted himself becomes formatting. What Telegram merely found (addresses, mentions,
commands) stays the words that it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from urllib.parse import urlsplit

from bridge.adapters.channels.telegram.marks import Entity
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Link,
    Paragraph,
    Plain,
    Span,
    Strike,
    plain,
)
from bridge.domain.value import Value

_BLOCKS = frozenset({"pre", "blockquote", "expandable_blockquote"})
_STYLES: dict[str, type[Bold | Italic | Strike]] = {
    "bold": Bold,
    "italic": Italic,
    "strikethrough": Strike,
}
_SPANS = frozenset({*_STYLES, "code", "text_link"})
_NESTED = ("text_link", *_STYLES)


class _Mark(Value):
    """An entity, placed in characters."""

    type: str
    start: int
    end: int
    url: str


class _Run(Value):
    """Characters that bear the same marks; the address stands with that of a link."""

    text: str
    marks: frozenset[tuple[str, str]]


def parse(text: str, entities: Sequence[Entity]) -> FormattedText:
    """The formatted text of a message."""
    marks = [mark for each in entities if (mark := _placed(text, each)) is not None]
    if not marks:
        return plain(text)
    return tuple(_blocks(text, marks))


def _placed(text: str, entity: Entity) -> _Mark | None:
    """Where it is; None for what is no formatting, or nowhere."""
    if entity.type not in _BLOCKS | _SPANS:
        return None
    if entity.type == "text_link" and not _is_good(entity.url):
        return None
    start = _characters(text, entity.offset)
    end = _characters(text, entity.offset + entity.length)
    return _Mark(type=entity.type, start=start, end=end, url=entity.url) if start < end else None


def _characters(text: str, at: int) -> int:
    """A place in UTF-16 code units as one in characters; half a character is none of it."""
    if text.isascii():
        return max(0, min(at, len(text)))
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, at)]
    return len(before.decode("utf-16-le", "ignore"))


def _is_good(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.netloc)
    return parts.scheme in ("mailto", "tel") and bool(parts.path)


# --- blocks -----------------------------------------------------------------------------------


def _blocks(text: str, marks: Sequence[_Mark]) -> Iterator[Block]:
    """Paragraphs, and between them what stands on lines of its own."""
    at = 0
    alone = (mark for mark in marks if mark.type in _BLOCKS)
    for mark in sorted(alone, key=lambda each: each.start):
        if mark.start < at:
            continue  # in another one
        yield from _paragraph(text, at, _without_break_before(text, at, mark.start), marks)
        yield _block(text, mark, marks)
        at = mark.end
        if text[at : at + 1] == "\n":
            at += 1
    yield from _paragraph(text, at, len(text), marks)


def _without_break_before(text: str, at: int, end: int) -> int:
    return end - 1 if end > at and text[end - 1] == "\n" else end


def _block(text: str, mark: _Mark, marks: Sequence[_Mark]) -> Block:
    if mark.type == "pre":
        return CodeBlock(text=text[mark.start : mark.end])
    return BlockQuote(blocks=tuple(_paragraph(text, mark.start, mark.end, marks)))


def _paragraph(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[Paragraph]:
    if start < end:
        yield Paragraph(spans=_nested(list(_runs(text, start, end, marks)), _NESTED))


# --- spans ------------------------------------------------------------------------------------


def _runs(text: str, start: int, end: int, marks: Sequence[_Mark]) -> Iterator[_Run]:
    """The text, cut wherever a mark begins or ends."""
    styles = (mark for mark in marks if mark.type in _SPANS)
    inside = [mark for mark in styles if mark.start < end and start < mark.end]
    places = {start, end, *(place for mark in inside for place in (mark.start, mark.end))}
    for first, last in pairwise(sorted(place for place in places if start <= place <= end)):
        here = (mark for mark in inside if mark.start <= first and last <= mark.end)
        yield _Run(text=text[first:last], marks=frozenset((each.type, each.url) for each in here))


def _nested(runs: Sequence[_Run], order: Sequence[str]) -> tuple[Span, ...]:
    """The runs as spans, the first mark of the order outermost."""
    if not order:
        return tuple(_leaves(runs))
    outermost, inner = order[0], order[1:]
    spans: list[Span] = []
    for bears, group in groupby(runs, key=lambda run: _bears(run, outermost)):
        within = _nested(list(group), inner)
        if bears is None:
            spans.extend(within)
        elif outermost == "text_link":
            spans.append(Link(url=bears, spans=within))
        else:
            spans.append(_STYLES[outermost](spans=within))
    return tuple(spans)


def _bears(run: _Run, type_: str) -> str | None:
    """The address of this mark on the run, empty where it has none; None without the mark."""
    return next((url for each, url in sorted(run.marks) if each == type_), None)


def _leaves(runs: Iterable[_Run]) -> Iterator[Span]:
    for code, group in groupby(runs, key=lambda run: _bears(run, "code") is not None):
        words = "".join(run.text for run in group)
        yield Code(text=words) if code else Plain(text=words)
