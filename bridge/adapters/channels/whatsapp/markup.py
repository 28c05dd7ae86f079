"""Formatted text as WhatsApp writes it; pure.

WhatsApp knows no way to escape its signs. Where the words of a person would become formatting that
he did not mean, an invisible joiner after the sign keeps them as they are.
https://faq.whatsapp.com/539178204879377
"""

import re

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

JOINER = "\N{WORD JOINER}"
_MEANT = re.compile(r"(?<!\w)(?:[*_~`]{2,}|[*_~`](?=[^\s*_~`][^\n]*[*_~`]))")


def render(text: FormattedText) -> str:
    """The text with WhatsApp's signs; a text without any formatting as it is."""
    return "\n".join(_block(block) for block in text)


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return _spans(spans)
        case CodeBlock(text=text):
            return f"```{text}```"
        case BlockQuote(blocks=blocks):
            return "\n".join(f"> {line}" for line in render(blocks).split("\n"))
        case Bullets(items=items, ordered=ordered, start=start):
            marks = (f"{number}." if ordered else "-" for number in range(start, 10**9))
            return "\n".join(
                f"{mark} {render(item)}" for mark, item in zip(marks, items, strict=False)
            )


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    match span:
        case Plain(text=text):
            return literal(text)
        case Code(text=text):
            return _around("`", text) if "`" not in text else text
        case Bold(spans=inner):
            return _around("*", _spans(inner))
        case Italic(spans=inner):
            return _around("_", _spans(inner))
        case Strike(spans=inner):
            return _around("~", _spans(inner))
        case Link(url=url, spans=inner):
            label = _spans(inner)
            return url if label in ("", url) else f"{label} ({url})"


def _around(sign: str, words: str) -> str:
    """Signs stand directly at words, or WhatsApp shows them as they are; and in one line."""
    if "\n" in words:
        return "\n".join(_around(sign, line) for line in words.split("\n"))
    bare = words.strip()
    if not bare:
        return words
    begin = words.index(bare)
    return f"{words[:begin]}{sign}{bare}{sign}{words[begin + len(bare) :]}"


def literal(text: str) -> str:
    """A person's words, which stay what they are."""
    return _MEANT.sub(lambda found: JOINER.join(found.group()) + JOINER, text)
