"""A Telegram bot: its updates, however they come, and its calls, put together."""

import asyncio
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import structlog
from aiohttp import web

from bridge.adapters.channels.telegram.buttons import Buttons
from bridge.adapters.channels.telegram.capabilities import MEGABYTE, capabilities
from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.inbound import Reader
from bridge.adapters.channels.telegram.media import MediaRoom
from bridge.adapters.channels.telegram.names import chat_of
from bridge.adapters.channels.telegram.pacing import Pacing
from bridge.adapters.channels.telegram.polling import Patience, Polling
from bridge.adapters.channels.telegram.receiving import Receiving
from bridge.adapters.channels.telegram.sending import Sending
from bridge.adapters.channels.telegram.settings import TELEGRAM, Receive, TelegramSettings
from bridge.adapters.channels.telegram.setup.diagnosing import Diagnosis
from bridge.adapters.channels.telegram.state import State
from bridge.adapters.channels.telegram.webhook import Door, Registration
from bridge.adapters.common.channels.unknowns import UNKNOWN
from bridge.adapters.common.live_sink import LiveSink
from bridge.adapters.common.tasks import begun, ended
from bridge.domain.errors import DeskbridgeError, InvalidSettings
from bridge.domain.ids import Address, ChannelId, Language
from bridge.locales import say
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.channel import ChannelSink
from bridge.ports.counting import Count
from bridge.ports.personal import Customer, Keeps
from bridge.ports.plugin import AdapterContext, Check

log = structlog.get_logger("bridge.telegram")


class Telegram:
    """One bot."""

    def __init__(self, settings: TelegramSettings, context: AdapterContext) -> None:
        """Put the parts together; no I/O. Raises `InvalidSettings`."""
        if settings.receive is Receive.WEBHOOK and not _can_be_called(settings, context):
            what = 'webhook needs [server] public_url with https; "polling" needs nothing'
            raise InvalidSettings(f"[channels.{context.id}] receive: {what}")
        self._settings = settings
        self._context = context
        self.channel_id = ChannelId(context.id)
        self.label = self.label_in(context.language)
        self.capabilities = capabilities(settings.max_sent_file_mb * MEGABYTE)
        self.path = f"/telegram/{quote(context.id, safe='')}/events"
        self._door = LiveSink()
        token = settings.token.get_secret_value()
        self._client = Client(token, settings.api_url, settings.files_at, context.http)
        limit = settings.max_file_mb * MEGABYTE
        self._media = MediaRoom(self._client, context.files, settings.files_at, limit)
        self._state = State(self._client, context.store, context.id)
        self._buttons = Buttons(context.store, context.clock)
        self._sending = Sending(self._client, self._media, self._buttons, self._pacing())
        self._receiving = Receiving(
            client=self._client,
            media=self._media,
            buttons=self._buttons,
            sink=self._door,
            store=context.store,
            clock=context.clock,
            language=context.language,
        )
        self._reader = Reader(self.channel_id, settings.bot_id, context.language)
        secret = settings.webhook_secret.get_secret_value()
        self._webhook = Door(self._reader, self._receiving, secret, lambda: self._door.is_open)
        self._way = self._way_in(secret)
        self._typing: set[asyncio.Task[None]] = set()

    def label_in(self, language: Language) -> str:
        """What agents see as the channel: the settings' word, else Telegram."""
        return self._settings.label or say(language, "telegram.label")

    def _pacing(self) -> Pacing:
        settings = self._settings
        return Pacing(
            self._context.clock,
            settings.messages_per_second,
            settings.chat_burst,
            settings.chat_seconds,
        )

    def _way_in(self, secret: str) -> Polling | Registration:
        settings, context = self._settings, self._context
        if settings.receive is Receive.WEBHOOK:
            url = f"{context.public_url}{self.path}"
            connections = settings.webhook_connections
            return Registration(
                self._client, self._state, url, secret, connections, context.leading
            )
        return Polling(
            client=self._client,
            reader=self._reader,
            receiving=self._receiving,
            state=self._state,
            holding=context.holding,
            patience=Patience(poll=settings.poll_seconds),
        )

    # --- life ---------------------------------------------------------------------------------

    def routes(self) -> Iterable[web.RouteDef]:
        """The webhook's address, where there is one."""
        if self._settings.receive is Receive.WEBHOOK:
            yield web.post(self.path, self._webhook.webhook)

    def anywhere(self) -> Iterable[tuple[str, str]]:
        """Updates are taken by every process; they are fetched by the one that runs the desk."""
        return ((route.method, route.path) for route in self.routes())

    async def start(self, sink: ChannelSink) -> None:
        """Take updates from now on; Telegram is asked, or told where we are, beside it."""
        self._door.open(sink)
        self._way.open()

    async def stop(self) -> None:
        """Take nothing any more; Telegram keeps it for us."""
        await self._way.close()
        self._door.close()
        await self._receiving.stop()
        await ended(*self._typing)

    # --- out ----------------------------------------------------------------------------------

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Make this one call."""
        return await self._sending.send(to, call)

    async def show_typing(self, to: str, name: str) -> None:
        """For up to five seconds; Telegram shows no name but the bot's."""
        task = begun(self._types(chat_of(Address(to))), "telegram typing")
        self._typing.add(task)
        task.add_done_callback(self._typing.discard)

    async def _types(self, chat: int) -> None:
        try:
            await self._client.typing(chat)
        except DeskbridgeError as error:
            log.info("typing_not_shown", why=str(error))

    # --- what operators see -------------------------------------------------------------------

    async def kept_of(self, _customer: Customer) -> Keeps:
        """What of him nobody understood."""
        return Keeps(searched=(UNKNOWN,))

    async def tidy(self) -> None:
        """Forget buttons that nobody will press."""
        await self._buttons.tidy()

    async def diagnose(self) -> tuple[Check, ...]:
        """The token, who gets the updates, what waits, and whether groups may have the bot."""
        diagnosis = Diagnosis(self._settings, self._client, self._state, self._context, self.path)
        return await diagnosis.checks()

    def counts(self) -> Iterator[Count]:
        """What we did not know, what was not for us, and who was not Telegram."""
        channel = ("channel", str(self.channel_id))
        for kind, value in self._receiving.unknown.kinds.items():
            help_ = "Things in updates that were not understood, and kept"
            labels = (channel, ("kind", kind))
            yield Count(name="telegram_unknown", help=help_, value=value, labels=labels)
        help_ = "Updates of groups and channels, of which nothing is taken"
        value = self._receiving.elsewhere
        yield Count(name="telegram_elsewhere", help=help_, value=value, labels=(channel,))
        help_ = "Requests to the webhook that were not Telegram's"
        value = self._webhook.untrusted
        yield Count(name="telegram_untrusted", help=help_, value=value, labels=(channel,))


def _can_be_called(settings: TelegramSettings, context: AdapterContext) -> bool:
    """Telegram's own servers bring updates over TLS only; one's own do as one likes."""
    return settings.api_url != TELEGRAM or context.public_url.startswith("https://")
