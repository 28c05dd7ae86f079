"""Formatted text as Discord's markdown: a customer's characters are characters, whatever they are.

A backslash makes any sign literal. Addresses stay as they are, because inside one nothing else is
read; what could call everybody is taken apart with a joiner that nobody sees.
"""

import re
from collections.abc import Iterator, Sequence

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

JOINER = "\u2060"
"""Not seen, has no width, and no word of Discord's goes over it."""

_ADDRESS = re.compile(r"https?://[^\s<>\[\]|`\\]+", re.IGNORECASE)
_CALLS_ALL = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
# The sign behind a bracket, too: nobody who looks for `<@1>` in the source may find it.
_SIGNS = re.compile(r"[\\*_~`|<\[\]]|(?<=<)[@#:/]")
# What means something only where a line begins: quotes, headings, small print, lists.
_BEGINS = re.compile(r"^([ \t]*)(>|#|-|\+|\d+(?=[.)]))", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d+)([.)])", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FENCE = "```"


def write(text: FormattedText) -> str:
    """The markdown of a text."""
    return "\n".join(_block(block) for block in text)


def literal(text: str) -> str:
    """Text that Discord shows as it is."""
    found: list[str] = []
    end = 0
    clean = _clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    for address in _ADDRESS.finditer(clean):
        if _CALLS_ALL.search(address[0]):
            continue
        # An address goes on until a blank: what comes close behind it is kept out by brackets.
        alone = not clean[address.end() : address.end() + 1].strip()
        bare = address[0] if alone else f"<{address[0]}>"
        found += (_escaped(clean[end : address.start()]), bare)
        end = address.end()
    found.append(_escaped(clean[end:]))
    return _at_line_begins("".join(found))


def written(text: FormattedText, limit: int) -> str:
    """The markdown, without any formatting where that alone makes it too long."""
    formatted = write(text)
    return formatted if len(formatted) <= limit else literal(to_plain(text))


def _clean(text: str) -> str:
    """What can be written as JSON: without halves of characters, and without controls."""
    return _CONTROL.sub("", text.encode("utf-8", "replace").decode())


def _escaped(text: str) -> str:
    safe = _SIGNS.sub(r"\\\g<0>", text)
    return _CALLS_ALL.sub(f"@{JOINER}", safe)


def _at_line_begins(text: str) -> str:
    safe = _NUMBERED.sub(r"\1\\\2", text)
    return _BEGINS.sub(_sign_at_begin, safe)


def _sign_at_begin(found: re.Match[str]) -> str:
    blank, sign = found[1], found[2]
    return found[0] if sign[0].isdigit() else f"{blank}\\{sign}"


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans=spans):
            return _at_line_begins_of(spans)
        case CodeBlock(text=text):
            inner = _clean(text).replace(_FENCE, f"``{JOINER}`")
            return f"{_FENCE}\n{inner}\n{_FENCE}"
        case BlockQuote(blocks=blocks):
            return "\n".join(f"> {line}" for line in write(blocks).split("\n"))
        case Bullets():
            return "\n".join(_items(block))


def _items(bullets: Bullets) -> Iterator[str]:
    for number, item in enumerate(bullets.items, bullets.start):
        mark = f"{number}." if bullets.ordered else "-"
        indent = " " * (len(mark) + 1)
        lines = write(item).split("\n")
        yield "\n".join((f"{mark} {lines[0]}", *(f"{indent}{line}" for line in lines[1:])))


def _at_line_begins_of(spans: Sequence[Span]) -> str:
    return "".join(_span(span, "") for span in spans)


def _span(span: Span, inside: str) -> str:
    match span:
        case Plain(text=text):
            return literal(text)
        case Code(text=text):
            return _code(text)
        case Bold(spans=inner):
            return _styled("**", inner, inside)
        case Italic(spans=inner):
            return _styled("_" if "*" in inside else "*", inner, inside)
        case Strike(spans=inner):
            return _styled("~~", inner, inside)
        case Link(url=url, spans=inner):
            return _link(url, "".join(_span(each, inside) for each in inner), inner)


def _styled(mark: str, spans: Sequence[Span], inside: str) -> str:
    """Marks stand close to the words: blanks at the ends go outside."""
    if mark in inside:
        return "".join(_span(each, inside) for each in spans)
    words = "".join(_span(each, inside + mark) for each in spans)
    bare = words.strip()
    if not bare:
        return words
    before, after = words[: words.index(bare)], words[words.index(bare) + len(bare) :]
    return f"{before}{mark}{bare}{mark}{after}"


def _code(text: str) -> str:
    clean = _clean(text)
    if "`" not in clean:
        return f"`{clean}`" if clean.strip() else literal(clean)
    return f"`` {clean} ``" if "``" not in clean else literal(clean)


def _link(url: str, label: str, spans: Sequence[Span]) -> str:
    """Where it leads is always seen; brackets keep Discord from adding a picture of it."""
    address = url if re.match(r"https?://[^\s<>]+$", url, re.IGNORECASE) else ""
    if not address:
        return f"{label} ({literal(url)})" if label and label != literal(url) else literal(url)
    said = to_plain((Paragraph(spans=tuple(spans)),))
    same = said in ("", url)
    return f"<{address}>" if same else f"{label} (<{address}>)"
