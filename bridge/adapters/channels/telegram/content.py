"""What one message of a customer says, as content of ours; its file is named, not fetched. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from telegram import (
    Audio,
    Checklist,
    Contact,
    Message,
    MessageEntity,
    MessageOrigin,
    Poll,
    Sticker,
    Venue,
)
from telegram import Location as TelegramLocation

from bridge.adapters.channels.telegram.marks import Entity
from bridge.adapters.channels.telegram.parsing import parse
from bridge.domain.content import ContactCard, Content, FileKind, Location
from bridge.domain.text import Block, BlockQuote, FormattedText, plain
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.fit import size_words

SILENT = frozenset(
    {
        "boost_added",
        "chat_background_set",
        "connected_website",
        "message_auto_delete_timer_changed",
        "pinned_message",
        "proximity_alert_triggered",
        "write_access_allowed",
    }
)
"""What Telegram notes in a chat without anybody having said anything."""


class Wanted(Value):
    """A file to fetch. `kind` is how Telegram shows it, `size` what it says of it, or 0."""

    id: str
    kind: FileKind
    name: str
    size: int = 0
    unique: str = ""
    """The same for the same file, whoever asks and however often."""


class Read(Value):
    """What a message says, and the file that belongs to it."""

    content: Content
    file: Wanted | None = None


def read(message: Message, language: str) -> Read | None:
    """The content of a message; None for one that shows nothing that we know."""
    file, inner = _file(message), _inner(message, language)
    if file is None and inner is None:
        return None
    above = tuple(_above(message, language))
    caption = _formatted(message.caption, message.caption_entities)
    shown = inner or Content(text=caption)
    content = Content(
        text=(*above, *shown.text),
        location=shown.location,
        contact_card=shown.contact_card,
    )
    return Read(content=content, file=file)


def unknown(kind: str, language: str) -> Content:
    """A line that says that something came which we cannot show."""
    return Content(text=plain(say(language, "telegram.in.unsupported", kind=kind)))


def missing(wanted: Wanted, why: str, language: str, limit: int) -> str:
    """Which file is missing, and why; `limit` in bytes."""
    return say(language, f"telegram.in.{why}", name=wanted.name, limit=size_words(limit))


def _formatted(text: str | None, entities: Sequence[MessageEntity]) -> FormattedText:
    marks = [
        Entity(type=str(each.type), offset=each.offset, length=each.length, url=each.url or "")
        for each in entities
    ]
    return parse(text or "", marks)


# --- above it ---------------------------------------------------------------------------------


def _above(message: Message, language: str) -> Iterator[Block]:
    """Where it comes from, and the words that it answers."""
    if message.forward_origin is not None:
        name = _named(message.forward_origin)
        yield BlockQuote(blocks=plain(say(language, "telegram.in.forwarded", name=name)))
    if message.external_reply is not None:
        name = _named(message.external_reply.origin)
        yield BlockQuote(blocks=plain(say(language, "telegram.in.elsewhere", name=name)))
    if message.reply_to_story is not None:
        yield BlockQuote(blocks=plain(say(language, "telegram.in.story")))
    quote = message.quote
    if quote is not None and (quote.is_manual or message.external_reply is not None):
        yield BlockQuote(blocks=_formatted(quote.text, quote.entities or ()))


def _named(origin: MessageOrigin) -> str:
    """Who said it first, as Telegram shows him."""
    said = origin.to_dict()
    for key in ("sender_user", "sender_chat", "chat"):
        who = said.get(key)
        if who:
            first, last = who.get("first_name", ""), who.get("last_name", "")
            return who.get("title") or f"{first} {last}".strip() or "?"
    return said.get("sender_user_name") or "?"


# --- files ------------------------------------------------------------------------------------


def _file(message: Message) -> Wanted | None:
    """The file of a message; a picture in its biggest size."""
    if message.photo:
        biggest = max(message.photo, key=lambda size: size.width * size.height)
        return _wanted(FileKind.IMAGE, biggest, "image.jpg")
    if message.sticker is not None:
        return _sticker(message.sticker)
    for kind, found, name in (
        (FileKind.VIDEO, message.animation, "animation.mp4"),  # before the document that it also is
        (FileKind.VIDEO, message.live_photo, "live.mp4"),
        (FileKind.VIDEO, message.video, "video.mp4"),
        (FileKind.VIDEO, message.video_note, "video.mp4"),
        (FileKind.VOICE, message.voice, "voice.ogg"),
        (FileKind.AUDIO, message.audio, _track(message.audio)),
        (FileKind.DOCUMENT, message.document, "document"),
    ):
        if found is not None:
            return _wanted(kind, found, getattr(found, "file_name", None) or name)
    return None


class _HasFile(Protocol):
    """Everything that Telegram keeps as a file."""

    @property
    def file_id(self) -> str: ...

    @property
    def file_unique_id(self) -> str: ...

    @property
    def file_size(self) -> int | None: ...


def _wanted(kind: FileKind, found: _HasFile, name: str) -> Wanted:
    return Wanted(
        id=found.file_id,
        kind=kind,
        name=name,
        size=found.file_size or 0,
        unique=found.file_unique_id,
    )


def _sticker(sticker: Sticker) -> Wanted | None:
    """One that stands still is a picture, one that is a film a film; the others are their emoji."""
    if sticker.is_animated:
        return None
    if sticker.is_video:
        return _wanted(FileKind.VIDEO, sticker, "sticker.webm")
    return _wanted(FileKind.STICKER, sticker, "sticker.webp")


def _track(audio: Audio | None) -> str:
    if audio is None:
        return ""
    return f"{' - '.join(filter(None, (audio.performer, audio.title))) or 'audio'}.mp3"


# --- what is no file --------------------------------------------------------------------------


def _inner(message: Message, language: str) -> Content | None:
    if message.text:
        return Content(text=_formatted(message.text, message.entities))
    if message.venue is not None:
        return Content(location=_venue(message.venue))
    if message.location is not None:
        return _place(message.location, language)
    if message.contact is not None:
        return Content(contact_card=_card(message.contact))
    words = _in_words(message)
    return None if words is None else Content(text=plain(words))


def _in_words(message: Message) -> str | None:
    """What has its own shape on Telegram, and says enough as words."""
    if message.dice is not None:
        return f"{message.dice.emoji} {message.dice.value}"
    if message.poll is not None:
        return _poll(message.poll)
    if message.checklist is not None:
        tasks = (
            f"{'☑' if each.completion_date else '☐'} {each.text}"
            for each in message.checklist.tasks
        )
        return "\n".join((message.checklist.title, *tasks))
    if message.sticker is not None and message.sticker.is_animated:
        return message.sticker.emoji or None
    if message.game is not None:
        return f"🎮 {message.game.title}"
    if message.web_app_data is not None:
        return message.web_app_data.data or message.web_app_data.button_text
    return None


def _poll(poll: Poll) -> str:
    return "\n".join((f"📊 {poll.question}", *(f"- {each.text}" for each in poll.options)))


def _tasks(checklist: Checklist) -> str:
    tasks = (f"{'☑' if each.completion_date else '☐'} {each.text}" for each in checklist.tasks)
    return "\n".join((checklist.title, *tasks))


def _place(location: TelegramLocation, language: str) -> Content:
    """A place that moves says so."""
    words = plain(say(language, "telegram.in.live")) if is_live(location) else ()
    place = Location(latitude=location.latitude, longitude=location.longitude)
    return Content(text=words, location=place)


def is_live(location: TelegramLocation) -> bool:
    """Whether it moves; the library's own field for it is about to become another one."""
    return "live_period" in location.to_dict()


def _venue(venue: Venue) -> Location:
    return Location(
        latitude=venue.location.latitude,
        longitude=venue.location.longitude,
        name=venue.title,
        address=venue.address,
    )


def _card(contact: Contact) -> ContactCard:
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    return ContactCard(name=name, phones=(phone_of(contact),), emails=_emails(contact.vcard or ""))


def phone_of(contact: Contact) -> str:
    """The number as people dial it; Telegram leaves out the plus of numbers that have one."""
    digits = contact.phone_number
    own = contact.user_id is not None and digits.isascii() and digits.isdigit()
    return f"+{digits}" if own else digits


def _emails(vcard: str) -> tuple[str, ...]:
    lines = (line.partition(":") for line in vcard.splitlines())
    found = (value.strip() for key, _, value in lines if key.upper().partition(";")[0] == "EMAIL")
    return tuple(each for each in found if each)
