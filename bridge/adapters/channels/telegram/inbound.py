"""From one update to what happened, one thing after the other. Pure.

Nothing is dropped: what we do not know is given back as it came, to be kept and counted, and what
a customer sent that we cannot show still becomes a line that says so. Of groups and channels
nothing is taken. https://core.telegram.org/bots/api#update
"""

import json
from collections.abc import Iterator
from typing import TypeAlias

import msgspec
from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionType,
    ReactionTypeEmoji,
    ReactionTypePaid,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType

from bridge.adapters.channels.telegram.content import (
    SILENT,
    Wanted,
    is_live,
    phone_of,
    read,
    unknown,
)
from bridge.adapters.channels.telegram.names import address_of, external_id
from bridge.domain.contact import Refuses
from bridge.domain.content import Content
from bridge.domain.ids import Address, ChannelId, ExternalId, Instant, Language, SourceKey
from bridge.domain.text import plain
from bridge.domain.value import Value
from bridge.locales import language_named
from bridge.ports.channel import (
    ChannelEvent,
    CustomerLeft,
    MessageEdited,
    MessageReceived,
    Reacted,
    WishesChanged,
)

WANTED = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")
"""The kinds of updates that Telegram is asked for."""
_ENVELOPE = frozenset(
    {
        "message_id",
        "message_thread_id",
        "from",
        "date",
        "chat",
        "forward_origin",
        "reply_to_message",
        "external_reply",
        "quote",
        "reply_to_story",
        "edit_date",
        "has_protected_content",
        "media_group_id",
        "via_bot",
        "is_from_offline",
        "link_preview_options",
        "reply_markup",
        "effect_id",
        "show_caption_above_media",
        "has_media_spoiler",
    }
)
"""Fields of a message that are about it, and not what it says."""
_PAID = "⭐"
_encode = msgspec.json.Encoder().encode
_events: msgspec.json.Decoder[ChannelEvent] = msgspec.json.Decoder(ChannelEvent)
_wanted: msgspec.json.Decoder[Wanted | None] = msgspec.json.Decoder(Wanted | None)


class Happened(Value):
    """One thing to hand over, once its file is there."""

    event: ChannelEvent
    file: Wanted | None = None
    moves: bool = False
    """A place that is told again and again while somebody goes about."""


class Pressed(Value):
    """A button was pressed: Telegram shows that it waits until it is told."""

    query: str


class Unknown(Value):
    """Something that we do not understand. `kind` is short and safe to count by."""

    kind: str


class Elsewhere(Value):
    """Something in a group or channel, of which we take nothing."""


Found: TypeAlias = Happened | Pressed | Unknown | Elsewhere


class Arrived(Value):
    """One update. `chat` is in whose order it is taken; 0 where it is nobody's."""

    id: int
    chat: int
    found: tuple[Found, ...]
    body: bytes


class Envelope(Value):
    """What is read of an update before everything else."""

    update_id: int


class Reader:
    """Reads the updates of one bot."""

    def __init__(self, channel: ChannelId, bot: int, language: str) -> None:
        """`language` is for what we say ourselves in a line. `bot` is the bot's own id."""
        self._channel = channel
        self._bot = bot
        self._language = language

    def read(self, body: bytes) -> Arrived:
        """Everything in an update. Raises `ValueError` only for what has not even an id."""
        body = sound(body)
        number = msgspec.json.decode(body, type=Envelope).update_id
        try:
            chat, found = self._found(msgspec.json.decode(body))
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError, OSError):
            # The library looks at no types: what is not as it was fails wherever it is used.
            chat, found = 0, (Unknown(kind="malformed"),)
        return Arrived(id=number, chat=chat, found=found, body=body)

    def _found(self, raw: dict[str, object]) -> tuple[int, tuple[Found, ...]]:
        update = Update.de_json(raw, None)
        chat = update.effective_chat
        if chat is not None and chat.type != ChatType.PRIVATE:
            return 0, (Elsewhere(),)
        found = tuple(self._update(update, raw))
        for each in found:
            if isinstance(each, Happened):
                _check(each)
        return chat.id if chat else 0, found

    def _update(self, update: Update, raw: dict[str, object]) -> Iterator[Found]:
        source = (SourceKey(f"update:{self._bot}:{update.update_id}"),)
        if update.message is not None:
            yield from self._message(update.message, raw["message"], source)
        elif update.edited_message is not None:
            yield from self._edited(update.edited_message, source)
        elif update.callback_query is not None:
            yield from self._pressed(update.callback_query, source)
        elif update.message_reaction is not None:
            yield from self._reacted(update.message_reaction, source)
        elif update.my_chat_member is not None:
            yield from self._standing(update.my_chat_member, source)
        else:
            yield Unknown(kind=_kind(raw, frozenset({"update_id"})))

    # --- lines --------------------------------------------------------------------------------

    def _message(
        self, message: Message, raw: object, source: tuple[SourceKey, ...]
    ) -> Iterator[Found]:
        said = read(message, self._language)
        kind = "" if said is not None else _kind(raw, _ENVELOPE)
        if kind in SILENT:
            return
        if kind:
            yield Unknown(kind=kind)
        address = address_of(message.chat.id)
        quoted = message.reply_to_message
        yield Happened(
            event=MessageReceived(
                channel=self._channel,
                address=address,
                external_id=external_id(message.chat.id, message.message_id),
                content=unknown(kind, self._language) if said is None else said.content,
                source=source,
                name=_name(message.from_user),
                language=_language(message.from_user),
                at=Instant(int(message.date.timestamp() * 1_000)),
                quoted=None if quoted is None else external_id(quoted.chat.id, quoted.message_id),
                also=_also(message),
                certain=address,
            ),
            file=None if said is None else said.file,
        )

    def _edited(self, message: Message, source: tuple[SourceKey, ...]) -> Iterator[Found]:
        said = read(message, self._language)
        if said is None:
            return  # what we cannot show changed in a way that we cannot show
        place = message.location
        yield Happened(
            event=MessageEdited(
                channel=self._channel,
                source=source,
                address=address_of(message.chat.id),
                external_id=external_id(message.chat.id, message.message_id),
                content=said.content,
            ),
            file=said.file,
            moves=place is not None and is_live(place),
        )

    def _pressed(self, query: CallbackQuery, source: tuple[SourceKey, ...]) -> Iterator[Found]:
        """A button below a line of ours; the line itself is quoted."""
        if query.message is None or query.data is None:
            yield Unknown(kind="callback_query")
            return
        chat, line = query.message.chat.id, query.message.message_id
        address = address_of(chat)
        words = _label(query) or query.data
        yield Happened(
            event=MessageReceived(
                channel=self._channel,
                address=address,
                external_id=ExternalId(f"{chat}:press:{query.id}"),
                content=Content(text=plain(words), chosen=query.data),
                source=source,
                name=_name(query.from_user),
                language=_language(query.from_user),
                quoted=external_id(chat, line),
                certain=address,
            )
        )
        yield Pressed(query=query.id)

    def _standing(
        self, changed: ChatMemberUpdated, source: tuple[SourceKey, ...]
    ) -> Iterator[Found]:
        """In a private chat: its person blocked the bot (it is `kicked`), or lets it in again."""
        address, status = address_of(changed.chat.id), changed.new_chat_member.status
        event: ChannelEvent
        if status == ChatMemberStatus.BANNED:
            event = CustomerLeft(
                channel=self._channel, source=source, address=address, blocked=True
            )
        elif status == ChatMemberStatus.MEMBER:
            event = WishesChanged(
                channel=self._channel, source=source, address=address, refuses=Refuses.NOTHING
            )
        else:
            return
        yield Happened(event=event)

    # --- reactions ----------------------------------------------------------------------------

    def _reacted(
        self, changed: MessageReactionUpdated, source: tuple[SourceKey, ...]
    ) -> Iterator[Found]:
        """What is new, and what is gone; an emoji of somebody's own nobody else could see."""
        old, new = _emoji(changed.old_reaction), _emoji(changed.new_reaction)
        if None in new:
            yield Unknown(kind="custom_reaction")
        for emoji, removed in (*((each, True) for each in old), *((each, False) for each in new)):
            if emoji is None or (emoji in old and emoji in new):
                continue
            yield Happened(
                event=Reacted(
                    channel=self._channel,
                    source=tuple(SourceKey(f"{each}:{emoji}:{removed:d}") for each in source),
                    address=address_of(changed.chat.id),
                    external_id=external_id(changed.chat.id, changed.message_id),
                    emoji=emoji,
                    removed=removed,
                )
            )


def sound(body: bytes) -> bytes:
    """JSON that has only whole characters. Raises `ValueError` for what is no JSON.

    Half a character is one in JSON's own writing, and a fault to everybody who reads it strictly.
    """
    try:
        msgspec.json.decode(body)
    except ValueError:
        said = json.loads(body.decode("utf-8", "replace"))
        return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    return body


def _check(happened: Happened) -> None:
    """Raises `ValueError` unless everything in it is of the kind that it must be."""
    _events.decode(_encode(happened.event))
    _wanted.decode(_encode(happened.file))


def _emoji(reactions: tuple[ReactionType, ...]) -> list[str | None]:
    found: list[str | None] = []
    for each in reactions:
        if isinstance(each, ReactionTypeEmoji):
            found.append(str(each.emoji))
        else:
            found.append(_PAID if isinstance(each, ReactionTypePaid) else None)
    return found


def _label(query: CallbackQuery) -> str:
    """What stands on the button that was pressed."""
    keyboard = query.message.reply_markup if isinstance(query.message, Message) else None
    for row in keyboard.inline_keyboard if keyboard else ():
        for button in row:
            if button.callback_data == query.data:
                return button.text
    return ""


def _name(user: User | None) -> str:
    if user is None:
        return ""
    name = " ".join(filter(None, (user.first_name, user.last_name)))
    return name or (f"@{user.username}" if user.username else "")


def _also(message: Message) -> tuple[Address, ...]:
    """What else he is found by: his user name, and his number once he shares his own card.

    Both can become somebody else's; the chat's id never does.
    """
    user, contact = message.from_user, message.contact
    found = [Address(f"@{user.username}")] if user is not None and user.username else []
    own = user is not None and contact is not None and contact.user_id == user.id
    if contact is not None and own and message.forward_origin is None:
        found.append(Address(phone_of(contact)))
    return tuple(found)


def _language(user: User | None) -> Language | None:
    """The one that his Telegram speaks, where it is one of ours."""
    known = language_named(user.language_code) if user and user.language_code else None
    return None if known is None else Language(known)


def _kind(raw: object, known: frozenset[str]) -> str:
    """What is new to us: something to count by, whatever was written there."""
    fields = raw if isinstance(raw, dict) else {}
    word = next((str(key) for key in fields if key not in known), "nothing")
    kept = "".join(each for each in word if each.isascii() and (each.isalnum() or each == "_"))
    return kept[:40] or "nothing"
