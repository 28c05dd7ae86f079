"""From one call to what the Bot API is asked to do; pure.

https://core.telegram.org/bots/api#available-methods, read November 2026.
"""

from enum import StrEnum
from typing import TypeAlias

from bridge.adapters.channels.telegram.buttons import data_of
from bridge.adapters.channels.telegram.capabilities import MAX_CHOICES, MAX_PHOTO, MAX_TEXT
from bridge.adapters.channels.telegram.marks import Words, units
from bridge.adapters.channels.telegram.names import Line, chat_of, line_of
from bridge.adapters.channels.telegram.reactions import telegrams
from bridge.adapters.channels.telegram.rendering import render
from bridge.domain.content import Choice, ContactCard, Content, File, FileKind, Location
from bridge.domain.errors import DeliveryRejected, NotSupported
from bridge.domain.ids import Address, ExternalId
from bridge.domain.value import Value
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.fit import CAPTION

_TITLE, _NAME = 64, 64


class Shape(StrEnum):
    """How Telegram shows a file."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    STICKER = "sticker"
    DOCUMENT = "document"


class Button(Value):
    """A button below a message."""

    label: str
    data: str


class SendText(Value):
    """A line of words."""

    chat: int
    words: Words
    answers: int | None = None
    buttons: tuple[Button, ...] = ()


class SendFile(Value):
    """A file, with words below it."""

    chat: int
    shape: Shape
    file: File
    caption: Words = Words(text="")
    answers: int | None = None
    buttons: tuple[Button, ...] = ()


class SendPlace(Value):
    """A place on the map."""

    chat: int
    place: Location
    answers: int | None = None


class SendCard(Value):
    """Somebody's telephone number."""

    chat: int
    phone: str
    first_name: str
    vcard: str = ""
    answers: int | None = None


class Edit(Value):
    """Other words for a line, or below its file."""

    line: Line
    words: Words
    caption: bool = False
    buttons: tuple[Button, ...] = ()


class Delete(Value):
    """A line is taken back."""

    line: Line


class React(Value):
    """The one reaction of a bot to a line; None takes it away."""

    line: Line
    emoji: str | None


Request: TypeAlias = SendText | SendFile | SendPlace | SendCard | Edit | Delete | React
Post: TypeAlias = SendText | SendFile | SendPlace | SendCard


def request(to: Address, call: OutboundCall) -> Request:
    """What the Bot API is asked. Raises `DeliveryRejected` for what cannot be."""
    chat = chat_of(to)
    match call.kind:
        case CallKind.POST:
            return _post(chat, call)
        case CallKind.EDIT:
            content = call.content or Content()
            words = _fitting(render(content.text), CAPTION if content.files else MAX_TEXT)
            return Edit(
                line=_about(call),
                words=words,
                caption=bool(content.files),
                buttons=_buttons(content.choices),
            )
        case CallKind.DELETE:
            return Delete(line=_about(call))
        case CallKind.REACT:
            return React(line=_about(call), emoji=telegrams(call.emoji))
        case CallKind.UNREACT:
            return React(line=_about(call), emoji=None)


def _about(call: OutboundCall) -> Line:
    line = line_of(call.external_id)
    if line is None:
        raise DeliveryRejected("this line is not on Telegram", "telegram_line_gone")
    return line


# --- a new line -------------------------------------------------------------------------------


def _post(chat: int, call: OutboundCall) -> Post:
    content = call.content or Content()
    answers = _answered(chat, call.quoted)
    words = render(content.text)
    if content.files:
        return _file(chat, content, words, answers)
    if content.location is not None:
        return SendPlace(chat=chat, place=content.location, answers=answers)
    if content.contact_card is not None:
        return _card(chat, content.contact_card, answers)
    if words.blank:
        raise NotSupported("there is nothing that Telegram could show")
    return SendText(
        chat=chat,
        words=_fitting(words, MAX_TEXT),
        answers=answers,
        buttons=_buttons(content.choices),
    )


def _answered(chat: int, quoted: ExternalId | None) -> int | None:
    line = line_of(quoted)
    return line.message if line is not None and line.chat == chat else None


def _fitting(words: Words, limit: int) -> Words:
    if units(words.text) > limit:
        raise DeliveryRejected(f"more than {limit} characters", "telegram_too_long")
    return words


def _file(chat: int, content: Content, words: Words, answers: int | None) -> SendFile:
    shape = shape_of(content.files[0])
    if shape is Shape.STICKER and not words.blank:
        raise NotSupported("a sticker has no words below it")
    return SendFile(
        chat=chat,
        shape=shape,
        file=content.files[0],
        caption=_fitting(words, CAPTION),
        answers=answers,
        buttons=_buttons(content.choices),
    )


def shape_of(file: File) -> Shape:
    """How a file is sent: as what it is where Telegram shows such bytes, else as a document.

    https://core.telegram.org/bots/api#sending-files and each method's own words.
    """
    match file.kind:
        case FileKind.IMAGE if file.mime in ("image/jpeg", "image/png", "image/webp"):
            return Shape.PHOTO if file.size <= MAX_PHOTO else Shape.DOCUMENT
        case FileKind.STICKER if file.mime == "image/webp" and file.size <= 512 * 1024:
            return Shape.STICKER
        case FileKind.STICKER if file.mime in ("image/jpeg", "image/png", "image/webp"):
            return Shape.PHOTO if file.size <= MAX_PHOTO else Shape.DOCUMENT
        case FileKind.VIDEO if file.mime == "video/mp4":
            return Shape.VIDEO
        case FileKind.VOICE if file.mime in ("audio/ogg", "audio/opus", "application/ogg"):
            return Shape.VOICE
        case FileKind.AUDIO | FileKind.VOICE if file.mime in _AUDIO:
            return Shape.AUDIO
        case _:
            return Shape.DOCUMENT


_AUDIO = frozenset({"audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a"})


def _card(chat: int, card: ContactCard, answers: int | None) -> Post:
    """Without a number there is no card on Telegram: then it is words."""
    if not card.phones:
        lines = Words(text="\n".join((card.name, *card.emails)))
        return SendText(chat=chat, words=_fitting(lines, MAX_TEXT), answers=answers)
    more = len(card.phones) > 1 or card.emails
    return SendCard(
        chat=chat,
        phone=card.phones[0],
        first_name=(card.name or card.phones[0])[:_NAME],
        vcard=_vcard(card) if more else "",
        answers=answers,
    )


def _vcard(card: ContactCard) -> str:
    """Everything on the card: https://www.rfc-editor.org/rfc/rfc2426."""
    name = _escaped(card.name)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{name};;;", f"FN:{name}"]
    lines += [f"TEL:{_escaped(phone)}" for phone in card.phones]
    lines += [f"EMAIL:{_escaped(email)}" for email in card.emails]
    written = "\n".join((*lines, "END:VCARD"))
    return written if len(written.encode()) <= 2_048 else ""


def _escaped(value: str) -> str:
    value = " ".join(value.split()).replace("\\", "\\\\")
    return value.replace(",", "\\,").replace(";", "\\;")


def title_of(place: Location) -> str:
    """What a place is called above the map."""
    return (place.name or place.address)[:_TITLE]


def _buttons(choices: tuple[Choice, ...]) -> tuple[Button, ...]:
    if len(choices) > MAX_CHOICES:
        raise NotSupported("these are more choices than Telegram takes")
    return tuple(
        Button(label=" ".join(each.label.split()) or each.id or "…", data=data_of(each.id))
        for each in choices
    )
