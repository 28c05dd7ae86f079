"""Formatted text as CommonMark, where every sign that a person typed stays what it is. Pure."""

import re
from itertools import count

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
)

_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:@=])")
_TICKS = re.compile(r"`+")
_UNSAFE_IN_LINK = re.compile(r"[\s<>\\]")


def to_markdown(text: FormattedText) -> str:
    """The text; a reader of CommonMark shows the same words, formatted the same."""
    return "\n\n".join(_block(block) for block in text)


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return _spans(spans).replace("\n", "\\\n")
        case CodeBlock(text=text):
            fence = _fence(text, 3)
            return f"{fence}\n{text}\n{fence}"
        case BlockQuote(blocks=blocks):
            return "\n".join(f"> {line}" for line in to_markdown(blocks).split("\n"))
        case Bullets(items=items, ordered=ordered, start=start):
            marks = (f"{number}." if ordered else "-" for number in count(start))
            return "\n".join(_item(mark, item) for mark, item in zip(marks, items, strict=False))


def _item(mark: str, blocks: FormattedText) -> str:
    indent = " " * (len(mark) + 1)
    return f"{mark} " + to_markdown(blocks).replace("\n", "\n" + indent)


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    match span:
        case Plain(text=text):
            return _SIGNS.sub(r"\\\1", text)
        case Code(text=text):
            fence = _fence(text, 1)
            pad = " " if text.startswith("`") or text.endswith("`") else ""
            return f"{fence}{pad}{text}{pad}{fence}"
        case Bold(spans=inner):
            return f"**{_spans(inner)}**"
        case Italic(spans=inner):
            return f"*{_spans(inner)}*"
        case Strike(spans=inner):
            return f"~~{_spans(inner)}~~"
        case Link(url=url, spans=inner):
            safe = _UNSAFE_IN_LINK.sub(lambda found: f"%{ord(found[0]):02X}", url)
            return f"[{_spans(inner) or safe}](<{safe}>)"


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
