"""From the bytes of a webhook to what happened, one thing after the other. Pure.

Nothing is dropped: what we do not know is given back as it came, to be kept and counted, and what
a customer sent that WhatsApp or we cannot show still becomes a line that says so.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import msgspec

from bridge.adapters.channels.whatsapp import content
from bridge.adapters.channels.whatsapp.addresses import Names, names
from bridge.adapters.channels.whatsapp.content import Wanted
from bridge.adapters.channels.whatsapp.wire import (
    ENVELOPE,
    MESSAGE,
    PREFERENCE,
    STATUS,
    VALUE,
    Change,
    Contact,
    Message,
    Status,
    Value,
)
from bridge.domain import value
from bridge.domain.contact import Refuses
from bridge.domain.ids import ChannelId, ExternalId, Instant, SourceKey
from bridge.ports.channel import (
    AddressChanged,
    ChannelEvent,
    HumanEchoed,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Reacted,
    WishesChanged,
)

TEMPLATE_FIELDS = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
    }
)
_LINES = frozenset({"messages", "smb_message_echoes", "user_preferences"})
_MARKETING = {"stop": Refuses.MARKETING, "resume": Refuses.NOTHING}
_MOVED = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})


class Happened(value.Value):
    """One thing to hand over, once its file is there. `whom` is in whose order."""

    whom: str
    event: ChannelEvent
    file: Wanted | None = None
    sent_at: Instant | None = None


class Unknown(value.Value):
    """Something that we do not understand, as it came. `kind` is short and safe to count by."""

    kind: str
    body: bytes


class TemplatesMoved(value.Value):
    """Meta changed something about a template."""


Found: TypeAlias = Happened | Status | Unknown | TemplatesMoved


class Reader:
    """Reads the webhooks of one number."""

    def __init__(self, channel: ChannelId, phone_number_id: str, language: str) -> None:
        """`language` is for what we say ourselves in a line, such as what an advertisement is."""
        self._channel = channel
        self._number = phone_number_id
        self._language = language

    def read(self, body: bytes) -> Iterator[Found]:
        """Everything in a webhook, in its order. Never raises."""
        try:
            envelope = ENVELOPE.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield Unknown(kind="malformed", body=body)
            return
        for entry in envelope.entry:
            for change in entry.changes:
                yield from self._change(change)

    def _change(self, change: Change) -> Iterator[Found]:
        raw = bytes(change.value)
        if change.field in TEMPLATE_FIELDS:
            yield TemplatesMoved()
            return
        if change.field not in _LINES:
            yield Unknown(kind=_word(change.field), body=raw)
            return
        try:
            said = VALUE.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield Unknown(kind="malformed", body=raw)
            return
        if said.metadata.phone_number_id not in ("", self._number):
            yield Unknown(kind="other_number", body=raw)
            return
        if not (said.messages or said.statuses or said.message_echoes or said.user_preferences):
            yield Unknown(kind="empty", body=raw)
        yield from self._value(said)

    def _value(self, said: Value) -> Iterator[Found]:
        for raw in said.messages:
            yield from self._message(bytes(raw), said.contacts)
        for raw in said.message_echoes:
            yield from self._echo(bytes(raw))
        for raw in said.user_preferences:
            yield self._preference(bytes(raw))
        for raw in said.statuses:
            try:
                yield STATUS.decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield Unknown(kind="status", body=bytes(raw))

    # --- messages -----------------------------------------------------------------------------

    def _message(self, raw: bytes, contacts: list[Contact]) -> Iterator[Found]:
        try:
            message = MESSAGE.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield Unknown(kind="message", body=raw)
            return
        contact = _contact(message, contacts)
        who = names(message.from_ or contact.wa_id, message.from_user_id or contact.user_id)
        if who is None:
            yield Unknown(kind="nobody", body=raw)
            return
        if message.type == "system":
            yield self._system(message, who, raw)
            return
        if message.type not in content.KINDS:
            yield Unknown(kind=_word(message.type), body=raw)
        yield self._said(message, who, contact)

    def _said(self, message: Message, who: Names, contact: Contact) -> Happened:
        source = (SourceKey(f"message:{message.id}"),)
        about = {"channel": self._channel, "address": who.address, "source": source}
        if message.reaction is not None:
            reaction = message.reaction
            return self._happened(
                message,
                who,
                Reacted(
                    **about,  # type: ignore[arg-type]  # the same three of each
                    external_id=ExternalId(reaction.message_id),
                    emoji=reaction.emoji,
                    removed=not reaction.emoji,
                ),
            )
        if message.revoke is not None:
            gone = ExternalId(message.revoke.original_message_id)
            return self._happened(message, who, MessageDeleted(**about, external_id=gone))  # type: ignore[arg-type]
        if message.edit is not None:
            return self._edited(message, who, about)
        read = content.read(message, self._language)
        quoted = message.context.id if message.context else ""
        return self._happened(
            message,
            who,
            MessageReceived(
                **about,  # type: ignore[arg-type]  # the same three of each
                external_id=ExternalId(message.id),
                content=read.content,
                name=contact.profile.name or contact.profile.username,
                at=_instant(message.timestamp),
                quoted=ExternalId(quoted) if quoted else None,
                also=who.also,
                certain=who.certain,
            ),
            read.file,
        )

    def _edited(self, message: Message, who: Names, about: Mapping[str, object]) -> Happened:
        assert message.edit is not None, "the caller looked"
        read = content.edited(message.edit.message, self._language)
        event = MessageEdited(
            **about,  # type: ignore[arg-type]  # the same three of each
            external_id=ExternalId(message.edit.original_message_id),
            content=read.content,
        )
        return self._happened(message, who, event, read.file)

    def _system(self, message: Message, who: Names, raw: bytes) -> Found:
        """WhatsApp itself: a customer has another number, or something that we do not know."""
        system = message.system
        new = None
        if system is not None and system.type in _MOVED:
            new = names(system.wa_id or system.new_wa_id, system.user_id)
        if new is None:
            return Unknown(kind="system", body=raw)
        event = AddressChanged(
            channel=self._channel,
            source=(SourceKey(f"message:{message.id}"),),
            address=who.address,
            new=new.address,
            also=new.also,
            certain=new.certain,
        )
        return self._happened(message, who, event)

    def _echo(self, raw: bytes) -> Iterator[Found]:
        """Somebody of ours wrote on the business's own telephone."""
        try:
            message = MESSAGE.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield Unknown(kind="echo", body=raw)
            return
        who = names(message.to, message.to_user_id)
        if who is None or message.type in ("edit", "revoke", "reaction"):
            yield Unknown(kind=f"echo_{_word(message.type)}", body=raw)
            return
        read = content.read(message, self._language)
        event = HumanEchoed(
            channel=self._channel,
            address=who.address,
            external_id=ExternalId(message.id),
            content=read.content,
            source=(SourceKey(f"echo:{message.id}"),),
            at=_instant(message.timestamp),
            also=who.also,
            certain=who.certain,
        )
        yield self._happened(message, who, event, read.file)

    def _preference(self, raw: bytes) -> Found:
        """A customer stops marketing messages, or resumes them."""
        try:
            said = PREFERENCE.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return Unknown(kind="preference", body=raw)
        who, refuses = names(said.wa_id, said.user_id), _MARKETING.get(said.value.lower())
        if who is None or refuses is None or said.category != "marketing_messages":
            return Unknown(kind="preference", body=raw)
        source = SourceKey(f"preference:{who.address}:{said.value}:{said.timestamp}")
        event = WishesChanged(
            channel=self._channel, source=(source,), address=who.address, refuses=refuses
        )
        return Happened(whom=who.address, event=event, sent_at=_instant(said.timestamp))

    def _happened(
        self, message: Message, who: Names, event: ChannelEvent, file: Wanted | None = None
    ) -> Happened:
        at = _instant(message.timestamp)
        return Happened(whom=who.address, event=event, file=file, sent_at=at)


def _contact(message: Message, contacts: list[Contact]) -> Contact:
    """The entry about the one who wrote."""
    for each in contacts:
        if message.from_ and each.wa_id == message.from_:
            return each
        if message.from_user_id and each.user_id == message.from_user_id:
            return each
    return contacts[0] if len(contacts) == 1 else Contact()


def _instant(stamp: str | int) -> Instant | None:
    """Meta writes seconds, as a text."""
    text = str(stamp)
    return Instant(int(text) * 1_000) if text.isascii() and text.isdigit() and int(text) else None


def _word(kind: str) -> str:
    """Something to count by, whatever was written there."""
    word = "".join(
        letter for letter in kind if letter.isascii() and (letter.isalnum() or letter == "_")
    )
    return word[:40] or "nothing"
