"""Builds formatted text from the tokens of markdown-it; imported with the first Markdown."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

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

DEEPEST = 12
"""Levels of quotes and lists (a list has two); what is deeper stays as it was typed."""
DEEPEST_STYLE = 8
"""Styles inside styles; what is deeper is shown without its own."""

_RULES = ("fence", "blockquote", "list", "newline", "escape", "backticks", "strikethrough")
_SPAN_RULES = ("emphasis", "link", "autolink")
_LANGUAGE = re.compile(r"[\w+#.-]{0,20}")
_FENCE = re.compile(r"[ \t]*(?:```[^`]*|~~~.*)$")
_STYLES: dict[str, type[Bold | Italic | Strike]] = {
    "strong_open": Bold,
    "em_open": Italic,
    "s_open": Strike,
}


class _Markdown(MarkdownIt):
    """Markdown without what has no place in a chat: headings, tables, HTML, references."""

    def __init__(self) -> None:
        """Switch on exactly what the formatted text has."""
        super().__init__("zero", {"maxNesting": DEEPEST})
        self.enable([*_RULES, *_SPAN_RULES])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name for it
        """Only what a person can safely be led to."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if parts.scheme in ("http", "https"):
            return bool(parts.netloc) and "%" not in parts.netloc
        return parts.scheme in ("mailto", "tel") and bool(parts.path)


_markdown = _Markdown()


def build(text: str) -> FormattedText:
    """The tree of a text; see `bridge.ports.markdown.parse`."""
    lines = list(_with_quotes_ended(_lines(text)))
    tokens = _markdown.parse("\n".join(lines))
    return _Builder(lines).blocks(tokens)


def _lines(text: str) -> list[str]:
    """The lines as the parser will count them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")


def _with_quotes_ended(lines: list[str]) -> Iterator[str]:
    """A line without `>` is not part of the quote above it, as in every chat."""
    quoting = fenced = False
    for line in lines:
        quotes = not fenced and line.lstrip(" ").startswith(">")
        if quoting and not quotes and line.strip():
            yield ""
        yield line
        quoting = quotes
        fenced ^= _FENCE.match(line) is not None


class _Builder:
    """Turns the tokens of one text into blocks."""

    def __init__(self, lines: list[str]) -> None:
        """Keep the source, for what stays as it was typed."""
        self._lines = lines

    def blocks(self, tokens: Sequence[Token]) -> FormattedText:
        """The blocks of a run of tokens that is complete in itself.

        Paragraphs that follow each other are one, with the empty lines between them.
        """
        blocks: list[Block] = []
        run: list[Span] = []
        end = 0
        for group in _groups(tokens):
            first, last = group[0].map or (end, end)
            block = self._block(group, first, last)
            if isinstance(block, Paragraph):
                if run:
                    run.append(Plain(text="\n" * (1 + first - end)))
                run.extend(block.spans)
            else:
                blocks.extend(_paragraphs(run))
                blocks.append(block)
                run = []
            end = last
        return (*blocks, *_paragraphs(run))

    def _block(self, group: Sequence[Token], first: int, last: int) -> Block:
        head, inner = group[0], group[1:-1]
        match head.type:
            case "paragraph_open":
                return Paragraph(spans=_spans(inner[0].children or []))
            case "fence":
                return self._code(head, first, last)
            case _ if _has_hollow(group):
                return self._literal(first, last)
            case "blockquote_open":
                return BlockQuote(blocks=self.blocks(inner))
            case _:
                items = tuple(self.blocks(item[1:-1]) for item in _groups(inner))
                return Bullets(
                    items=items,
                    ordered=head.type == "ordered_list_open",
                    start=int(head.attrs.get("start", 1)),
                )

    def _literal(self, first: int, last: int) -> Paragraph:
        source = "\n".join(self._lines[first:last])
        return Paragraph(spans=(Plain(text=source.strip("\n")),))

    def _code(self, fence: Token, first: int, last: int) -> Block:
        """A code block; what people type behind the opening marks is code too, as in Slack."""
        info = self._lines[first].partition(fence.markup)[2].strip()
        closed = last - first > 1 and self._lines[last - 1].strip(" >").startswith(fence.markup)
        code = fence.content.removesuffix("\n")
        if not closed:
            code = code.rstrip().removesuffix(fence.markup)
        if not (closed and _LANGUAGE.fullmatch(info)):
            code = f"{info}\n{code}" if info else code
        return CodeBlock(text=code.rstrip("\n")) if code.strip() else self._literal(first, last)


def _paragraphs(run: Sequence[Span]) -> Iterator[Paragraph]:
    if run:
        yield Paragraph(spans=_joined(run))


def _groups(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each block, from its opening to its end."""
    depth = start = 0
    for at, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : at + 1]
            start = at + 1


def _has_hollow(group: Sequence[Token]) -> bool:
    """True when some quote or item is empty: typed so, or deeper than the parser goes."""
    return any(before.nesting == 1 and behind.nesting == -1 for before, behind in pairwise(group))


class _Open:
    """A style or link that is not closed yet; without a maker its spans go to the one around."""

    def __init__(self, style: type[Bold | Italic | Strike] | None, url: str | None) -> None:
        """Begin with no spans."""
        self.spans: list[Span] = []
        self._style = style
        self._url = url

    def close(self) -> list[Span]:
        """What it comes to."""
        spans = _joined(self.spans)
        if self._url is not None:
            return [Link(url=self._url, spans=spans)]
        return list(spans) if self._style is None else [self._style(spans=spans)]


def _spans(tokens: Sequence[Token]) -> tuple[Span, ...]:
    open_ones = [_Open(None, None)]
    for token in tokens:
        if token.nesting == 1:
            open_ones.append(_opened(token, len(open_ones)))
        elif token.nesting == -1:
            closed = open_ones.pop().close()
            open_ones[-1].spans.extend(closed)
        elif token.type == "code_inline":
            open_ones[-1].spans.append(Code(text=token.content))
        else:
            words = "\n" if token.type in ("softbreak", "hardbreak") else token.content
            open_ones[-1].spans.append(Plain(text=words))
    return tuple(open_ones[0].close())


def _opened(token: Token, depth: int) -> _Open:
    url = token.attrs.get("href")
    if url is not None:
        return _Open(None, str(url))
    return _Open(_STYLES[token.type] if depth <= DEEPEST_STYLE else None, None)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans with neighbouring plain ones made one, and empty ones left out."""
    joined: list[Span] = []
    words: list[str] = []
    for span in spans:
        if isinstance(span, Plain):
            words.append(span.text)
            continue
        joined.extend(_plain_span(words))
        joined.append(span)
        words = []
    return (*joined, *_plain_span(words))


def _plain_span(words: Sequence[str]) -> Iterator[Plain]:
    text = "".join(words)
    if text:
        yield Plain(text=text)
