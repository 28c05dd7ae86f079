"""From one call to what Graph is asked to do; pure.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages, read November 2026.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bridge.adapters.channels.whatsapp.addresses import recipient
from bridge.adapters.channels.whatsapp.capabilities import MAX_CHOICES, MAX_TEXT, MEGABYTE
from bridge.adapters.channels.whatsapp.markup import JOINER, render
from bridge.domain.content import Choice, ContactCard, Content, File, FileKind, Location
from bridge.domain.errors import DeliveryRejected, NotSupported
from bridge.domain.ids import Address
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.fit import CAPTION

Json: TypeAlias = dict[str, object]

_BUTTONS, _BUTTON, _BUTTON_BODY = 3, 20, 1_024
_ROW, _DESCRIPTION, _ID = 24, 72, 200
_CAPTIONED = frozenset({"image", "video", "document"})
_IMAGES = frozenset({"image/jpeg", "image/png"})
_VIDEOS = frozenset({"video/mp4", "video/3gpp"})
_AUDIOS = frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})
_OFFICE = "application/vnd.openxmlformats-officedocument"
_DOCUMENTS = frozenset(
    {
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.spreadsheetml.sheet",
        f"{_OFFICE}.presentationml.presentation",
    }
)
"""What Meta takes: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media."""
_ALIKE = {
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
}


class Upload(Value):
    """A file as Meta takes it: as which type of message, and declared as what."""

    type: str
    mime: str


def message(
    to: Address,
    call: OutboundCall,
    *,
    media: str = "",
    template: Json | None = None,
    language: str = "en",
) -> Json:
    """The body of `POST messages`. `media` is the id of the call's uploaded file.

    `language` is that of the word on a list. Raises `DeliveryRejected` for what cannot be said.
    """
    said: Json = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(to),
        "biz_opaque_callback_data": call.key,
    }
    if call.kind in (CallKind.REACT, CallKind.UNREACT):
        if not call.external_id:
            raise DeliveryRejected("no message is named", "unknown_message")
        emoji = call.emoji if call.kind is CallKind.REACT else ""
        reaction = {"message_id": call.external_id, "emoji": emoji}
        return {**said, "type": "reaction", "reaction": reaction}
    if call.kind is not CallKind.POST:
        raise NotSupported("WhatsApp lets a business change or delete nothing")
    if call.quoted is not None:
        said["context"] = {"message_id": call.quoted}
    if template is not None:
        return {**said, "type": "template", "template": template}
    return {**said, **_post(call.content or Content(), media, language)}


def _post(content: Content, media: str, language: str) -> Json:
    if content.files:
        return _file(content, media)
    if content.location is not None:
        return {"type": "location", "location": _place(content.location)}
    if content.contact_card is not None:
        return {"type": "contacts", "contacts": [_card(content.contact_card)]}
    words = render(content.text)
    if not words.replace(JOINER, "").strip():
        raise NotSupported("there is nothing that WhatsApp could show")
    if content.choices:
        interactive = _interactive(words, content.choices, language)
        return {"type": "interactive", "interactive": interactive}
    if len(words) > MAX_TEXT:
        words = content.words()  # the signs of its formatting were too many
    return {"type": "text", "text": {"body": words, "preview_url": "://" in words}}


# --- files ------------------------------------------------------------------------------------


def upload(file: File) -> Upload:
    """How to hand a file over. Raises `DeliveryRejected` with the limit, or for its type."""
    mime = _ALIKE.get(file.mime, file.mime)
    type_ = _type(file.kind, mime, file.size)
    if type_ == "document" and mime not in _DOCUMENTS | _IMAGES | _VIDEOS | _AUDIOS:
        if not mime.startswith("text/"):
            raise DeliveryRejected(f"WhatsApp takes no {mime}", "whatsapp_file_type")
        mime = "text/plain"
    _must_fit(mime, file.size)
    return Upload(type=type_, mime=mime)


def _type(kind: FileKind, mime: str, size: int) -> str:
    if kind is FileKind.DOCUMENT:
        return "document"
    if mime == "image/webp" and size <= 500 * 1024:
        return "sticker"
    if mime in _IMAGES:
        return "image"
    if mime in _VIDEOS:
        return "video"
    return "audio" if mime in _AUDIOS else "document"


def _must_fit(mime: str, size: int) -> None:
    """Meta counts by what the file is, whatever it is sent as."""
    limit, code = 100 * MEGABYTE, "whatsapp_over_100mb"
    if mime in _IMAGES:
        limit, code = 5 * MEGABYTE, "whatsapp_over_5mb"
    elif mime == "image/webp":
        limit, code = 500 * 1024, "whatsapp_over_500kb"
    elif mime in _VIDEOS | _AUDIOS:
        limit, code = 16 * MEGABYTE, "whatsapp_over_16mb"
    if size > limit:
        raise DeliveryRejected(f"{size} bytes of {limit} that WhatsApp takes of {mime}", code)


def _file(content: Content, media: str) -> Json:
    file = content.files[0]
    type_ = upload(file).type
    about: Json = {"id": media}
    if type_ == "document":
        about["filename"] = file.name
    words = render(content.text)
    if words.strip():
        if type_ not in _CAPTIONED:
            raise NotSupported(f"{type_} has no words beside it")
        about["caption"] = words if len(words) <= CAPTION else content.words()
    return {"type": type_, type_: about}


# --- choices ----------------------------------------------------------------------------------


def _interactive(words: str, choices: Sequence[Choice], language: str) -> Json:
    """Up to three short ones are buttons, the others rows of a list."""
    if len(choices) > MAX_CHOICES or any(not 0 < len(each.id) <= _ID for each in choices):
        raise NotSupported("these are more or longer choices than WhatsApp takes")
    labels = _labels(choices)
    short = all(len(label) <= _BUTTON for label in labels)
    if short and len(choices) <= _BUTTONS and len(words) <= _BUTTON_BODY:
        return {"type": "button", "body": {"text": words}, "action": _buttons(choices, labels)}
    action = {"button": say(language, "whatsapp.choose"), "sections": [_rows(choices, labels)]}
    return {"type": "list", "body": {"text": words}, "action": action}


def _labels(choices: Sequence[Choice]) -> list[str]:
    """What each is called; numbered where two begin alike, for Meta takes no name twice."""
    labels = [" ".join(each.label.split()) or each.id for each in choices]
    if len({label[: _ROW - 1] for label in labels}) == len(labels):
        return labels
    return [f"{number}. {label}" for number, label in enumerate(labels, 1)]


def _buttons(choices: Sequence[Choice], labels: Sequence[str]) -> Json:
    buttons = [
        {"type": "reply", "reply": {"id": each.id, "title": label}}
        for each, label in zip(choices, labels, strict=True)
    ]
    return {"buttons": buttons}


def _rows(choices: Sequence[Choice], labels: Sequence[str]) -> Json:
    rows: list[Mapping[str, str]] = []
    for each, label in zip(choices, labels, strict=True):
        row = {"id": each.id, "title": _cut(label, _ROW)}
        if len(label) > _ROW:
            row["description"] = _cut(label, _DESCRIPTION)
        rows.append(row)
    return {"rows": rows}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


# --- the rest ---------------------------------------------------------------------------------


def _place(place: Location) -> Json:
    said: Json = {"latitude": place.latitude, "longitude": place.longitude}
    if place.name:
        said["name"] = place.name
    if place.address:
        said["address"] = place.address
    return said


def _card(card: ContactCard) -> Json:
    first, _, last = card.name.partition(" ")
    name = {"formatted_name": card.name, "first_name": first}
    said: Json = {"name": {**name, "last_name": last} if last else name}
    if card.phones:
        said["phones"] = [{"phone": phone} for phone in card.phones]
    if card.emails:
        said["emails"] = [{"email": email} for email in card.emails]
    return said


def seen(message: str, *, typing: bool) -> Json:
    """A customer's message is read; and, for up to 25 seconds, somebody is typing."""
    said: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": message}
    return {**said, "typing_indicator": {"type": "text"}} if typing else said
