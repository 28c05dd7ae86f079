"""What Meta's webhooks say, decoded: every field may be missing, and new ones do no harm.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks
"""

import msgspec

from bridge.adapters.channels.whatsapp.errors import GraphError


class Change(msgspec.Struct):
    """One thing that happened in an account; its value is decoded by its field."""

    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"{}")


class Entry(msgspec.Struct):
    """What happened in one account."""

    id: str = ""
    changes: list[Change] = []


class Envelope(msgspec.Struct):
    """A whole webhook."""

    object: str = ""
    entry: list[Entry] = []


class Metadata(msgspec.Struct):
    """Which number it is about."""

    phone_number_id: str = ""
    display_phone_number: str = ""


class Profile(msgspec.Struct):
    """What a customer calls himself."""

    name: str = ""
    username: str = ""


class Contact(msgspec.Struct):
    """Who wrote."""

    profile: Profile = msgspec.field(default_factory=Profile)
    wa_id: str = ""
    user_id: str = ""


class Value(msgspec.Struct):
    """What happened to one number; each part is decoded alone, so that one spoils no other."""

    metadata: Metadata = msgspec.field(default_factory=Metadata)
    contacts: list[Contact] = []
    messages: list[msgspec.Raw] = []
    statuses: list[msgspec.Raw] = []
    message_echoes: list[msgspec.Raw] = []
    user_preferences: list[msgspec.Raw] = []


class Text(msgspec.Struct):
    """What was written."""

    body: str = ""


class Media(msgspec.Struct):
    """A file at Meta; its address is asked for by its id."""

    id: str = ""
    mime_type: str = ""
    sha256: str = ""
    caption: str = ""
    filename: str = ""
    voice: bool = False


class Place(msgspec.Struct):
    """A place on the map."""

    latitude: float = 0.0
    longitude: float = 0.0
    name: str = ""
    address: str = ""


class CardName(msgspec.Struct):
    """How a card's person is called."""

    formatted_name: str = ""
    first_name: str = ""


class CardPhone(msgspec.Struct):
    """A number on a card."""

    phone: str = ""
    wa_id: str = ""


class CardEmail(msgspec.Struct):
    """An e-mail address on a card."""

    email: str = ""


class Card(msgspec.Struct):
    """A person's card."""

    name: CardName = msgspec.field(default_factory=CardName)
    phones: list[CardPhone] = []
    emails: list[CardEmail] = []


class Reaction(msgspec.Struct):
    """An emoji on a message; an empty one takes it away."""

    message_id: str = ""
    emoji: str = ""


class Chosen(msgspec.Struct):
    """The button or row that was pressed."""

    id: str = ""
    title: str = ""


class FormAnswer(msgspec.Struct):
    """What a customer filled in in a flow."""

    name: str = ""
    body: str = ""
    response_json: str = ""


class Interactive(msgspec.Struct):
    """An answer to buttons, a list or a flow."""

    type: str = ""
    button_reply: Chosen | None = None
    list_reply: Chosen | None = None
    nfm_reply: FormAnswer | None = None


class Pressed(msgspec.Struct):
    """A quick reply of a template."""

    payload: str = ""
    text: str = ""


class Product(msgspec.Struct):
    """Something from a catalogue."""

    product_retailer_id: str = ""
    catalog_id: str = ""
    quantity: float = 0
    item_price: float = 0
    currency: str = ""


class Order(msgspec.Struct):
    """What a customer wants to buy."""

    text: str = ""
    product_items: list[Product] = []


class System(msgspec.Struct):
    """What WhatsApp itself has to say."""

    body: str = ""
    type: str = ""
    wa_id: str = ""
    new_wa_id: str = ""
    user_id: str = ""


class Context(msgspec.Struct):
    """The message that is answered."""

    id: str = ""
    referred_product: Product | None = None


class Referral(msgspec.Struct):
    """The advertisement that he came from."""

    headline: str = ""
    body: str = ""
    source_url: str = ""


class Edited(msgspec.Struct):
    """The message as it is now."""

    type: str = ""
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None


class Edit(msgspec.Struct):
    """A message was changed."""

    original_message_id: str = ""
    message: Edited = msgspec.field(default_factory=Edited)


class Revoke(msgspec.Struct):
    """A message was taken back."""

    original_message_id: str = ""


class Message(msgspec.Struct):
    """A customer's message, or the echo of one that was written on the business's telephone."""

    id: str
    type: str = ""
    from_: str = msgspec.field(name="from", default="")
    from_user_id: str = ""
    to: str = ""
    to_user_id: str = ""
    timestamp: str | int = 0
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Place | None = None
    contacts: list[Card] = []
    reaction: Reaction | None = None
    interactive: Interactive | None = None
    button: Pressed | None = None
    order: Order | None = None
    system: System | None = None
    context: Context | None = None
    referral: Referral | None = None
    edit: Edit | None = None
    revoke: Revoke | None = None


class Preference(msgspec.Struct):
    """Whether a customer wants marketing: he stops it, or resumes."""

    wa_id: str = ""
    user_id: str = ""
    category: str = ""
    value: str = ""
    timestamp: str | int = 0


class Pricing(msgspec.Struct):
    """What Meta says of the cost; a category, never an amount."""

    billable: bool = False
    category: str = ""
    type: str = ""


class Status(msgspec.Struct):
    """What became of a message of ours."""

    id: str
    status: str = ""
    biz_opaque_callback_data: str = ""
    recipient_id: str = ""
    recipient_user_id: str = ""
    errors: list[GraphError] = []
    pricing: Pricing | None = None


ENVELOPE = msgspec.json.Decoder(Envelope)
VALUE = msgspec.json.Decoder(Value)
MESSAGE = msgspec.json.Decoder(Message)
STATUS = msgspec.json.Decoder(Status)
PREFERENCE = msgspec.json.Decoder(Preference)
