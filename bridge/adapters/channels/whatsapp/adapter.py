"""A WhatsApp number: its webhook, calls and templates, put together."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import quote

import structlog
from aiohttp import web

from bridge.adapters.channels.whatsapp.capabilities import MEGABYTE, capabilities
from bridge.adapters.channels.whatsapp.client import Graph
from bridge.adapters.channels.whatsapp.inbound import Reader
from bridge.adapters.channels.whatsapp.media import MediaRoom
from bridge.adapters.channels.whatsapp.outbound import seen
from bridge.adapters.channels.whatsapp.outcomes import Outcomes
from bridge.adapters.channels.whatsapp.pacing import Pacing
from bridge.adapters.channels.whatsapp.receipts import Receipts
from bridge.adapters.channels.whatsapp.receiving import Door, Receiving
from bridge.adapters.channels.whatsapp.sending import Sending
from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from bridge.adapters.channels.whatsapp.setup.diagnosing import Diagnosis
from bridge.adapters.channels.whatsapp.shelf import Shelf
from bridge.adapters.common.channels.unknowns import UNKNOWN
from bridge.adapters.common.live_sink import LiveSink
from bridge.adapters.common.tasks import begun, ended
from bridge.domain.errors import DeskbridgeError, StorageUnavailable
from bridge.domain.ids import HOUR, SECOND, Address, ChannelId, Language
from bridge.domain.message import Author
from bridge.locales import say
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.channel import ChannelEvent, ChannelSink, TemplatesSynced
from bridge.ports.counting import Count
from bridge.ports.personal import Customer, Keeps
from bridge.ports.plugin import AdapterContext, Check

log = structlog.get_logger("bridge.whatsapp")

_AGAIN = 60 * SECOND


class WhatsApp:
    """One business number."""

    def __init__(self, settings: WhatsAppSettings, context: AdapterContext) -> None:
        """Put the parts together; no I/O."""
        self._settings = settings
        self._context = context
        self.channel_id = ChannelId(context.id)
        self.label = self.label_in(context.language)
        self.capabilities = capabilities()
        self.path = f"/whatsapp/{quote(context.id, safe='')}/events"
        self._door = LiveSink()
        self._graph = Graph(settings, context.http)
        self._shelf = Shelf(self._graph, context.store, context.clock)
        self._outcomes = Outcomes(context.store, context.clock, settings.status_seconds)
        token = settings.access_token.get_secret_value()
        limit = settings.max_file_mb * MEGABYTE
        self._media = MediaRoom(self._graph, context.files, token, limit)
        self._receipts = Receipts(self.channel_id, self._outcomes, self._door)
        self._stale = asyncio.Event()
        self._sending = self._sender()
        self._receiving = self._receiver()
        self._webhook = Door(
            self._receiving,
            settings.app_secret.get_secret_value(),
            settings.verify_token.get_secret_value(),
            lambda: self._door.is_open,
        )
        self._reading: asyncio.Task[None] | None = None
        self._marks: set[asyncio.Task[None]] = set()

    def label_in(self, language: Language) -> str:
        """What agents see as the channel: the settings' word, else WhatsApp."""
        return self._settings.label or say(language, "whatsapp.label")

    def _sender(self) -> Sending:
        settings = self._settings
        pacing = Pacing(
            self._context.clock,
            settings.messages_per_second,
            settings.pair_burst,
            settings.pair_seconds,
        )
        return Sending(
            graph=self._graph,
            media=self._media,
            outcomes=self._outcomes,
            pacing=pacing,
            shelf=self._shelf,
            language=self._context.language,
        )

    def _receiver(self) -> Receiving:
        context = self._context
        return Receiving(
            reader=Reader(self.channel_id, self._settings.phone_number_id, context.language),
            media=self._media,
            receipts=self._receipts,
            sink=self._door,
            store=context.store,
            clock=context.clock,
            templates_moved=self._stale.set,
            language=context.language,
        )

    # --- life ---------------------------------------------------------------------------------

    def routes(self) -> Iterable[web.RouteDef]:
        """The webhook's address, asked about by GET and told by POST."""
        yield web.get(self.path, self._webhook.challenge, allow_head=False)
        yield web.post(self.path, self._webhook.webhook)

    def anywhere(self) -> Iterable[tuple[str, str]]:
        """All of it; what becomes of our calls is for the process that makes them."""
        return (("GET", self.path), ("POST", self.path))

    async def start(self, sink: ChannelSink) -> None:
        """Take webhooks from now on; the templates are read beside it."""
        await self._shelf.load()
        self._door.open(sink)
        self._reading = begun(self._keep_templates(), "whatsapp templates")

    async def stop(self) -> None:
        """Take nothing any more; Meta brings it again."""
        self._door.close()
        reading, self._reading = self._reading, None
        await ended(*([reading] if reading else []), *self._marks)

    def overhear(self, event: ChannelEvent) -> None:
        """See `Overhears`."""
        self._receiving.remember(event)

    # --- out ----------------------------------------------------------------------------------

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Make this one call; what the customer wrote last is read, now that somebody answers."""
        sent = await self._sending.send(to, call)
        if call.kind is CallKind.POST and call.author in (Author.AGENT, Author.BOT):
            self._mark(to, typing=False)
        return sent

    async def show_typing(self, to: str, name: str) -> None:
        """For up to 25 seconds; WhatsApp shows no name, and counts what is answered as read."""
        self._mark(Address(to), typing=True)

    def _mark(self, to: Address, *, typing: bool) -> None:
        message = self._receiving.last_line.get(to)
        if message is None or not self._settings.read_marks:
            return
        if not typing:
            self._receiving.last_line.drop(to)
        task = begun(self._seen(message, typing=typing), "whatsapp read mark")
        self._marks.add(task)
        task.add_done_callback(self._marks.discard)

    async def _seen(self, message: str, *, typing: bool) -> None:
        try:
            await self._graph.send(seen(message, typing=typing))
        except DeskbridgeError as error:
            log.info("read_mark_not_set", why=str(error))

    # --- templates ----------------------------------------------------------------------------

    async def _keep_templates(self) -> None:
        """Read them at once, when Meta tells of a change, and every few hours."""
        await self._reload_when_leading()
        while True:
            self._stale.clear()
            wait = self._settings.template_hours * HOUR
            try:
                await self.sync_templates()
            except DeskbridgeError as error:
                log.warning("templates_not_read", why=str(error))
                wait = min(wait, _AGAIN)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait / SECOND):
                    await self._stale.wait()

    async def _reload_when_leading(self) -> None:
        """Who led until now may have read them since we started."""
        leading = self._context.leading
        if leading.is_set():
            return
        await leading.wait()
        with suppress(StorageUnavailable):  # they are read from Meta next
            await self._shelf.load()

    async def sync_templates(self) -> None:
        """Read them now, and tell the desk. Raises as `Shelf.sync` and the desk do."""
        templates = await self._shelf.sync()
        offered = tuple(each.offered() for each in templates)
        await self._door.accept(TemplatesSynced(channel=self.channel_id, templates=offered))

    # --- what operators see -------------------------------------------------------------------

    async def kept_of(self, customer: Customer) -> Keeps:
        """What became of calls to him, and what of him nobody understood."""
        documents = self._outcomes.kept_of(key for key, _ in customer.calls)
        return Keeps(documents=documents, searched=(UNKNOWN,))

    async def tidy(self) -> None:
        """Forget keys that nobody will ask for."""
        await self._outcomes.tidy()

    async def diagnose(self) -> tuple[Check, ...]:
        """The token, the number, the webhook, the templates and the clock."""
        diagnosis = Diagnosis(self._settings, self._context, self._graph, self._shelf, self.path)
        return await diagnosis.checks()

    def counts(self) -> Iterator[Count]:
        """What Meta calls billable, what we did not know, and who was not Meta."""
        channel = ("channel", str(self.channel_id))
        for category, value in self._receipts.billable.items():
            help_ = "Messages that Meta calls billable, by its category"
            labels = (channel, ("category", category))
            yield Count(name="whatsapp_billable", help=help_, value=value, labels=labels)
        for kind, value in self._receiving.unknown.kinds.items():
            help_ = "Things in webhooks that were not understood, and kept"
            labels = (channel, ("kind", kind))
            yield Count(name="whatsapp_unknown", help=help_, value=value, labels=labels)
        help_ = "Requests to the webhook that were not Meta's"
        value = self._webhook.untrusted
        yield Count(name="whatsapp_untrusted", help=help_, value=value, labels=(channel,))
