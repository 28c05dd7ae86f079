"""The customers' side: what comes in from a channel and what a channel adapter promises."""

from typing import Protocol, TypeAlias, runtime_checkable

from bridge.domain.contact import Refuses
from bridge.domain.content import Content
from bridge.domain.ids import (
    Address,
    ChannelId,
    ExternalId,
    Instant,
    Language,
    MessageId,
    SourceKey,
)
from bridge.domain.message import Receipt
from bridge.domain.template import Variable
from bridge.domain.value import Value
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.store import JournalEntry


class MessageReceived(Value, tag="message_received"):
    """A customer wrote. `at` is the platform's own time where it has one.

    It is the same line when its external id is; `source` is for what else makes it the same.
    `anonymous` says of the address that it was made up for him: he is not found by it. `also` are
    other names of his on this channel; whoever is known by one of them is he. `certain` is that of
    his names which never becomes somebody else's: two who turn out to have it are one.
    """

    channel: ChannelId
    address: Address
    external_id: ExternalId
    content: Content
    source: tuple[SourceKey, ...] = ()
    name: str = ""
    language: Language | None = None
    at: Instant | None = None
    quoted: ExternalId | None = None
    anonymous: bool = False
    also: tuple[Address, ...] = ()
    certain: Address | None = None


class MessageEdited(Value, tag="message_edited"):
    """A customer changed a line."""

    channel: ChannelId
    source: tuple[SourceKey, ...]
    address: Address
    external_id: ExternalId
    content: Content


class MessageDeleted(Value, tag="message_deleted"):
    """A customer took a line back."""

    channel: ChannelId
    source: tuple[SourceKey, ...]
    address: Address
    external_id: ExternalId


class Reacted(Value, tag="reacted"):
    """A customer reacted to a line, his own or ours."""

    channel: ChannelId
    source: tuple[SourceKey, ...]
    address: Address
    external_id: ExternalId
    emoji: str
    removed: bool = False


class ReceiptChanged(Value, tag="receipt_changed"):
    """The platform says what became of a line of ours.

    `key` is the call's, where the platform gives it back: it settles a call whose answer was lost.
    `billed` is the category under which the platform bills it, if it says that it does.
    """

    channel: ChannelId
    source: tuple[SourceKey, ...]
    external_id: ExternalId
    receipt: Receipt
    reason: str = ""
    key: str = ""
    billed: str = ""


class AddressChanged(Value, tag="address_changed"):
    """The platform says that a customer goes by another name from now on.

    Who wrote by the new one already was he.
    """

    channel: ChannelId
    source: tuple[SourceKey, ...]
    address: Address
    new: Address
    also: tuple[Address, ...] = ()
    certain: Address | None = None


class CustomerLeft(Value, tag="customer_left"):
    """A customer is done, by an act of his own: he ended the exchange, or `blocked` us.

    A page that is closed, a lost connection and silence are nothing of that kind: he may come back.
    """

    channel: ChannelId
    source: tuple[SourceKey, ...]
    address: Address
    blocked: bool = False


class WishesChanged(Value, tag="wishes_changed"):
    """A customer says what he does not want to be sent from now on."""

    channel: ChannelId
    source: tuple[SourceKey, ...]
    address: Address
    refuses: Refuses


class HumanEchoed(Value, tag="human_echoed"):
    """Somebody of ours answered the customer outside of every workspace: he is in control."""

    channel: ChannelId
    address: Address
    external_id: ExternalId
    content: Content
    source: tuple[SourceKey, ...] = ()
    at: Instant | None = None
    also: tuple[Address, ...] = ()
    certain: Address | None = None


class OfferedTemplate(Value):
    """A template that the platform keeps: its whole text, with `{{variables}}`.

    Those of them that take no plain words are in `special`.
    """

    name: str
    language: str
    body: str
    category: str = "utility"
    approved: bool = True
    special: tuple[Variable, ...] = ()


class TemplatesSynced(Value, tag="templates_synced"):
    """Every template that the platform has for this channel; those not named are gone."""

    channel: ChannelId
    templates: tuple[OfferedTemplate, ...]
    source: tuple[SourceKey, ...] = ()


ChannelEvent: TypeAlias = (
    MessageReceived
    | MessageEdited
    | MessageDeleted
    | Reacted
    | ReceiptChanged
    | AddressChanged
    | CustomerLeft
    | WishesChanged
    | HumanEchoed
    | TemplatesSynced
)


class Accepted(Value):
    """The event is on disk and decided. `duplicate` when its source was already known."""

    duplicate: bool = False
    message: MessageId | None = None


class ChannelSink(Protocol):
    """Where a channel adapter hands over what came in."""

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        """Store and decide; returns only when the event is durable.

        `entry`, made by the adapter's own store, is written in the same transaction; a duplicate
        writes nothing.
        Raises `Overloaded` or `StorageUnavailable`: then nothing was stored, answer 503.
        """
        ...

    async def typing(self, address: Address) -> None:
        """The customer is typing; best effort, never stored."""
        ...


@runtime_checkable
class Named(Protocol):
    """A channel that people call differently in different languages."""

    def label_in(self, language: Language) -> str:
        """What they call it in this one."""
        ...


@runtime_checkable
class Overhears(Protocol):
    """A channel that remembers what came in, also what another process of the desk took."""

    def overhear(self, event: ChannelEvent) -> None:
        """Another process took this; it is decided here. May be said twice."""
        ...


class ChannelAdapter(Protocol):
    """One line to customers."""

    channel_id: ChannelId
    label: str
    """What people call this channel: `Web chat`, `WhatsApp`."""
    capabilities: ChannelCapabilities

    async def start(self, sink: ChannelSink) -> None:
        """Begin to take and make calls. Raises `InvalidSettings`, `StorageUnavailable`.

        A platform that cannot be reached, or does not let us in, keeps nobody from starting: what
        customers send is taken, and `Diagnoses` tells.
        """
        ...

    async def stop(self) -> None:
        """Stop taking; finish what is under way."""
        ...

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Make this one call. Raises the delivery errors of `bridge.domain.errors`."""
        ...


@runtime_checkable
class ShowsTyping(Protocol):
    """A channel or workspace that can show that somebody is typing."""

    async def show_typing(self, to: str, name: str) -> None:
        """Show it for a few seconds; best effort."""
        ...
