"""From a browser's request to an event of the core and a line of the journal. Pure."""

from uuid import UUID

import msgspec

from bridge.adapters.channels.webchat.identity import made_up
from bridge.adapters.channels.webchat.lines import Shown, ShownQuote, shown_files
from bridge.adapters.channels.webchat.wire import EditedMessage, EndedChat, NewMessage, Refusal
from bridge.domain.content import Content, File
from bridge.domain.ids import Address, ChannelId, ExternalId, Instant, Language, SourceKey
from bridge.domain.message import Author, Receipt
from bridge.domain.text import plain
from bridge.ports.channel import (
    CustomerLeft,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReceiptChanged,
)

_CUSTOMER = Author.CUSTOMER.value
_LANGUAGES = {"pt": Language("pt_BR"), "en": Language("en")}


def external_id(address: Address, line: str) -> ExternalId:
    """A line's name for the core. It begins with the visitor, so nobody can name another's."""
    return ExternalId(f"{address}/{line}")


def received(
    channel: ChannelId, address: Address, message: NewMessage, files: tuple[File, ...], at: Instant
) -> MessageReceived:
    """The event of a new line."""
    line: str = msgspec.to_builtins(message.id)  # str() takes a dozen steps of Python to the same
    content = Content(text=plain(message.text), files=files, chosen=message.choice)
    return MessageReceived(
        channel=channel,
        address=address,
        external_id=external_id(address, line),
        content=content,
        name=" ".join(message.name.split()),
        language=_LANGUAGES.get(message.language[:2].lower()),
        at=at,
        quoted=external_id(address, message.reply_to) if message.reply_to else None,
        anonymous=made_up(address),
    )


def own_line(message: NewMessage, event: MessageReceived, at: Instant) -> Shown:
    """The new line as the visitor's other tabs and his history show it."""
    quoted = message.reply_to if message.choice is None else None
    return Shown(
        id=event.external_id.rpartition("/")[2],
        sender=_CUSTOMER,
        at=at,
        text=event.content.text,
        files=shown_files(event.content) if message.files else (),
        quote=ShownQuote(id=quoted) if quoted else None,
        chosen=message.choice,
    )


def edited(channel: ChannelId, address: Address, line: UUID, edit: EditedMessage) -> MessageEdited:
    """The event of a line with new words."""
    return MessageEdited(
        channel=channel,
        source=(SourceKey(f"{channel}/{address}/edit/{edit.id}"),),
        address=address,
        external_id=external_id(address, str(line)),
        content=Content(text=plain(edit.text)),
    )


def deleted(channel: ChannelId, address: Address, line: UUID) -> MessageDeleted:
    """The event of a line taken back."""
    return MessageDeleted(
        channel=channel,
        source=(SourceKey(f"{channel}/{address}/delete/{line}"),),
        address=address,
        external_id=external_id(address, str(line)),
    )


def left(channel: ChannelId, address: Address, ended: EndedChat) -> CustomerLeft:
    """The event of a visitor who is done."""
    source = (SourceKey(f"{channel}/{address}/end/{ended.id}"),)
    return CustomerLeft(channel=channel, source=source, address=address)


def receipt(channel: ChannelId, address: Address, line: str, what: Receipt) -> ReceiptChanged:
    """The event of a line of ours that came to the customer's browser, or was on his screen."""
    return ReceiptChanged(
        channel=channel,
        source=(SourceKey(f"{channel}/{address}/{what.name.lower()}/{line}"),),
        external_id=external_id(address, line),
        receipt=what,
    )


def checked_text(text: str, limit: int, *, may_be_empty: bool = False) -> None:
    """Raise `Refusal` for a text that nobody can have meant."""
    if len(text) > limit:
        raise Refusal(413, "text_too_long", f"A message has at most {limit} characters.")
    if not may_be_empty and (not text or text.isspace()):
        raise Refusal(400, "empty", "A message needs words or a file.")


def line_id(text: str) -> UUID:
    """A customer's own line; only those have a UUID, so ours can never be meant."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal(404, "not_found", "There is no such message.") from error
