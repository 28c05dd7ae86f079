"""What one message of a customer says, as content of ours; its file is named, not fetched. Pure."""

from collections.abc import Iterator

from bridge.adapters.channels.whatsapp.wire import Card, Edited, Media, Message, Order, Referral
from bridge.domain.content import ContactCard, Content, FileKind, Location
from bridge.domain.text import Block, BlockQuote, FormattedText, plain
from bridge.domain.value import Value
from bridge.locales import say
from bridge.ports.fit import size_words

KINDS = frozenset(
    {
        "text",
        "image",
        "video",
        "audio",
        "voice",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "interactive",
        "button",
        "order",
        "unsupported",
        "edit",
        "revoke",
    }
)


class Wanted(Value):
    """A file to fetch from Meta. `kind` is how WhatsApp shows it."""

    id: str
    kind: FileKind
    name: str


class Read(Value):
    """What a message says, and the file that belongs to it."""

    content: Content
    file: Wanted | None = None


def read(message: Message, language: str) -> Read:
    """The content of a message that shows something."""
    above = tuple(_above(message, language))
    file, caption = _file(message)
    if file is not None:
        return Read(content=Content(text=(*above, *plain(caption))), file=file)
    inner = _inner(message, language)
    if inner is None:
        key = "nothing" if message.type in KINDS else "unsupported"
        words = say(language, f"whatsapp.in.{key}", kind=message.type or "?")
        inner = Content(text=plain(words))
    return Read(content=_with(inner, above))


def edited(message: Edited, language: str) -> Read:
    """What a message says after its writer changed it."""
    return read(
        Message(
            id="",
            type=message.type,
            text=message.text,
            image=message.image,
            video=message.video,
            document=message.document,
        ),
        language,
    )


def missing(wanted: Wanted, why: str, language: str, limit: int) -> str:
    """Which file is missing, and why; `limit` in bytes."""
    return say(language, f"whatsapp.in.{why}", name=wanted.name, limit=size_words(limit))


def _with(content: Content, above: FormattedText) -> Content:
    if not above:
        return content
    return Content(
        text=(*above, *content.text),
        chosen=content.chosen,
        location=content.location,
        contact_card=content.contact_card,
    )


def _above(message: Message, language: str) -> Iterator[Block]:
    """Where he came from: an advertisement, a product."""
    if message.referral is not None:
        words = _advertisement(message.referral)
        yield BlockQuote(blocks=plain(say(language, "whatsapp.in.referral", words=words)))
    product = message.context.referred_product if message.context else None
    if product is not None:
        item = product.product_retailer_id
        yield BlockQuote(blocks=plain(say(language, "whatsapp.in.product", item=item)))


def _advertisement(referral: Referral) -> str:
    return " · ".join(filter(None, (referral.headline, referral.body, referral.source_url)))


def _file(message: Message) -> tuple[Wanted | None, str]:
    """The file of a message, and its caption."""
    for kind, media in _media(message):
        if media is not None and media.id:
            name = media.filename or _name(kind, media)
            return Wanted(id=media.id, kind=kind, name=name), media.caption
    return None, ""


def _media(message: Message) -> Iterator[tuple[FileKind, Media | None]]:
    yield FileKind.IMAGE, message.image
    yield FileKind.VIDEO, message.video
    voice = message.type == "voice" or (message.audio is not None and message.audio.voice)
    yield FileKind.VOICE if voice else FileKind.AUDIO, message.audio or message.voice
    yield FileKind.DOCUMENT, message.document
    yield FileKind.STICKER, message.sticker


def _name(kind: FileKind, media: Media) -> str:
    """WhatsApp gives names to documents only."""
    subtype = media.mime_type.partition(";")[0].rpartition("/")[2]
    known = {"jpeg": "jpg", "quicktime": "mov", "plain": "txt", "mpeg": "mp3"}
    end = known.get(subtype, subtype if subtype.isalnum() else "")
    return f"{kind.value}.{end}" if end else kind.value


def _inner(message: Message, language: str) -> Content | None:
    if message.text is not None and message.text.body:
        return Content(text=plain(message.text.body))
    if message.location is not None:
        place = message.location
        return Content(
            location=Location(
                latitude=place.latitude,
                longitude=place.longitude,
                name=place.name,
                address=place.address,
            )
        )
    if message.contacts:
        return _cards(message.contacts)
    if message.order is not None:
        return Content(text=plain(_order(message.order, language)))
    return _pressed(message)


def _pressed(message: Message) -> Content | None:
    if message.button is not None:
        return Content(text=plain(message.button.text), chosen=message.button.payload)
    if message.interactive is None:
        return None
    chosen = message.interactive.button_reply or message.interactive.list_reply
    if chosen is not None:
        return Content(text=plain(chosen.title), chosen=chosen.id)
    form = message.interactive.nfm_reply
    if form is not None:
        return Content(text=plain("\n".join(filter(None, (form.body, form.response_json)))))
    return None


def _cards(cards: list[Card]) -> Content:
    """The first one as a card; WhatsApp lets several be sent at once, the others become text."""
    first, *others = cards
    lines = [
        ", ".join((_called(card), *(each.phone or each.wa_id for each in card.phones)))
        for card in others
    ]
    card = ContactCard(
        name=_called(first),
        phones=tuple(each.phone or f"+{each.wa_id}" for each in first.phones),
        emails=tuple(each.email for each in first.emails),
    )
    return Content(text=plain("\n".join(lines)), contact_card=card)


def _called(card: Card) -> str:
    return card.name.formatted_name or card.name.first_name


def _order(order: Order, language: str) -> str:
    lines = [say(language, "whatsapp.in.order")]
    lines += [
        f"{item.quantity:g} × {item.product_retailer_id} ({item.item_price:g} {item.currency})"
        for item in order.product_items
    ]
    return "\n".join(filter(None, (*lines, order.text)))
