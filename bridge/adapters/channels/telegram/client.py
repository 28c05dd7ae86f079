"""The one way to the Bot API: python-telegram-bot's calls, our errors, and nothing tried twice."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import BinaryIO, Protocol, TypeVar

import aiohttp
import msgspec
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Message,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyParameters,
    User,
    WebhookInfo,
)
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bridge.adapters.channels.telegram import outbound
from bridge.adapters.channels.telegram.inbound import sound
from bridge.adapters.channels.telegram.marks import Entity, Words
from bridge.adapters.channels.telegram.outbound import Button, Shape, title_of
from bridge.adapters.channels.telegram.wire import Carried, Wire, form_of
from bridge.domain.content import Location
from bridge.domain.errors import OutcomeUnknown, TemporaryFailure
from bridge.ports.failpoints import failpoint

T = TypeVar("T")

_WAIT_MARGIN = 10.0
_encode = msgspec.json.Encoder().encode


class _Updates(msgspec.Struct):
    result: list[msgspec.Raw]


class _SendsFile(Protocol):
    """What the library's methods for files have in common."""

    def __call__(
        self,
        chat: int,
        file: InputFile,
        /,
        *,
        caption: str | None,
        caption_entities: Sequence[MessageEntity],
        reply_parameters: ReplyParameters | None,
        reply_markup: InlineKeyboardMarkup | None,
    ) -> Awaitable[Message]: ...


class Client:
    """Calls the Bot API for one bot. Raises the delivery errors of `bridge.domain.errors`."""

    def __init__(
        self,
        token: str,
        api_url: str,
        files_at: str,
        http: Callable[[], aiohttp.ClientSession],
    ) -> None:
        """Nothing is connected yet."""
        self._wire = Wire(http)
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{files_at}/bot",
            request=self._wire,
            get_updates_request=self._wire,
        )
        self._root = f"{api_url}/bot{token}"
        self._files = f"{files_at}/bot{token}"

    # --- lines --------------------------------------------------------------------------------

    async def text(self, line: outbound.SendText) -> Message:
        """`sendMessage`; the words are never parsed."""
        return await _said(
            self._bot.send_message(
                line.chat,
                line.words.text,
                entities=_entities(line.words),
                reply_parameters=_answers(line.answers),
                reply_markup=_keyboard(line.buttons),
            )
        )

    async def file(self, line: outbound.SendFile, body: BinaryIO) -> Message:
        """The method of the file's shape."""
        file = _upload(body, line.file.name, line.file.mime)
        answers, keyboard = _answers(line.answers), _keyboard(line.buttons)
        if line.shape is Shape.STICKER:
            return await _said(
                self._bot.send_sticker(
                    line.chat, file, reply_parameters=answers, reply_markup=keyboard
                )
            )
        return await _said(
            self._sender(line.shape)(
                line.chat,
                file,
                caption=line.caption.text or None,
                caption_entities=_entities(line.caption),
                reply_parameters=answers,
                reply_markup=keyboard,
            )
        )

    def _sender(self, shape: Shape) -> "_SendsFile":
        """The method for a file of this shape that may have a caption."""
        match shape:
            case Shape.PHOTO:
                return self._bot.send_photo
            case Shape.VIDEO:
                return self._bot.send_video
            case Shape.AUDIO:
                return self._bot.send_audio
            case Shape.VOICE:
                return self._bot.send_voice
            case _:
                return partial(self._bot.send_document, disable_content_type_detection=True)

    async def place(self, line: outbound.SendPlace) -> Message:
        """`sendVenue` for a place that has a name, else `sendLocation`."""
        place: Location = line.place
        if title_of(place):
            sending = self._bot.send_venue(
                line.chat,
                place.latitude,
                place.longitude,
                title=title_of(place),
                address=place.address or place.name,
                reply_parameters=_answers(line.answers),
            )
        else:
            sending = self._bot.send_location(
                line.chat,
                place.latitude,
                place.longitude,
                reply_parameters=_answers(line.answers),
            )
        return await _said(sending)

    async def card(self, line: outbound.SendCard) -> Message:
        """`sendContact`."""
        return await _said(
            self._bot.send_contact(
                line.chat,
                line.phone,
                line.first_name,
                vcard=line.vcard or None,
                reply_parameters=_answers(line.answers),
            )
        )

    # --- changes ------------------------------------------------------------------------------

    async def edit(self, change: outbound.Edit) -> None:
        """`editMessageText`, or the caption of a file."""
        line, words, entities = change.line, change.words.text, _entities(change.words)
        keyboard = _keyboard(change.buttons)
        if change.caption:
            sending = self._bot.edit_message_caption(
                line.chat,
                line.message,
                caption=words,
                caption_entities=entities,
                reply_markup=keyboard,
            )
        else:
            sending = self._bot.edit_message_text(
                words, line.chat, line.message, entities=entities, reply_markup=keyboard
            )
        await _said(sending)

    async def delete(self, change: outbound.Delete) -> None:
        """`deleteMessage`."""
        await _said(self._bot.delete_message(change.line.chat, change.line.message))

    async def react(self, change: outbound.React) -> None:
        """`setMessageReaction`: a bot has one at most."""
        reaction = [ReactionTypeEmoji(change.emoji)] if change.emoji else []
        line = change.line
        await _said(self._bot.set_message_reaction(line.chat, line.message, reaction))

    async def typing(self, chat: int) -> None:
        """`sendChatAction`, for up to five seconds."""
        await _harmless(self._bot.send_chat_action(chat, ChatAction.TYPING))

    async def pressed(self, query: str) -> None:
        """`answerCallbackQuery`: the button waits no more."""
        await _harmless(self._bot.answer_callback_query(query))

    # --- updates ------------------------------------------------------------------------------

    async def updates(
        self, wanted: Sequence[str], *, after: int | None, limit: int, seconds: int
    ) -> list[bytes]:
        """`getUpdates`, each as it came. `after` forgets it and everything before.

        Asked for as it is and not through the library: one update that it cannot read would keep
        all others away. Raises `TemporaryFailure`, `CredentialsRejected`.
        """
        asked = {
            "timeout": str(seconds),
            "limit": str(limit),
            "allowed_updates": _encode(list(wanted)).decode(),
        }
        if after is not None:
            asked["offset"] = str(after + 1)
        try:
            _, body = await self._wire.call(
                f"{self._root}/getUpdates", form_of(asked), seconds + _WAIT_MARGIN
            )
            return [bytes(each) for each in msgspec.json.decode(sound(body), type=_Updates).result]
        except (OutcomeUnknown, ValueError) as error:
            raise TemporaryFailure(f"no updates: {error}") from error

    async def webhook(self) -> WebhookInfo:
        """`getWebhookInfo`. Raises as `updates`."""
        return await _harmless(self._bot.get_webhook_info())

    async def set_webhook(
        self, url: str, secret: str, wanted: Sequence[str], connections: int
    ) -> None:
        """`setWebhook`; what waits is brought there. Raises as `updates`."""
        await _harmless(
            self._bot.set_webhook(
                url,
                secret_token=secret,
                allowed_updates=wanted,
                max_connections=connections,
            )
        )

    async def delete_webhook(self) -> None:
        """`deleteWebhook`; what waits there stays. Raises as `updates`."""
        await _harmless(self._bot.delete_webhook())

    async def me(self) -> User:
        """`getMe`. Raises as `updates`."""
        return await _harmless(self._bot.get_me())

    # --- files --------------------------------------------------------------------------------

    async def address_of(self, file: str) -> str:
        """Where a file is to be fetched, for an hour; the address is as secret as the token.

        Raises as `updates`, and `DeliveryRejected` for one that is not there or too large.
        """
        body = await _harmless(self._described(file))
        path = body.result.file_path.lstrip("/")
        if not path:
            raise TemporaryFailure("Telegram did not say where the file is")
        return f"{self._files}/{path}"

    async def _described(self, file: str) -> "_Described":
        _, body = await self._wire.call(f"{self._root}/getFile", form_of({"file_id": file}), 60)
        return msgspec.json.decode(body, type=_Described)


class _Path(msgspec.Struct):
    file_path: str = ""


class _Described(msgspec.Struct):
    result: _Path


# --- how the library is asked -----------------------------------------------------------------


async def _said(asked: Awaitable[T]) -> T:
    """The answer of a call that must not be made twice. Raises our errors."""
    failpoint("telegram.send")
    try:
        said = await asked
        failpoint("telegram.sent")
        return said
    except Carried as carried:
        raise carried.fault from carried
    except TelegramError as error:
        raise OutcomeUnknown(f"Telegram's answer is not understood: {error}") from error


async def _harmless(asked: Awaitable[T]) -> T:
    """The answer of a call that may as well be made again, whatever happens."""
    try:
        return await _said(asked)
    except OutcomeUnknown as error:
        raise TemporaryFailure(str(error)) from error


def _entities(words: Words) -> list[MessageEntity]:
    return [_entity(each) for each in words.entities]


def _entity(entity: Entity) -> MessageEntity:
    return MessageEntity(entity.type, entity.offset, entity.length, url=entity.url or None)


def _answers(message: int | None) -> ReplyParameters | None:
    """The line that is answered; if it is gone the answer goes out all the same."""
    if message is None:
        return None
    return ReplyParameters(message, allow_sending_without_reply=True)


def _keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """One below the other, so that long ones can be read."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(each.label, callback_data=each.data)] for each in buttons]
    )


def _upload(body: BinaryIO, name: str, mime: str) -> InputFile:
    """The file, read while it is sent, under its name and as what we know it is."""
    file = InputFile(body, filename=name, read_file_handle=False)
    file.mimetype = mime
    return file
