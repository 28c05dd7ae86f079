"""Takes updates: their files are fetched, and all of it is on disk before anybody is told so."""

import asyncio

import structlog
from msgspec.structs import replace

from bridge.adapters.channels.telegram import content
from bridge.adapters.channels.telegram.buttons import Buttons
from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.inbound import (
    Arrived,
    Elsewhere,
    Happened,
    Pressed,
    Unknown,
)
from bridge.adapters.channels.telegram.media import MediaRoom
from bridge.adapters.common.channels.customer_files import MediaGone, with_file, without_file
from bridge.adapters.common.channels.unknowns import Unknowns
from bridge.adapters.common.recent import Recent
from bridge.adapters.common.tasks import begun, ended
from bridge.domain.content import Content
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.ids import MINUTE, Instant
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.channel import ChannelSink, MessageEdited, MessageReceived
from bridge.ports.clock import Clock

log = structlog.get_logger("bridge.telegram")

PATIENCE = 2 * MINUTE
"""A file that cannot be fetched holds its customer's lines back so long; then a line says so."""
MOVES_EVERY = MINUTE
"""A place that moves is told as often as this."""


class Receiving:
    """What comes from Telegram, by whatever way. Each customer's updates are given in order."""

    def __init__(
        self,
        *,
        client: Client,
        media: MediaRoom,
        buttons: Buttons,
        sink: ChannelSink,
        store: AdapterStore,
        clock: Clock,
        language: str,
    ) -> None:
        """All parts are made by the adapter."""
        self._client = client
        self._media = media
        self._buttons = buttons
        self._sink = sink
        self._clock = clock
        self._language = language
        self._tried_since: Recent[Instant] = Recent()
        self._moved_at: Recent[Instant] = Recent()
        self._telling: set[asyncio.Task[None]] = set()
        self.unknown = Unknowns(store)
        """How often which kind came that we do not know."""
        self.elsewhere = 0
        """Updates of groups and channels, of which nothing is taken."""

    async def take(self, arrived: Arrived) -> None:
        """Hand over everything in an update. Raises what keeps any of it from being stored."""
        for found in arrived.found:
            match found:
                case Happened():
                    await self._hand_over(arrived, found)
                case Pressed(query=query):
                    self._tell(query)
                case Unknown(kind=kind):
                    await self.unknown.keep(kind, arrived.body)
                case Elsewhere():
                    self.elsewhere += 1

    async def stop(self) -> None:
        """Tell nobody any more."""
        await ended(*self._telling)

    async def _hand_over(self, arrived: Arrived, happened: Happened) -> None:
        happened = await self._buttons.meant(happened)
        event = happened.event
        if happened.moves and isinstance(event, MessageEdited) and not self._is_due(event):
            return
        if happened.file is not None and isinstance(event, MessageReceived | MessageEdited):
            inner = await self._with_file(arrived, happened, event.content)
            event = replace(event, content=inner)
        await self._sink.accept(event)

    def _is_due(self, event: MessageEdited) -> bool:
        """Whether a place that moves was not told for a while."""
        now = self._clock.now()
        last = self._moved_at.get(event.external_id)
        if last is not None and now - last < MOVES_EVERY:
            return False
        self._moved_at.put(event.external_id, now)
        return True

    async def _with_file(self, arrived: Arrived, happened: Happened, inner: Content) -> Content:
        wanted = happened.file
        assert wanted is not None, "the caller looked"
        try:
            return with_file(inner, await self._media.take(wanted))
        except MediaGone as gone:
            why, limit = gone.why, gone.limit
        except TemporaryFailure:
            if not self._tried_long(str(arrived.id)):
                raise
            why, limit = "broken", 0
        return without_file(inner, content.missing(wanted, why, self._language, limit))

    def _tried_long(self, update: str) -> bool:
        """Whether this was tried for the first time long ago."""
        now = self._clock.now()
        since = self._tried_since.get(update)
        if since is None:
            self._tried_since.put(update, now)
            return False
        return now - since >= PATIENCE

    def _tell(self, query: str) -> None:
        """His button shall not wait; should it wait all the same, no harm is done."""
        task = begun(self._pressed(query), "telegram button")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _pressed(self, query: str) -> None:
        try:
            await self._client.pressed(query)
        except DeskbridgeError as error:
            log.info("press_not_answered", why=str(error))
