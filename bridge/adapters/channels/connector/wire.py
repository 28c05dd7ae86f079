"""What a platform tells us: the shapes of `/v1/channels/<id>/events`, with their limits."""

from typing import Annotated, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
)

_BLANKS = frozenset("\n\t")


def _printable(text: str) -> str:
    if any(
        (ord(char) < 32 and char not in _BLANKS) or 0xD800 <= ord(char) <= 0xDFFF for char in text
    ):
        raise ValueError("contains a control character, or half of a character")
    return text


def _one_word(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("must be one line without blanks around it")
    return text


Words = Annotated[str, Field(max_length=20_000), AfterValidator(_printable)]
Name = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_word)]
Url = Annotated[str, Field(max_length=4_096)]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Shape(BaseModel):
    """A word that nobody knows is a mistake, and is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Customer(Shape):
    """Who it is: `id` is his name on the platform, `also` are others that he goes by there."""

    id: Ref
    name: Name = ""
    language: Annotated[str, Field(max_length=35)] = ""
    also: Annotated[tuple[Ref, ...], Field(max_length=5)] = ()


class Media(Shape):
    """A file at an address, which we fetch once."""

    url: Url
    name: Name = ""


class Place(Shape):
    """A place on the map, in degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    longitude: Degrees
    name: Name = ""
    address: Name = ""


class Card(Shape):
    """A person's card."""

    name: Name
    phones: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    emails: Annotated[tuple[Name, ...], Field(max_length=10)] = ()


class Said(Shape):
    """What a line carries, at least one thing; `chosen` is the id of a button of ours."""

    text: Words = ""
    media: Annotated[tuple[Media, ...], Field(max_length=10)] = ()
    location: Place | None = None
    contact_card: Card | None = None
    chosen: Annotated[str, Field(max_length=256)] = ""


class NewLine(Said):
    """A line; `id` is its name on the platform, and the same id again is the same line."""

    id: Ref
    customer: Customer
    reply_to: Ref | None = None
    at: AwareDatetime | None = None


class ChangedLine(Said):
    """What a line says now."""

    id: Ref
    customer: Customer


class GoneLine(Shape):
    """A line that was taken back."""

    id: Ref
    customer: Customer


class Reaction(Shape):
    """An emoji on a line, his own or ours; `removed` takes it away."""

    id: Ref
    customer: Customer
    emoji: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_one_word)]
    removed: bool = False


class LineReceipt(Shape):
    """What became of a line of ours; `key` is the webhook-id under which we sent it."""

    id: Ref
    status: Literal["accepted", "delivered", "read", "failed"]
    reason: Annotated[str, Field(max_length=300), AfterValidator(_printable)] = ""
    key: Annotated[str, Field(max_length=100)] = ""


class WhoTypes(Shape):
    """The customer is typing."""

    customer: Customer


class Renamed(Shape):
    """The customer goes by another id from now on."""

    customer: Customer
    new: Ref


class Gone(Shape):
    """The customer is done: he ended it, or `blocked` your number, so that nothing reaches him."""

    customer: Customer
    blocked: bool = False


class Wishes(Shape):
    """What he does not want to be sent from now on."""

    customer: Customer
    refuses: Literal["nothing", "marketing", "everything"]


class PlatformTemplate(Shape):
    """A template of the platform: its whole text, with `{{variables}}`."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$")]
    body: Annotated[str, Field(min_length=1, max_length=4_096), AfterValidator(_printable)]
    category: Annotated[str, Field(max_length=40)] = "utility"
    approved: bool = True


class AllTemplates(Shape):
    """Every template there is; those not named are gone."""

    templates: Annotated[tuple[PlatformTemplate, ...], Field(max_length=1_000)]


class MessageCreated(Shape):
    """A customer wrote."""

    type: Literal["message.created"]
    data: NewLine


class MessageEdited(Shape):
    """A customer changed a line. `id` names this change where the request is not signed."""

    type: Literal["message.edited"]
    data: ChangedLine
    id: Ref | None = None


class MessageDeleted(Shape):
    """A customer took a line back."""

    type: Literal["message.deleted"]
    data: GoneLine
    id: Ref | None = None


class MessageReaction(Shape):
    """A customer reacted to a line."""

    type: Literal["message.reaction"]
    data: Reaction
    id: Ref | None = None


class MessageReceipt(Shape):
    """What became of a line of ours."""

    type: Literal["message.receipt"]
    data: LineReceipt
    id: Ref | None = None


class MessageEchoed(Shape):
    """Somebody of yours answered the customer elsewhere: from now on a person has control."""

    type: Literal["message.echoed"]
    data: NewLine


class CustomerTyping(Shape):
    """A customer is typing; shown, never stored."""

    type: Literal["customer.typing"]
    data: WhoTypes


class CustomerRenamed(Shape):
    """A customer goes by another id."""

    type: Literal["customer.renamed"]
    data: Renamed
    id: Ref | None = None


class CustomerLeft(Shape):
    """A customer ended the exchange; silence and a closed page are none of that."""

    type: Literal["customer.left"]
    data: Gone
    id: Ref | None = None


class CustomerPreferences(Shape):
    """A customer says what he does not want to be sent."""

    type: Literal["customer.preferences"]
    data: Wishes
    id: Ref | None = None


class TemplatesChanged(Shape):
    """Every template of the platform, whenever one changes."""

    type: Literal["templates.changed"]
    data: AllTemplates


Anything: TypeAlias = (
    MessageCreated
    | MessageEdited
    | MessageDeleted
    | MessageReaction
    | MessageReceipt
    | MessageEchoed
    | CustomerTyping
    | CustomerRenamed
    | CustomerLeft
    | CustomerPreferences
    | TemplatesChanged
)


class ConnectorEvent(RootModel[Annotated[Anything, Field(discriminator="type")]]):
    """One thing that happened on the platform."""


class Taken(Shape):
    """It is on disk; `duplicate` when it was before."""

    duplicate: bool = False


class PlatformAnswer(BaseModel):
    """What the platform may answer to a line of ours.

    `id` is its name there (else it is our webhook-id), `also` are names of the customer that it
    learned, `error` says why it is refused.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(max_length=200)] = ""
    also: Annotated[tuple[Ref, ...], Field(max_length=5)] = ()
    error: "PlatformError | None" = None


class PlatformError(BaseModel):
    """`code` is one of ours (`window_closed`, `unknown_address`, `too_large`, ...), or any."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    code: Annotated[str, Field(max_length=60)] = ""
    message: Annotated[str, Field(max_length=500)] = ""
