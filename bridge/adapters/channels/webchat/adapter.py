"""A web chat: the customer's side in any page that carries our script."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from aiohttp import web

from bridge.adapters.channels.webchat import lines
from bridge.adapters.channels.webchat.bundle import bundle
from bridge.adapters.channels.webchat.capabilities import MAX_FILES, capabilities
from bridge.adapters.channels.webchat.chat import Chat, marks_of
from bridge.adapters.channels.webchat.files import VisitorFiles
from bridge.adapters.channels.webchat.gate import Gate, Origins
from bridge.adapters.channels.webchat.identity import Identities
from bridge.adapters.channels.webchat.inbound import external_id
from bridge.adapters.channels.webchat.outbound import plan
from bridge.adapters.channels.webchat.routes import Routes
from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.adapters.channels.webchat.strangers import Strangers
from bridge.adapters.channels.webchat.streams import Streams
from bridge.adapters.channels.webchat.tryout import TryOut
from bridge.adapters.common.live_sink import LiveSink
from bridge.domain.errors import StorageUnavailable, TemporaryFailure
from bridge.domain.ids import Address, ChannelId, Language
from bridge.locales import say
from bridge.ports.calls import OutboundCall, Sent
from bridge.ports.channel import ChannelSink
from bridge.ports.counting import Count
from bridge.ports.failpoints import failpoint
from bridge.ports.http import Page
from bridge.ports.personal import Customer, Keeps
from bridge.ports.plugin import AdapterContext, Check

_MEGABYTE = 1024 * 1024
_NAMED = 5
"""Refused sites that `doctor` names."""
_REFUSED = "webchat_origins_refused"
_REFUSED_HELP = "Requests of sites that may not embed the chat"


class WebChat:
    """One web chat. What is sent to a visitor is delivered when it is in his journal."""

    def __init__(self, settings: WebChatSettings, context: AdapterContext) -> None:
        """Put the parts together; no I/O."""
        max_file = settings.max_file_mb * _MEGABYTE
        self._settings = settings
        self.channel_id = ChannelId(context.id)
        self.label = self.label_in(context.language)
        self.capabilities = capabilities(max_file)
        self.base = f"/chat/{quote(context.id, safe='')}"
        self._tryout = TryOut(self.base, context.brand, context.public_url)
        self._context = context
        self._door = LiveSink("the web chat")
        limits = settings.limits
        self._streams = Streams(context.store, limits.streams_per_visitor, limits.streams)
        self._files = VisitorFiles(context.files, context.store, context.clock, max_file)
        self._strangers = Strangers(context.id)
        self._routes = self._served()

    def label_in(self, language: Language) -> str:
        """What agents see as the channel: the settings' word, else ours in their language."""
        return self._settings.label or say(language, "webchat.label")

    def _served(self) -> Routes:
        settings, context = self._settings, self._context
        identities = Identities(
            context.secret(f"webchat visitors of {context.id}"), _identity_keys(settings)
        )
        gate = Gate(
            Origins(settings.origins, context.public_url),
            identities,
            settings.limits,
            lambda: context.clock.now() / 1_000,
            self._strangers,
        )
        return Routes(
            gate=gate,
            identities=identities,
            chat=self._chat(),
            files=self._files,
            streams=self._streams,
            store=context.store,
            script=bundle(_script_settings(settings, context.brand)),
        )

    def _chat(self) -> Chat:
        return Chat(
            channel=self.channel_id,
            sink=self._door,
            store=self._context.store,
            files=self._files,
            streams=self._streams,
            clock=self._context.clock,
            max_text=self._settings.max_text,
        )

    def routes(self) -> Iterable[web.RouteDef]:
        """Everything under `/chat/<channel id>`."""
        yield web.get(self._tryout.path, self._tryout.show)
        yield from self._routes.under(self.base)

    def anywhere(self) -> Iterable[tuple[str, str]]:
        """Lines are taken by every process; a line with files goes to where these are claimed."""
        yield ("GET", self._tryout.path)
        yield from self._routes.anywhere(self.base)

    def page(self, language: Language) -> Page:
        """The page to try it on."""
        return self._tryout.page(language)

    async def start(self, sink: ChannelSink) -> None:
        """Take visitors' lines from now on."""
        self._door.open(sink)

    async def stop(self) -> None:
        """Let every tab go; they come back by themselves."""
        self._door.close()
        self._streams.close()

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Put it into the visitor's journal; repeated with the same key, it is there once."""
        planned = plan(to, call, self._context.clock.now())
        failpoint("webchat.send")
        try:
            for file in call.content.files if call.content else ():
                await self._files.give(to, file.id)
            await self._context.store.append(to, planned.key, planned.body)
        except StorageUnavailable as error:
            raise TemporaryFailure(str(error)) from error
        failpoint("webchat.sent")
        return Sent(external_ids=(external_id(to, planned.line),))

    async def show_typing(self, to: str, name: str) -> None:
        """Show it in the visitor's open tabs."""
        self._streams.publish(Address(to), lines.passing("typing", lines.Typing(name=name)))

    async def kept_of(self, customer: Customer) -> Keeps:
        """His journal, how far he read it, and his files."""
        documents, files = [], []
        for address in customer.names:
            about_files, of_files = await self._files.kept_of(address)
            documents += [*marks_of(address), *about_files]
            files += of_files
        return Keeps(journals=customer.names, documents=tuple(documents), files=tuple(files))

    async def tidy(self) -> None:
        """Throw away what was uploaded and never sent."""
        await self._files.collect()

    async def diagnose(self) -> tuple[Check, ...]:
        """Who may embed it, and whether customers can be recognised."""
        return _diagnose(self._settings, self._context, self._strangers)

    def counts(self) -> Iterator[Count]:
        """How often which site was refused."""
        for origin, value in self._strangers.seen.items():
            labels = (("channel", self.channel_id), ("origin", origin))
            yield Count(name=_REFUSED, help=_REFUSED_HELP, value=value, labels=labels)


def _identity_keys(settings: WebChatSettings) -> tuple[bytes, ...]:
    secrets = (settings.identity_secret, settings.identity_secret_old)
    return tuple(secret.get_secret_value().encode() for secret in secrets if secret is not None)


def _script_settings(settings: WebChatSettings, brand: str) -> dict[str, object]:
    """What the script finds in `CHANNEL`; anybody may read it."""
    look = {"heading": settings.heading or brand, "accent": settings.accent}
    if settings.welcome:
        look["welcome"] = settings.welcome
    limits = {
        "text": settings.max_text,
        "files": MAX_FILES if settings.max_file_mb else 0,
        "bytes": settings.max_file_mb * _MEGABYTE,
    }
    less = {} if settings.may_end else {"no_end": True}
    return {**look, **less, "limits": limits}


def _diagnose(
    settings: WebChatSettings, context: AdapterContext, strangers: Strangers
) -> tuple[Check, ...]:
    name = f"channels.{context.id}"
    signed = settings.identity_secret is not None
    identity = Check(
        name=f"{name}.identity_secret",
        ok=True,
        detail="signed customers are recognised" if signed else "visitors stay anonymous",
    )
    return _origins(name, settings, strangers), identity


def _origins(name: str, settings: WebChatSettings, strangers: Strangers) -> Check:
    check = f"{name}.origins"
    if "*" in settings.origins:
        fix = f"list the sites in [{name}] origins"
        detail = "every site may embed it"
        return Check(name=check, ok=False, warning=True, detail=detail, fix=fix)
    sites = ", ".join(settings.origins) or "only pages of this server"
    refused = list(strangers.seen)[:_NAMED]
    if not refused:
        return Check(name=check, ok=True, detail=f"may be embedded by: {sites}")
    detail = f"may be embedded by: {sites}; refused since the start: {', '.join(refused)}"
    fix = f"if one is yours, add it to [{name}] origins and restart the desk"
    return Check(name=check, ok=True, warning=True, detail=detail, fix=fix)
