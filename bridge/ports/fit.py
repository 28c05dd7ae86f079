"""Turns content into what one side can show.

What a side cannot show as it is becomes text in its reader's language, or is named as lost.
"""

from collections.abc import Callable

from msgspec.structs import replace

from bridge.domain.content import Choice, ContactCard, Content, File, FileKind, Location, Quote
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bullets,
    FormattedText,
    Link,
    Paragraph,
    Plain,
    only_words,
    plain,
    to_plain,
)
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.capabilities import ChannelCapabilities, Support, WorkspaceCapabilities
from bridge.ports.split import split

CAPTION = 1_024
"""A text no longer than this goes with the first file. WhatsApp and Telegram both stop there."""

_CAPTIONED = frozenset({FileKind.IMAGE, FileKind.VIDEO, FileKind.DOCUMENT})
# What a file may be sent as where its own kind is not taken.
_INSTEAD = {
    FileKind.STICKER: (FileKind.IMAGE, FileKind.DOCUMENT),
    FileKind.VOICE: (FileKind.AUDIO, FileKind.DOCUMENT),
    FileKind.IMAGE: (FileKind.DOCUMENT,),
    FileKind.VIDEO: (FileKind.DOCUMENT,),
    FileKind.AUDIO: (FileKind.DOCUMENT,),
    FileKind.DOCUMENT: (),
}


class Fitted(Value):
    """What to send, one message per part and in this order, and what the agent is told.

    `lost` are catalogue keys, each once. To a workspace every loss also stands as a line in the
    parts, so the agent is told in the thread; to a channel it leaves no trace there, and nothing
    at all to send when all was lost.
    """

    parts: tuple[Content, ...]
    lost: tuple[str, ...] = ()


def fit(
    content: Content, capabilities: ChannelCapabilities | WorkspaceCapabilities, language: str
) -> Fitted:
    """What this side shows of the content, to a reader of this language.

    No part has more text than the side takes; long text is cut between words, never cut off.
    Fitting a part again changes nothing. A provider's own template goes as it is.
    """
    if _is_short_plain(content, capabilities):
        return Fitted(parts=(content,))
    return _Fitting(content, _side(capabilities), language).fitted()


def _is_short_plain(
    content: Content, capabilities: ChannelCapabilities | WorkspaceCapabilities
) -> bool:
    """True for nearly every message; it is asked for every message."""
    words = only_words(content.text)
    if words is None or len(words) > capabilities.max_text:
        return False
    if _counts_utf16(capabilities) and _utf16(words) > capabilities.max_text:
        return False
    beside = content.files or content.choices or content.quote or content.location
    return not (beside or content.contact_card or content.template)


class _Side(Value):
    """What matters here of either kind of capabilities."""

    customer: bool
    max_text: int
    counts_utf16: bool
    max_file: int
    file_kinds: frozenset[FileKind]
    formatting: bool
    quotes: Support
    choices: Support
    max_choices: int | None
    location: Support
    contact_card: Support
    templates: Support


def _side(capabilities: ChannelCapabilities | WorkspaceCapabilities) -> _Side:
    channel = capabilities if isinstance(capabilities, ChannelCapabilities) else None
    return _Side(
        customer=channel is not None,
        max_text=capabilities.max_text,
        counts_utf16=_counts_utf16(capabilities),
        max_file=capabilities.max_file,
        file_kinds=frozenset(FileKind) if channel is None else channel.file_kinds,
        formatting=channel is None or channel.formatting,
        quotes=capabilities.quotes,
        choices=capabilities.choices,
        max_choices=None if channel is None else channel.max_choices,
        location=capabilities.location,
        contact_card=capabilities.contact_card,
        templates=Support.TEXT if channel is None else channel.templates,
    )


def _counts_utf16(capabilities: ChannelCapabilities | WorkspaceCapabilities) -> bool:
    return isinstance(capabilities, ChannelCapabilities) and capabilities.counts_utf16


def _utf16(words: str) -> int:
    """How long it is in UTF-16 code units."""
    return len(words) if words.isascii() else len(words) + sum(each > "\uffff" for each in words)


class _Fitting:
    """One content on its way to one side: what stays as it is, and what became text."""

    def __init__(self, content: Content, side: _Side, language: str) -> None:
        """Begin with everything as it came."""
        self._content = content
        self._side = side
        self._language = language
        self._above: list[Block] = []
        self._below: list[Block] = []
        self._notices: list[Block] = []
        self._lost: dict[str, None] = {}

    def fitted(self) -> Fitted:
        """The parts and the losses."""
        content = self._content
        if content.template is not None and self._side.templates is Support.NATIVE:
            return Fitted(parts=(content,))
        if content.template is not None and self._side.templates is Support.NONE:
            return Fitted(parts=(), lost=("fit.lost.template",))
        native = Content(
            files=self._files(),
            quote=self._quote(),
            choices=self._choices(),
            chosen=content.chosen,
            location=self._location(),
            contact_card=self._contact_card(),
        )
        pieces = self._pieces(self._text(), self._side.max_text)
        if native.choices and not pieces:
            # Nowhere can buttons stand without words.
            pieces = self._pieces(plain(self._say("choose")), self._side.max_text)
        return Fitted(parts=_parts(native, pieces, self._size), lost=tuple(self._lost))

    def _size(self, text: FormattedText) -> int:
        """How long it is, as this side counts."""
        words = to_plain(text)
        return _utf16(words) if self._side.counts_utf16 else len(words)

    def _pieces(self, text: FormattedText, limit: int) -> tuple[FormattedText, ...]:
        """The text in pieces that are short enough as this side counts."""
        pieces = split(text, limit)
        return tuple(part for piece in pieces for part in self._short_enough(piece, limit))

    def _short_enough(self, piece: FormattedText, limit: int) -> tuple[FormattedText, ...]:
        if self._size(piece) <= self._side.max_text or limit < 2:
            return (piece,)
        return self._pieces(piece, min(limit, len(to_plain(piece))) * 3 // 4)

    def _say(self, key: str, **data: object) -> str:
        return say(self._language, f"fit.{key}", **data)

    def _lose(self, what: str, **data: object) -> None:
        self._lost[f"fit.lost.{what}"] = None
        if not self._side.customer:
            self._notices.extend(plain(f"[{self._say(f'here.{what}', **data)}]"))

    def _quote(self) -> Quote | None:
        quote = self._content.quote
        if quote is None or (self._side.quotes is Support.NATIVE and quote.message is not None):
            return quote
        if self._side.quotes is Support.NONE:
            self._lose("quote")
            return None
        excerpt = quote.excerpt or self._say("earlier")
        words = f"{quote.author}: {excerpt}" if quote.author else excerpt
        self._above.append(BlockQuote(blocks=plain(words)))
        return None

    def _choices(self) -> tuple[Choice, ...]:
        choices, most = self._content.choices, self._side.max_choices
        if not choices or self._side.choices is Support.NONE:
            if choices:
                self._lose("choices")
            return ()
        if self._side.choices is Support.NATIVE and (most is None or len(choices) <= most):
            return choices
        labels = tuple(plain(choice.label) for choice in choices)
        self._below.append(Bullets(items=labels, ordered=True))
        if self._side.customer:
            self._below.extend(plain(self._say("answer_with_number")))
        return ()

    def _location(self) -> Location | None:
        location = self._content.location
        if location is None or self._side.location is Support.NATIVE:
            return location
        if self._side.location is Support.NONE:
            self._lose("location")
            return None
        self._below.append(location_paragraph(location, self._say("location")))
        return None

    def _contact_card(self) -> ContactCard | None:
        card = self._content.contact_card
        if card is None or self._side.contact_card is Support.NATIVE:
            return card
        if self._side.contact_card is Support.NONE:
            self._lose("contact_card")
            return None
        lines = (f"{self._say('contact')}: {card.name}", *card.phones, *card.emails)
        self._below.extend(plain("\n".join(lines)))
        return None

    def _files(self) -> tuple[File, ...]:
        fitted = (self._file(file) for file in self._content.files)
        return tuple(file for file in fitted if file is not None)

    def _file(self, file: File) -> File | None:
        if file.size > self._side.max_file:
            self._lose("file_too_large", name=file.name, size=size_words(file.size))
            return None
        for kind in (file.kind, *_INSTEAD[file.kind]):
            if kind in self._side.file_kinds:
                return file if kind is file.kind else replace(file, kind=kind)
        self._lose("file_kind", name=file.name, size=size_words(file.size))
        return None

    def _text(self) -> FormattedText:
        own = self._content.text
        if not to_plain(own).strip():
            own = plain(_unspoken(self._content))
        text = (*self._above, *own, *self._below, *self._notices)
        return text if self._side.formatting else plain(to_plain(text))


def _unspoken(content: Content) -> str:
    """Words for what says nothing by itself: a pressed button, a template without its text."""
    if content.chosen:
        return content.chosen
    if content.template is None:
        return ""
    return ": ".join(filter(None, (content.template.name, ", ".join(content.template.variables))))


def location_paragraph(location: Location, title: str) -> Paragraph:
    """A place as a line with a link to a map."""
    point = f"{location.latitude:.6f},{location.longitude:.6f}"
    url = f"https://www.google.com/maps/search/?api=1&query={point.replace(',', '%2C')}"
    place = ", ".join(filter(None, (location.name, location.address))) or point
    return Paragraph(spans=(Plain(text=f"{title}: "), Link(url=url, spans=(Plain(text=place),))))


def size_words(size: int) -> str:
    """A size in bytes as people say it."""
    if size < 1024 * 1024:
        return f"{max(1, size // 1024)} KB"
    return f"{size // (1024 * 1024)} MB"


def _parts(
    content: Content, pieces: tuple[FormattedText, ...], size: Callable[[FormattedText], int]
) -> tuple[Content, ...]:
    """One message each; buttons come last, where the reader is when he may press them."""
    texts = [Content(text=text) for text in pieces]
    files = [Content(files=(file,)) for file in content.files]
    rest = _alone(content)
    if texts and content.chosen is not None:
        texts[0] = replace(texts[0], chosen=content.chosen)
    if content.choices:
        *begin, last = texts
        parts = [*files, *rest, *begin, replace(last, choices=content.choices)]
    elif _is_caption(texts, content.files) and size(pieces[0]) <= CAPTION:
        parts = [replace(texts[0], files=content.files[:1]), *files[1:], *rest]
    else:
        parts = [*texts, *files, *rest]
    if parts and content.quote is not None:
        parts[0] = replace(parts[0], quote=content.quote)
    return tuple(parts)


def _alone(content: Content) -> list[Content]:
    """What no platform lets share a message with text."""
    alone = []
    if content.location is not None:
        alone.append(Content(location=content.location))
    if content.contact_card is not None:
        alone.append(Content(contact_card=content.contact_card))
    return alone


def _is_caption(texts: list[Content], files: tuple[File, ...]) -> bool:
    return len(texts) == 1 and bool(files) and files[0].kind in _CAPTIONED
