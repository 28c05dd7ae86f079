"""Cuts a formatted text into pieces that are short enough, each with its formatting.

The tree is unrolled into rows (a paragraph or code block with the quotes and list items it stands
in), rows that are too long are cut, rows are packed into pieces, and each piece is rolled up into
a tree again.
"""

from collections.abc import Iterable, Iterator
from itertools import count, groupby
from typing import TypeAlias

from msgspec.structs import replace

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
from bridge.domain.value import Value
from bridge.ports.borders import code_border, prose_border


class _Quote(Value):
    """A quote around rows."""

    key: int


class _Item(Value):
    """An item around rows, of the list that has this `key`."""

    key: int
    number: int
    ordered: bool


_Box: TypeAlias = _Quote | _Item
_Boxes: TypeAlias = tuple[_Box, ...]


class _Row(Value):
    """A leaf of the tree and what stands around it, outermost first."""

    boxes: _Boxes
    block: Paragraph | CodeBlock
    continues: bool = False
    """It is the rest of a row that was cut, and begins a piece."""


def split(text: FormattedText, limit: int) -> tuple[FormattedText, ...]:
    """The text in pieces of at most `limit` characters, as `to_plain` counts them.

    Every word is in one piece, in order, unless it alone is longer than `limit`. Quotes and
    styles go on in the next piece, lists go on counting, links stay whole if they can. Pieces of
    nothing but blanks are left out.
    """
    words = to_plain(text)
    if len(words) <= limit:
        return (text,) if words.strip() else ()
    rows = (part for row in _unroll(text, (), count()) for part in _cut(row, limit))
    pieces = (_roll(piece) for piece in _without_begun_items(_pack(rows, limit)))
    return tuple(piece for piece in pieces if to_plain(piece).strip())


def _unroll(blocks: FormattedText, boxes: _Boxes, keys: Iterator[int]) -> Iterator[_Row]:
    for block in blocks:
        match block:
            case Paragraph() | CodeBlock():
                yield _Row(boxes=boxes, block=block)
            case BlockQuote(blocks=inner):
                yield from _unroll(inner, (*boxes, _Quote(key=next(keys))), keys)
            case Bullets(items=items, ordered=ordered, start=start):
                key = next(keys)
                for number, item in enumerate(items, start):
                    box = _Item(key=key, number=number, ordered=ordered)
                    # An empty item keeps its number.
                    yield from _unroll(item or (Paragraph(spans=()),), (*boxes, box), keys)


def _cut(row: _Row, limit: int) -> Iterator[_Row]:
    """The row in parts that each fit into a piece; boxes that leave no room are dropped."""
    if _marks(row) + _per_line(row) > limit // 2:
        row = replace(row, boxes=())
    if _cost(row) <= limit:
        yield row
        return
    words, start = to_plain((row.block,)), 0
    border = code_border if isinstance(row.block, CodeBlock) else prose_border
    links = list(_links(row.block))
    while start < len(words):
        end = _reach(words, start, limit - _marks(row), _per_line(row))
        stop, resume = _outside_links(links, start, end, *border(words, start, end))
        if words[start:stop].strip():
            yield replace(row, block=_slice_block(row.block, start, stop), continues=start > 0)
        start = resume


def _pack(rows: Iterable[_Row], limit: int) -> Iterator[list[_Row]]:
    piece: list[_Row] = []
    left = limit
    for row in rows:
        cost = _cost(row) + bool(piece)
        if cost > left or row.continues:
            yield piece
            piece, left, cost = [], limit, _cost(row)
        piece.append(row)
        left -= cost
    yield piece


def _without_begun_items(pieces: Iterable[list[_Row]]) -> Iterator[list[_Row]]:
    """An item that began in an earlier piece goes on without its mark."""
    begun: set[_Box] = set()
    for piece in pieces:
        yield [
            replace(row, boxes=tuple(box for box in row.boxes if box not in begun)) for row in piece
        ]
        begun.update(box for row in piece for box in row.boxes if isinstance(box, _Item))


def _cost(row: _Row) -> int:
    """What the row takes at most; an item's mark counts for each row, though it is shown once."""
    words = to_plain((row.block,))
    # A line break at the end is a line of its own once another row follows.
    lines = len(f"{words}.".splitlines())
    return len(words) + _marks(row) + lines * _per_line(row)


def _marks(row: _Row) -> int:
    items = (box for box in row.boxes if isinstance(box, _Item))
    return sum(len(f"{box.number}. ") if box.ordered else len("- ") for box in items)


def _per_line(row: _Row) -> int:
    """What the quotes around the row take on each of its lines."""
    return len("> ") * sum(isinstance(box, _Quote) for box in row.boxes)


def _reach(words: str, start: int, room: int, per_line: int) -> int:
    """How far from `start` the words fit into `room`."""
    if not per_line:
        return start + room
    at = start
    for line in words[start : start + room].splitlines(keepends=True):
        room -= per_line
        at += max(0, min(len(line), room))
        room -= len(line)
    return at


def _roll(rows: Iterable[_Row]) -> FormattedText:
    blocks: list[Block] = []
    for _, group in groupby(rows, key=lambda row: row.boxes[0].key if row.boxes else None):
        inner = list(group)
        match inner[0].boxes[:1]:
            case (_Quote(),):
                blocks.append(BlockQuote(blocks=_roll(map(_unboxed, inner))))
            case (_Item(number=number, ordered=ordered),):
                items = groupby(inner, key=lambda row: row.boxes[0])
                rolled = tuple(_roll(map(_unboxed, item)) for _, item in items)
                blocks.append(Bullets(items=rolled, ordered=ordered, start=number))
            case _:
                blocks.extend(row.block for row in inner)
    return tuple(blocks)


def _unboxed(row: _Row) -> _Row:
    return replace(row, boxes=row.boxes[1:])


def _links(block: Paragraph | CodeBlock) -> Iterator[tuple[int, int]]:
    """Where the links of a paragraph are in its words, from and to."""
    if isinstance(block, Paragraph):
        yield from _link_places(block.spans, 0)


def _link_places(spans: tuple[Span, ...], at: int) -> Iterator[tuple[int, int]]:
    for span in spans:
        size = _size(span)
        if isinstance(span, Link):
            yield at, at + size
        elif isinstance(span, Bold | Italic | Strike):
            yield from _link_places(span.spans, at)
        at += size


def _outside_links(
    links: list[tuple[int, int]], start: int, end: int, stop: int, resume: int
) -> tuple[int, int]:
    """The border moved behind or before the link it falls into; one too long is cut after all."""
    for first, last in links:
        if first < stop < last or first < resume < last:
            if last <= end:
                return last, last
            if start < first:
                return min(stop, first), first
    return stop, resume


def _slice_block(block: Paragraph | CodeBlock, start: int, stop: int) -> Paragraph | CodeBlock:
    if isinstance(block, CodeBlock):
        return CodeBlock(text=block.text[start:stop])
    return Paragraph(spans=_slice(block.spans, start, stop))


def _slice(spans: tuple[Span, ...], start: int, stop: int) -> tuple[Span, ...]:
    """The spans of the words from `start` to `stop`."""
    kept: list[Span] = []
    at = 0
    for span in spans:
        size = _size(span)
        first, last = max(start - at, 0), min(stop - at, size)
        if first < last:
            kept.append(span if last - first == size else _piece_of(span, first, last))
        at += size
        if at >= stop:
            break
    return tuple(kept)


def _piece_of(span: Span, start: int, stop: int) -> Span:
    match span:
        case Plain(text=text) | Code(text=text):
            return replace(span, text=text[start:stop])
        case Bold(spans=spans) | Italic(spans=spans) | Strike(spans=spans):
            return replace(span, spans=_slice(spans, start, stop))
        case Link():
            # Half an address leads nowhere: it is text.
            return Plain(text=_words((span,))[start:stop])


def _size(span: Span) -> int:
    return len(span.text) if isinstance(span, Plain | Code) else len(_words((span,)))


def _words(spans: tuple[Span, ...]) -> str:
    return to_plain((Paragraph(spans=spans),))
