"""Takes webhooks: proved, read, and on disk before Meta gets its 200.

What one customer does is handed over in its order, whatever webhooks it comes in; different
customers do not wait for each other. If anything could not be stored, Meta gets a 503 and brings
all of it again: what was stored is known by its name then.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable

import structlog
from aiohttp import web
from msgspec.structs import replace

from bridge.adapters.channels.whatsapp import content, signature
from bridge.adapters.channels.whatsapp.inbound import (
    Happened,
    Reader,
    TemplatesMoved,
    Unknown,
)
from bridge.adapters.channels.whatsapp.media import MediaRoom
from bridge.adapters.channels.whatsapp.receipts import Receipts
from bridge.adapters.channels.whatsapp.wire import Status
from bridge.adapters.common.channels.customer_files import MediaGone, with_file, without_file
from bridge.adapters.common.channels.unknowns import Unknowns
from bridge.adapters.common.channels.webhook_door import WebhookDoor, whole_body
from bridge.adapters.common.recent import Recent
from bridge.adapters.common.turns import Turns
from bridge.domain.content import Content
from bridge.domain.errors import (
    TemporaryFailure,
    UntrustedRequest,
)
from bridge.domain.ids import MINUTE, ExternalId
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.channel import (
    ChannelEvent,
    ChannelSink,
    HumanEchoed,
    MessageEdited,
    MessageReceived,
)
from bridge.ports.clock import Clock

log = structlog.get_logger("bridge.whatsapp")

MOST = 4 * 1024 * 1024
"""Bytes of one webhook; Meta's have at most three megabytes."""
PATIENCE = 10 * MINUTE
"""A file that cannot be fetched holds its message back so long; then a line says so."""


class Receiving:
    """What comes from Meta."""

    def __init__(
        self,
        *,
        reader: Reader,
        media: MediaRoom,
        receipts: Receipts,
        sink: ChannelSink,
        store: AdapterStore,
        clock: Clock,
        templates_moved: Callable[[], None],
        language: str,
    ) -> None:
        """All parts are made by the adapter."""
        self._reader = reader
        self._media = media
        self._receipts = receipts
        self._sink = sink
        self._clock = clock
        self._templates_moved = templates_moved
        self._language = language
        self._turns = Turns()
        self.unknown = Unknowns(store)
        """How often which kind came that we do not know."""
        self.last_line: Recent[ExternalId] = Recent()
        """Each customer's last line, for read marks and typing."""

    async def take(self, body: bytes) -> None:
        """Hand over everything in a webhook. Raises what keeps any of it from being stored."""
        lanes: dict[str, list[Happened]] = defaultdict(list)
        statuses: dict[str, list[Status]] = defaultdict(list)
        for found in self._reader.read(body):
            match found:
                case Happened(whom=whom):
                    lanes[whom].append(found)
                case Status(id=id_):
                    statuses[id_].append(found)
                case Unknown(kind=kind, body=unknown):
                    await self.unknown.keep(kind, unknown)
                case TemplatesMoved():
                    self._templates_moved()
        ends = await asyncio.gather(
            *(self._in_order(whom, each) for whom, each in lanes.items()),
            *(self._receipts.tell(each) for each in statuses.values()),
            return_exceptions=True,
        )
        for end in ends:
            if end is not None:
                raise end

    async def _in_order(self, whom: str, happened: list[Happened]) -> None:
        async with self._turns.turn(whom):
            for each in happened:
                await self._hand_over(each)

    async def _hand_over(self, happened: Happened) -> None:
        event = happened.event
        if happened.file is not None and isinstance(
            event, MessageReceived | MessageEdited | HumanEchoed
        ):
            event = replace(event, content=await self._with_file(happened, event.content))
        await self._sink.accept(event)
        self.remember(event)

    def remember(self, event: ChannelEvent) -> None:
        """A line that may be marked as read, as soon as somebody answers."""
        if isinstance(event, MessageReceived):
            for name in (event.address, *event.also):
                self.last_line.put(name, event.external_id)

    async def _with_file(self, happened: Happened, inner: Content) -> Content:
        wanted = happened.file
        assert wanted is not None, "the caller looked"
        try:
            return with_file(inner, await self._media.take(wanted))
        except MediaGone as gone:
            why = gone.why
        except TemporaryFailure:
            if self._clock.now() - (happened.sent_at or self._clock.now()) < PATIENCE:
                raise
            why = "broken"
        why = content.missing(wanted, why, self._language, self._media.limit)
        return without_file(inner, why)


class Door(WebhookDoor):
    """The webhook's address."""

    def __init__(
        self,
        receiving: Receiving,
        app_secret: str,
        verify_token: str,
        is_open: Callable[[], bool],
    ) -> None:
        """What Meta signs with, and the word by which it knows us."""
        super().__init__(is_open)
        self._receiving = receiving
        self._app_secret = app_secret
        self._verify_token = verify_token

    async def challenge(self, request: web.Request) -> web.Response:
        """Meta asks whether this address is ours: it wants its own word back."""
        query = request.query
        known = signature.same(self._verify_token, query.get("hub.verify_token", ""))
        if query.get("hub.mode") != "subscribe" or not known or "hub.challenge" not in query:
            return self.not_trusted("challenge")
        return web.Response(text=query["hub.challenge"], content_type="text/plain")

    async def webhook(self, request: web.Request) -> web.Response:
        """Something happened; it is brought again unless all of it is stored."""
        if (request.content_length or 0) > MOST:
            return web.Response(status=413, text="too large")
        try:
            body = await whole_body(request, MOST)
            signature.verify(
                self._app_secret, request.headers.getall("X-Hub-Signature-256", ()), body
            )
        except UntrustedRequest as error:
            return self.not_trusted(str(error))
        return await self.stored(lambda: self._receiving.take(body))
