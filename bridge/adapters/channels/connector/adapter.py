"""A connector as the desk sees it."""

import json
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from aiohttp import web
from pydantic import JsonValue, ValidationError

from bridge.adapters.channels.connector import inbound, outbound, wire
from bridge.adapters.channels.connector.capabilities import capabilities
from bridge.adapters.channels.connector.gate import Gate
from bridge.adapters.channels.connector.settings import ConnectorSettings
from bridge.adapters.common.file_links import FileLinks
from bridge.adapters.common.turns import Turns
from bridge.adapters.common.webhook_calls import (
    GONE,
    UNAUTHORIZED,
    Answered,
    TooLong,
    Transport,
)
from bridge.adapters.common.webhooks import Signer
from bridge.domain.content import File
from bridge.domain.errors import (
    DeliveryRejected,
    DeskbridgeError,
    InvalidSettings,
    OutcomeUnknown,
    Overloaded,
    TemporaryFailure,
    TokenRejected,
    WindowClosed,
)
from bridge.domain.ids import Address, ChannelId, ExternalId
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.channel import ChannelSink
from bridge.ports.egress import Egress
from bridge.ports.http import Operation
from bridge.ports.plugin import AdapterContext, Check

_CODES = frozenset(
    {"unknown_address", "unknown_message", "too_large", "not_supported", "file_gone", "line_gone"}
)


class Connector:
    """Takes events at `/v1/channels/<id>/events`, tells the platform by signed webhooks."""

    def __init__(self, settings: ConnectorSettings, context: AdapterContext) -> None:
        """Nothing is called before the first line."""
        self.channel_id = ChannelId(context.id)
        self.capabilities = capabilities(settings)
        self.label = settings.label or context.id
        self._settings = settings
        self._context = context
        self._path = f"/v1/channels/{context.id}"
        self._transport = Transport(context.http, settings.timeout)
        self._egress = Egress(configured=(settings.url, *settings.media_from))
        self._turns = Turns()
        self._links = FileLinks(
            f"/connector/{context.id}",
            context.public_url,
            context.secret("file links"),
            lambda: context.files,
            context.clock,
        )
        self._signer: Signer | None = None
        self._sink: ChannelSink | None = None

    async def start(self, sink: ChannelSink) -> None:
        """Take events from now on. Raises `InvalidSettings`."""
        self._signer = self._new_signer()
        self._sink = sink

    async def stop(self) -> None:
        """Take no more events; a call that is under way ends by itself."""
        self._sink = None

    # --- in -----------------------------------------------------------------------------------

    def routes(self) -> Iterable[web.RouteDef]:
        """Where the platform tells us, and where it fetches agents' files."""
        yield web.post(f"{self._path}/events", self._take)
        yield self._links.route()

    def anywhere(self) -> Iterable[tuple[str, str]]:
        """Events are taken by every process."""
        return (("POST", f"{self._path}/events"),)

    def operations(self) -> Iterable[Operation]:
        """What the API's description says of it."""
        yield Operation(
            method="POST",
            path=f"{self._path}/events",
            summary="Tell what happened on the platform",
            who=f"Signed by Standard Webhooks with the secret of `channels.{self.channel_id}`, "
            "or with its token.",
            body=wire.ConnectorEvent,
            answer=wire.Taken,
        )

    async def _take(self, request: web.Request) -> web.Response:
        """One event; it is on disk before it is answered."""
        if self._signer is None or self._sink is None:
            raise Overloaded("the connector is starting or stopping", retry_after=2)
        gate = Gate(self._signer, self._settings.token.get_secret_value())
        event, name = await gate.read(request)
        if inbound.is_empty(event):
            raise web.HTTPUnprocessableEntity(text="data: a line carries nothing at all")
        async with self._turns.turn(_customer(event)):
            return web.json_response(await self._accept(self._sink, event, name))

    async def _accept(
        self, sink: ChannelSink, event: wire.Anything, name: str
    ) -> dict[str, JsonValue]:
        try:
            files = [await self._fetch(each) for each in inbound.files_of(event)]
        except DeliveryRejected as error:
            raise web.HTTPUnprocessableEntity(text=f"media: {error}") from error
        except TemporaryFailure as error:
            raise Overloaded(f"media: {error}", retry_after=5) from error
        taken = inbound.event_of(self.channel_id, event, tuple(files), name)
        if taken is not None:
            return {"duplicate": (await sink.accept(taken)).duplicate}
        if isinstance(event, wire.CustomerTyping):
            await sink.typing(Address(event.data.customer.id))
        return {"duplicate": False}

    async def _fetch(self, media: wire.Media) -> File:
        limit = self.capabilities.max_file
        name = media.name or unquote(urlsplit(media.url).path.rsplit("/", 1)[-1]) or "file"
        return await self._context.files.save(
            self._egress.fetch(media.url, limit=limit), name, limit
        )

    # --- out ----------------------------------------------------------------------------------

    async def send(self, to: Address, call: OutboundCall) -> Sent:
        """Tell the platform; a repeated call has the same webhook-id. See `ChannelAdapter.send`."""
        event = outbound.event_of(to, call, self.capabilities, self._links.link)
        answered = await self._call(call.key, event)
        answer = _answer(answered)
        if not answered.ok:
            raise _refusal(answered.status, answer)
        if call.kind is not CallKind.POST:
            return Sent(addresses=tuple(map(Address, answer.also)))
        return Sent(
            external_ids=(ExternalId(answer.id or call.key),),
            addresses=tuple(map(Address, answer.also)),
        )

    async def show_typing(self, to: str, name: str) -> None:
        """Tell the platform, once, if it shows such a thing."""
        if not self.capabilities.typing:
            return
        now = self._context.clock.now()
        try:
            await self._call(f"typing-{now}", outbound.typing_event(Address(to), name))
        except DeskbridgeError:
            return  # nobody waits for it

    async def _call(self, key: str, event: JsonValue) -> Answered:
        if self._signer is None:
            raise TemporaryFailure("the connector has not started")
        body = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace")
        try:
            return await self._transport.post(
                self._settings.url, body, self._signer.headers(key, body)
            )
        except TooLong as error:
            raise OutcomeUnknown(str(error)) from error

    # --- looking ------------------------------------------------------------------------------

    async def diagnose(self) -> tuple[Check, ...]:
        """Look at the secret; the platform is not called."""
        name = f"channels.{self.channel_id}"
        try:
            self._new_signer()
        except InvalidSettings as error:
            return (Check(name=name, ok=False, detail=str(error), fix="deskbridge bot secret"),)
        detail = f"tells {urlsplit(self._settings.url).netloc}, is told at {self._path}/events"
        return (Check(name=name, ok=True, detail=detail),)

    def _new_signer(self) -> Signer:
        secret = self._settings.secret.get_secret_value()
        return Signer(secret, f"channels.{self.channel_id}.secret")


def _customer(event: wire.Anything) -> str:
    """Whose turn it is: what concerns nobody in particular has a queue of its own."""
    customer = getattr(event.data, "customer", None)
    return customer.id if isinstance(customer, wire.Customer) else ""


def _answer(answered: Answered) -> wire.PlatformAnswer:
    """What the platform says; words that we do not understand are no answer, but no harm."""
    try:
        return wire.PlatformAnswer.model_validate(answered.json())
    except (ValidationError, ValueError):
        return wire.PlatformAnswer()


def _refusal(status: int, answer: wire.PlatformAnswer) -> DeskbridgeError:
    code = "" if answer.error is None else answer.error.code
    said = f"the platform answered {status} {code}".strip()
    if code == "window_closed":
        return WindowClosed(said)
    if code in _CODES:
        return DeliveryRejected(said, code)
    if status in UNAUTHORIZED:
        return TokenRejected(f"{said}: it does not know our secret")
    return DeliveryRejected(said, "no_channel" if status == GONE else "rejected")
