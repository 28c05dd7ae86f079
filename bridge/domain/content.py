"""What one message says: text, files, a place, a person, choices, a quoted message."""

from enum import StrEnum

from bridge.domain.ids import FileId, MessageId
from bridge.domain.text import FormattedText, plain, to_plain
from bridge.domain.value import Value


class FileKind(StrEnum):
    """How a file is shown to a person."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"


class File(Value):
    """A file that we stored ourselves under a random id; `name` is only ever shown.

    `size` is in bytes, `mime` what the bytes are (sniffed), never what the sender claimed alone.
    """

    id: FileId
    kind: FileKind
    mime: str
    size: int
    name: str


class Location(Value):
    """A place on the map, degrees in WGS 84."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class ContactCard(Value):
    """A person's card that was shared."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class Choice(Value):
    """One button or list row offered to the other side; `id` comes back when it is chosen."""

    id: str
    label: str


class Quote(Value):
    """The message this one answers; `excerpt` is kept for sides that cannot quote."""

    message: MessageId | None
    author: str
    excerpt: str


class TemplateUse(Value):
    """A provider-approved template, filled."""

    name: str
    language: str
    variables: tuple[str, ...] = ()


class Content(Value):
    """Everything one message carries. At least one field is not empty."""

    text: FormattedText = ()
    files: tuple[File, ...] = ()
    quote: Quote | None = None
    choices: tuple[Choice, ...] = ()
    chosen: str | None = None
    location: Location | None = None
    contact_card: ContactCard | None = None
    template: TemplateUse | None = None

    def words(self) -> str:
        """The text alone, without formatting."""
        return to_plain(self.text)

    def excerpt(self, limit: int = 120) -> str:
        """One line that reminds of the message, at most `limit` characters."""
        words = " ".join(self.words().split())
        if not words and self.files:
            words = self.files[0].name
        if not words and self.location:
            words = self.location.name or f"{self.location.latitude}, {self.location.longitude}"
        if not words and self.contact_card:
            words = self.contact_card.name
        if not words and self.choices:
            words = " / ".join(choice.label for choice in self.choices)
        if not words and self.template:
            words = self.template.name
        return words if len(words) <= limit else words[: limit - 1] + "…"


def text_content(text: str) -> Content:
    """The content that is only this plain text."""
    return Content(text=plain(text))
