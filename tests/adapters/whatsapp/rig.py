"""A WhatsApp channel on a port of this machine, between a core that remembers and our Graph."""

import hashlib
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bridge.adapters.channels.whatsapp.adapter import WhatsApp
from bridge.adapters.channels.whatsapp.markup import JOINER
from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from bridge.domain.content import Content
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.calls import CallKind, OutboundCall, Sent
from bridge.ports.clock import Clock, MovableClock, SystemClock
from bridge.ports.files import FileStore
from bridge.ports.plugin import AdapterContext
from bridge.simulators.graph.limits import Limits
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.simulator import GraphSimulator
from tests.adapters.webchat.fakes import Core, FolderFiles, MemoryStore

_SIGN = re.compile(r"(?<![\w*_~`])([*_~`])(?=[^\s\u2060])(.+?)(?<=\S)\1(?!\w)")


@dataclass
class Rig:
    """Everything a test may look at, or break."""

    channel: WhatsApp
    graph: GraphSimulator
    number: Number
    bia: Person
    core: Core
    store: MemoryStore
    files: FolderFiles
    clock: MovableClock
    http: aiohttp.ClientSession
    url: str = ""
    calls: int = 0

    def call(
        self,
        kind: CallKind = CallKind.POST,
        *,
        content: Content | None = None,
        about: ExternalId | None = None,
        quoted: ExternalId | None = None,
        emoji: str = "",
        key: str = "",
    ) -> OutboundCall:
        """A call with a key of its own."""
        self.calls += 1
        return OutboundCall(
            key=key or f"d{self.calls}",
            kind=kind,
            content=content,
            author=Author.AGENT,
            name="Ana",
            external_id=about,
            quoted=quoted,
            emoji=emoji,
        )

    @property
    def customer(self) -> Address:
        """Bia, by her number."""
        return Address(f"+{self.bia.id}")

    async def say(self, text: str = "", **more: object) -> Sent:
        """An agent writes to Bia. `more` is content."""
        content = Content(text=plain(text), **more)  # type: ignore[arg-type]  # its own fields
        return await self.channel.send(self.customer, self.call(content=content))

    async def open_window(self) -> None:
        """Bia has written; the core forgets it."""
        await self.bia.writes("Oi")
        await self.graph.settled()
        self.core.events.clear()

    async def post(self, body: bytes, *signatures: str) -> int:
        """A webhook that is not Graph's own; its status."""
        headers = [("X-Hub-Signature-256", each) for each in signatures]
        async with self.http.post(self.url, data=io.BytesIO(body), headers=headers) as answer:
            return answer.status


def as_read(text: str) -> str:
    """What a telephone shows: formatting without its signs, and nothing that is invisible."""
    before = ""
    text = text.replace("```", "")
    while before != text:
        before, text = text, _SIGN.sub(r"\2", text)
    return text.replace(JOINER, "")


@asynccontextmanager
async def serve(
    folder: Path,
    *,
    limits: Limits | None = None,
    quirks: Quirks | None = None,
    **settings: object,
) -> AsyncIterator[Rig]:
    """A running channel and its Graph. `settings` are the channel's."""
    clock = MovableClock(SystemClock())
    async with (
        aiohttp.ClientSession() as http,
        GraphSimulator.running(
            limits=limits, quirks=quirks, now=lambda: clock.now() / 1_000
        ) as graph,
    ):
        number = graph.number()
        memory = MemoryStore()
        files = FolderFiles(folder)
        context = context_of(memory, files, clock, http)
        rig = Rig(
            channel=WhatsApp(settings_for(graph, number, **settings), context),
            graph=graph,
            number=number,
            bia=graph.customer(number),
            core=Core(memory),
            store=memory,
            files=files,
            clock=clock,
            http=http,
        )
        async with _listening(rig):
            yield rig


def context_of(
    store: AdapterStore,
    files: FileStore,
    clock: Clock,
    http: aiohttp.ClientSession,
    public_url: str = "",
) -> AdapterContext:
    """What the desk gives to the channel."""
    return AdapterContext(
        id="wa",
        brand="Acme",
        public_url=public_url,
        store=store,
        files=files,
        clock=clock,
        secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
        http=lambda: http,
    )


def settings_for(graph: GraphSimulator, number: Number, **changes: object) -> WhatsAppSettings:
    """The settings of a number of this Graph; a lost answer is not waited for long."""
    given = {
        "phone_number_id": number.id,
        "business_account_id": number.waba,
        "access_token": SecretStr(number.token),
        "app_secret": SecretStr(number.app_secret),
        "verify_token": SecretStr(number.verify_token),
        "graph_url": graph.url,
        "status_seconds": 20,
        "pair_seconds": 0,
        **changes,
    }
    return WhatsAppSettings.model_validate(given)


@asynccontextmanager
async def _listening(rig: Rig) -> AsyncIterator[None]:
    app = web.Application()
    app.add_routes(rig.channel.routes())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    rig.url = f"http://{host}:{port}{rig.channel.path}"
    rig.graph.change_number(rig.number, webhook=rig.url)
    await rig.channel.start(rig.core)
    try:
        yield
    finally:
        await rig.channel.stop()
        await runner.cleanup()
