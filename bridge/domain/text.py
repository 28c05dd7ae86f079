"""Formatted text as a tree: what a person wrote, free of any platform's dialect.

A text is a tuple of blocks. A customer's words are always `Plain` leaves: a renderer escapes
them for its platform, so they can never become markup, a mention or a command.
"""

from collections.abc import Iterator
from typing import TypeAlias

from bridge.domain.value import Value


class Plain(Value, tag="t"):
    """Characters as they are; line breaks are part of them."""

    text: str


class Code(Value, tag="c"):
    """A run of code inside a line."""

    text: str


class Bold(Value, tag="b"):
    """Strong emphasis."""

    spans: "tuple[Span, ...]"


class Italic(Value, tag="i"):
    """Light emphasis."""

    spans: "tuple[Span, ...]"


class Strike(Value, tag="s"):
    """Struck through."""

    spans: "tuple[Span, ...]"


class Link(Value, tag="a"):
    """A link; `url` is http, https, mailto or tel, and a renderer always lets it be seen."""

    url: str
    spans: "tuple[Span, ...]"


Span: TypeAlias = Plain | Code | Bold | Italic | Strike | Link


class Paragraph(Value, tag="p"):
    """A run of spans."""

    spans: tuple[Span, ...]


class CodeBlock(Value, tag="pre"):
    """Lines of code."""

    text: str


class BlockQuote(Value, tag="q"):
    """Quoted blocks."""

    blocks: "tuple[Block, ...]"


class Bullets(Value, tag="l"):
    """A list, numbered from `start` when `ordered`."""

    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False
    start: int = 1


Block: TypeAlias = Paragraph | CodeBlock | BlockQuote | Bullets
FormattedText: TypeAlias = tuple[Block, ...]


def plain(text: str) -> FormattedText:
    """The tree of a text without any formatting; empty for an empty text."""
    return (Paragraph(spans=(Plain(text=text),)),) if text else ()


def only_words(text: FormattedText) -> str | None:
    """The words of a text that is one run of them, as nearly every one is; else None."""
    if len(text) == 1 and type(block := text[0]) is Paragraph and len(spans := block.spans) == 1:
        span = spans[0]
        return span.text if type(span) is Plain else None
    return None


def to_plain(text: FormattedText) -> str:
    """The words of a text, one line break between blocks."""
    words = only_words(text)
    if words is not None:
        return words
    return "\n".join(_block_words(block) for block in text)


def _block_words(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return _span_words(spans)
        case CodeBlock(text=text):
            return text
        case BlockQuote(blocks=blocks):
            return "\n".join(f"> {line}" for line in to_plain(blocks).splitlines())
        case Bullets():
            return "\n".join(_bullet_words(block))


def _bullet_words(bullets: Bullets) -> Iterator[str]:
    for number, item in enumerate(bullets.items, bullets.start):
        mark = f"{number}." if bullets.ordered else "-"
        yield f"{mark} {to_plain(item)}"


def _span_words(spans: tuple[Span, ...]) -> str:
    words = []
    for span in spans:
        match span:
            case Plain(text=text) | Code(text=text):
                words.append(text)
            case Bold(spans=inner) | Italic(spans=inner) | Strike(spans=inner):
                words.append(_span_words(inner))
            case Link(url=url, spans=inner):
                label = _span_words(inner)
                words.append(url if label in ("", url) else f"{label} ({url})")
    return "".join(words)
