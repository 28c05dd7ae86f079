"""Makes one call: in its turn, once, and never again when it may have had its effect."""

import asyncio

from msgspec.structs import replace

from bridge.adapters.channels.telegram import outbound
from bridge.adapters.channels.telegram.buttons import Buttons
from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.errors import Refusal
from bridge.adapters.channels.telegram.marks import units
from bridge.adapters.channels.telegram.media import MediaRoom
from bridge.adapters.channels.telegram.names import chat_of, external_id
from bridge.adapters.channels.telegram.outbound import Shape
from bridge.adapters.channels.telegram.pacing import Pacing
from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.domain.ids import Address, ExternalId
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.fit import CAPTION


class Sending:
    """What goes to customers."""

    def __init__(self, client: Client, media: MediaRoom, buttons: Buttons, pacing: Pacing) -> None:
        """All parts are made by the adapter."""
        self._buttons = buttons
        self._client = client
        self._media = media
        self._pacing = pacing

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Make this call. Raises the delivery errors; `OutcomeUnknown` when no answer came."""
        asked = outbound.request(to, call)
        chat = chat_of(to)
        if call.content is not None:
            await self._buttons.keep(call.content.choices)
        try:
            async with self._pacing.turn(chat):
                posted = await self._made(asked)
        except TemporaryFailure as failure:
            if failure.retry_after is not None:
                self._pacing.slow_down(chat, failure.retry_after)
            raise
        return Sent(external_ids=() if posted is None else (posted,))

    async def _made(self, asked: outbound.Request) -> ExternalId | None:
        match asked:
            case outbound.Edit():
                await self._edit(asked)
            case outbound.Delete():
                await self._client.delete(asked)
            case outbound.React():
                await self._client.react(asked)
            case _:
                return external_id(asked.chat, await self._posted(asked))
        return None

    async def _posted(self, asked: outbound.Post) -> int:
        match asked:
            case outbound.SendText():
                return (await self._client.text(asked)).message_id
            case outbound.SendPlace():
                return (await self._client.place(asked)).message_id
            case outbound.SendCard():
                return (await self._client.card(asked)).message_id
            case outbound.SendFile():
                return await self._file(asked)

    async def _file(self, asked: outbound.SendFile) -> int:
        """As what it is, or, where Telegram does not take it so, as a document."""
        try:
            return await self._upload(asked)
        except Refusal as refusal:
            if asked.shape is Shape.DOCUMENT or not refusal.as_document:
                raise
            return await self._upload(replace(asked, shape=Shape.DOCUMENT))

    async def _upload(self, asked: outbound.SendFile) -> int:
        path = self._media.path(asked.file)
        try:
            body = await asyncio.to_thread(path.open, "rb")
        except OSError as error:
            raise DeliveryRejected("the file is not there any more", "file_gone") from error
        with body:
            return (await self._client.file(asked, body)).message_id

    async def _edit(self, asked: outbound.Edit) -> None:
        """A line that already reads so is as it shall be; one with a file has a caption."""
        try:
            await self._client.edit(asked)
        except Refusal as refusal:
            if refusal.unchanged:
                return
            if asked.caption or not refusal.no_text:
                raise
            if units(asked.words.text) > CAPTION:
                raise DeliveryRejected("too long for a caption", "telegram_too_long") from refusal
            await self._edit(replace(asked, caption=True))
