"""From formatted text to words and entities: nothing in it is ever parsed as markup. Pure.

Entities are nested as https://core.telegram.org/bots/api#formatting-options asks: code stands in
nothing else, a quote in no other quote.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from bridge.adapters.channels.telegram.marks import Entity, Words, units
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
    only_words,
)

_STYLES = {Bold: "bold", Italic: "italic", Strike: "strikethrough"}
_WEB = ("http", "https")


def render(text: FormattedText) -> Words:
    """The words of a text, one line break between blocks, and their marks.

    They are never longer than the text in plain words.
    """
    words = only_words(text)
    if words is not None:
        return Words(text=words)
    writing = _Writing()
    writing.blocks(text)
    return writing.written()


class _Writing:
    """Words as they are put down, and the marks that are open meanwhile."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._at = 0
        self._open: dict[str, tuple[int, str]] = {}
        self._entities: list[Entity] = []

    def written(self) -> Words:
        """All of it; outer marks before inner ones."""
        ordered = sorted(self._entities, key=lambda each: (each.offset, -each.length))
        return Words(text="".join(self._pieces), entities=tuple(ordered))

    # --- blocks -------------------------------------------------------------------------------

    def blocks(self, blocks: Iterable[Block]) -> None:
        """Blocks, each on lines of its own."""
        for number, block in enumerate(blocks):
            if number:
                self._put("\n")
            self._block(block)

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(spans=spans):
                self._spans(spans)
            case CodeBlock(text=text):
                with self._marked_alone("pre"):
                    self._put(text)
            case BlockQuote(blocks=inner):
                with self._marked("blockquote"):
                    self.blocks(inner)
            case Bullets(items=items, ordered=ordered, start=start):
                for number, item in enumerate(items, start):
                    if number > start:
                        self._put("\n")
                    self._put(f"{number}. " if ordered else "- ")
                    self.blocks(item)

    # --- spans --------------------------------------------------------------------------------

    def _spans(self, spans: Iterable[Span]) -> None:
        for span in spans:
            match span:
                case Plain(text=text):
                    self._put(text)
                case Code(text=text):
                    with self._marked_alone("code"):
                        self._put(text)
                case Bold(spans=inner) | Italic(spans=inner) | Strike(spans=inner):
                    with self._marked(_STYLES[type(span)]):
                        self._spans(inner)
                case Link(url=url, spans=inner):
                    self._link(url, inner)

    def _link(self, url: str, inner: tuple[Span, ...]) -> None:
        label = _Writing()
        label._spans(inner)
        shown = label.written().text
        if shown.strip() in ("", url):
            self._put(url)
        elif _leads_somewhere(url) and "text_link" not in self._open:
            with self._marked("text_link", url):
                self._spans(inner)
        else:
            self._spans(inner)
            self._put(f" ({url})")

    # --- marks --------------------------------------------------------------------------------

    @contextmanager
    def _marked(self, type_: str, url: str = "") -> Iterator[None]:
        """What is put down meanwhile bears this mark; once is enough."""
        if type_ in self._open:
            yield
            return
        self._open[type_] = (self._at, url)
        yield
        self._close(type_)

    @contextmanager
    def _marked_alone(self, type_: str) -> Iterator[None]:
        """As `_marked`, but no other mark is at the same place; in quotes and links it is none."""
        if self._open.keys() & {"blockquote", "text_link"}:
            yield
            return
        others = list(self._open.items())
        for other, _ in reversed(others):
            self._close(other)
        self._open[type_] = (self._at, "")
        yield
        self._close(type_)
        self._open = {other: (self._at, url) for other, (_, url) in others}

    def _close(self, type_: str) -> None:
        start, url = self._open.pop(type_)
        if self._at > start:
            length = self._at - start
            self._entities.append(Entity(type=type_, offset=start, length=length, url=url))

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._at += units(text)


def _leads_somewhere(url: str) -> bool:
    """What Telegram takes as the address of a link; it shows it before it follows it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _WEB and "." in parts.netloc
