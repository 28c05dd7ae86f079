"""From a platform's event to ours. Pure: files were fetched before."""

from datetime import datetime
from typing import TypeAlias

from bridge.adapters.channels.connector import wire
from bridge.domain.contact import Refuses
from bridge.domain.content import ContactCard, Content, File, Location
from bridge.domain.ids import Address, ChannelId, ExternalId, Instant, Language, SourceKey
from bridge.domain.message import Receipt
from bridge.domain.text import plain
from bridge.locales import language_named
from bridge.ports import channel as port

Change: TypeAlias = wire.MessageEdited | wire.MessageDeleted | wire.MessageReaction
Turn: TypeAlias = wire.CustomerRenamed | wire.CustomerLeft | wire.CustomerPreferences
_RECEIPTS = {
    "accepted": Receipt.ACCEPTED,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.READ,
    "failed": Receipt.FAILED,
}


def event_of(
    channel: ChannelId, event: wire.Anything, files: tuple[File, ...], key: str
) -> port.ChannelEvent | None:
    """What the core is told; None for what is only shown. `key` names what has no name itself."""
    source = (SourceKey(f"{channel}:{key}"),)
    match event:
        case wire.MessageCreated(data=line):
            return _received(channel, line, files)
        case wire.MessageEchoed(data=line):
            return _echoed(channel, line, files)
        case wire.MessageReceipt(data=receipt):
            return _receipt(channel, receipt)
        case wire.TemplatesChanged(data=templates):
            return _templates(channel, templates, source)
        case wire.CustomerTyping():
            return None
        case wire.CustomerRenamed() | wire.CustomerLeft() | wire.CustomerPreferences():
            return _turn(channel, event, source)
        case _:
            return _change(channel, event, files, source)


def _change(
    channel: ChannelId, event: Change, files: tuple[File, ...], source: tuple[SourceKey, ...]
) -> port.ChannelEvent:
    """What happens to a line that there was before."""
    address = Address(event.data.customer.id)
    match event:
        case wire.MessageEdited(data=line):
            return port.MessageEdited(
                channel=channel,
                source=source,
                address=address,
                external_id=ExternalId(line.id),
                content=_content(line, files),
            )
        case wire.MessageDeleted(data=gone):
            line_id = ExternalId(gone.id)
            return port.MessageDeleted(
                channel=channel, source=source, address=address, external_id=line_id
            )
        case wire.MessageReaction(data=reaction):
            return port.Reacted(
                channel=channel,
                source=source,
                address=address,
                external_id=ExternalId(reaction.id),
                emoji=reaction.emoji,
                removed=reaction.removed,
            )


def _turn(channel: ChannelId, event: Turn, source: tuple[SourceKey, ...]) -> port.ChannelEvent:
    """What happens to a customer whom there was before."""
    address = Address(event.data.customer.id)
    match event:
        case wire.CustomerRenamed(data=renamed):
            new = Address(renamed.new)
            return port.AddressChanged(channel=channel, source=source, address=address, new=new)
        case wire.CustomerLeft(data=left):
            return port.CustomerLeft(
                channel=channel, source=source, address=address, blocked=left.blocked
            )
        case wire.CustomerPreferences(data=wishes):
            return port.WishesChanged(
                channel=channel,
                source=source,
                address=address,
                refuses=Refuses(wishes.refuses),
            )


def files_of(event: wire.Anything) -> tuple[wire.Media, ...]:
    """The files that an event names."""
    if isinstance(event, wire.MessageCreated | wire.MessageEdited | wire.MessageEchoed):
        return event.data.media
    return ()


def is_empty(event: wire.Anything) -> bool:
    """True for a line that carries nothing at all."""
    if not isinstance(event, wire.MessageCreated | wire.MessageEdited | wire.MessageEchoed):
        return False
    said = event.data
    return not (said.text or said.media or said.location or said.contact_card or said.chosen)


def _received(
    channel: ChannelId, line: wire.NewLine, files: tuple[File, ...]
) -> port.MessageReceived:
    language = language_named(line.customer.language) if line.customer.language else None
    return port.MessageReceived(
        channel=channel,
        address=Address(line.customer.id),
        external_id=ExternalId(line.id),
        content=_content(line, files),
        source=(SourceKey(f"{channel}:line:{line.id}"),),
        name=line.customer.name,
        language=None if language is None else Language(language),
        at=_instant(line.at),
        quoted=None if line.reply_to is None else ExternalId(line.reply_to),
        also=tuple(map(Address, line.customer.also)),
    )


def _echoed(channel: ChannelId, line: wire.NewLine, files: tuple[File, ...]) -> port.HumanEchoed:
    return port.HumanEchoed(
        channel=channel,
        address=Address(line.customer.id),
        external_id=ExternalId(line.id),
        content=_content(line, files),
        source=(SourceKey(f"{channel}:line:{line.id}"),),
        at=_instant(line.at),
        also=tuple(map(Address, line.customer.also)),
    )


def _receipt(channel: ChannelId, receipt: wire.LineReceipt) -> port.ReceiptChanged:
    """The same status of the same line is one thing, however often it is told."""
    return port.ReceiptChanged(
        channel=channel,
        source=(SourceKey(f"{channel}:receipt:{receipt.id}:{receipt.status}"),),
        external_id=ExternalId(receipt.id),
        receipt=_RECEIPTS[receipt.status],
        reason=receipt.reason,
        key=receipt.key,
    )


def _templates(
    channel: ChannelId, all_of_them: wire.AllTemplates, source: tuple[SourceKey, ...]
) -> port.TemplatesSynced:
    return port.TemplatesSynced(
        channel=channel,
        source=source,
        templates=tuple(
            port.OfferedTemplate(
                name=each.name,
                language=each.language,
                body=each.body,
                category=each.category,
                approved=each.approved,
            )
            for each in all_of_them.templates
        ),
    )


def _content(said: wire.Said, files: tuple[File, ...]) -> Content:
    """A customer's words are plain, whatever signs they have."""
    place, card = said.location, said.contact_card
    return Content(
        text=plain(said.text) if said.text else (),
        files=files,
        chosen=said.chosen or None,
        location=None
        if place is None
        else Location(
            latitude=place.latitude,
            longitude=place.longitude,
            name=place.name,
            address=place.address,
        ),
        contact_card=None
        if card is None
        else ContactCard(name=card.name, phones=card.phones, emails=card.emails),
    )


def _instant(at: datetime | None) -> Instant | None:
    return None if at is None else Instant(round(at.timestamp() * 1_000))
