"""A web chat behind a real port of this machine, in front of small fakes of the core."""

import hashlib
import hmac
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import msgspec
from aiohttp import web
from pydantic import SecretStr

from bridge.adapters.channels.webchat.adapter import WebChat
from bridge.adapters.channels.webchat.gate import Handler
from bridge.adapters.channels.webchat.settings import Limits, WebChatSettings
from bridge.domain.content import Content
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.ports.clock import MovableClock
from bridge.ports.http import CLIENT_ADDRESS
from bridge.ports.plugin import AdapterContext
from tests.adapters.webchat.fakes import Core, FolderFiles, MemoryStore
from tests.fakes.clock import FixedClock

SECRET = "a secret of the shop and us"
FREE = Limits(
    visitor_per_second=0, network_per_second=0, total_per_second=0, new_visitors_per_second=0
)

JSON = dict[str, Any]  # What a browser would get: any JSON.


@dataclass
class Rig:
    """Everything a test may look at. `address` is the client address the web layer found."""

    chat: WebChat
    core: Core
    store: MemoryStore
    files: FolderFiles
    clock: MovableClock
    http: aiohttp.ClientSession
    url: str = ""
    address: str = "203.0.113.7"
    calls: int = 0

    async def session(self) -> "Visitor":
        """A new visitor."""
        async with self.http.post(f"{self.url}/session", json={}) as answer:
            assert answer.status == 200, await answer.text()
            body = await answer.json()
        return Visitor(self, {"Authorization": f"Bearer {body['token']}"}, Address(body["visitor"]))

    def customer(self, name: str = "ana") -> "Visitor":
        """A customer whom the site signed for."""
        return Visitor(self, signed(name), Address(name))

    async def say(
        self,
        to: Address,
        text: str = "",
        *,
        author: Author = Author.AGENT,
        name: str = "Ana Lima",
        content: Content | None = None,
        quoted: ExternalId | None = None,
    ) -> ExternalId:
        """Somebody of ours writes; the id of the line."""
        words = content or Content(text=plain(text))
        call = self.call(CallKind.POST, content=words, author=author, name=name, quoted=quoted)
        return (await self.chat.send(to, call)).external_ids[0]

    def call(
        self,
        kind: CallKind,
        *,
        content: Content | None = None,
        author: Author = Author.AGENT,
        name: str = "Ana Lima",
        about: ExternalId | None = None,
        quoted: ExternalId | None = None,
        emoji: str = "",
    ) -> OutboundCall:
        """A call with a key of its own."""
        self.calls += 1
        return OutboundCall(
            key=str(self.calls),
            kind=kind,
            content=content,
            author=author,
            name=name,
            external_id=about,
            quoted=quoted,
            emoji=emoji,
        )


@dataclass
class Visitor:
    """One browser: a proof of identity and what is done with it."""

    rig: Rig
    proof: Mapping[str, str]
    address: Address

    async def post(self, path: str, body: object, **headers: str) -> tuple[int, JSON]:
        """A POST with JSON; status and JSON of the answer."""
        return await self.request("POST", path, data=msgspec.json.encode(body), headers=headers)

    async def send(self, text: str = "", **fields: object) -> tuple[int, JSON]:
        """A new line."""
        return await self.post("/messages", {"id": str(uuid4()), "text": text, **fields})

    async def request(
        self,
        method: str,
        path: str,
        *,
        data: bytes | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, JSON]:
        """Any request; status and JSON of the answer."""
        everything = {**self.proof, **(headers or {})}
        url = f"{self.rig.url}{path}"
        body = io.BytesIO(data) if isinstance(data, bytes) else data
        async with self.rig.http.request(method, url, headers=everything, data=body) as answer:
            return answer.status, msgspec.json.decode(await answer.read() or b"{}")

    @asynccontextmanager
    async def listen(self, last: str | None = None) -> "AsyncIterator[AsyncIterator[Event]]":
        """The events of a stream, while the block runs."""
        headers = {**self.proof, **({"Last-Event-ID": last} if last else {})}
        async with self.rig.http.get(f"{self.rig.url}/stream", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            yield events(answer.content)

    async def missed(self, last: str | None = None) -> "list[Event]":
        """What a stream begins with, up to `ready`."""
        found = []
        async with self.listen(last) as stream:
            async for event in stream:
                found.append(event)
                if event.name == "ready":
                    break
        return found


@dataclass
class Event:
    """One server-sent event."""

    name: str
    data: JSON
    id: str = ""


async def events(content: aiohttp.StreamReader) -> AsyncIterator[Event]:
    """Server-sent events as a browser reads them; a comment is an event without a name."""
    fields: dict[str, str] = {}
    async for row in content:
        line = row.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
            continue
        data = msgspec.json.decode(fields.get("data", "{}").encode())
        yield Event(name=fields.get("event", ""), data=data, id=fields.get("id", ""))
        fields = {}


def signed(customer: str, secret: str = SECRET) -> dict[str, str]:
    """The headers of a customer whom the site signed for."""
    signature = hmac.new(secret.encode(), customer.encode(), hashlib.sha256).hexdigest()
    return {"X-Deskbridge-Customer": customer, "X-Deskbridge-Signature": signature}


DEFAULTS = WebChatSettings(
    identity_secret=SecretStr(SECRET), limits=FREE, origins=("https://shop.example",)
)


@asynccontextmanager
async def serve(
    folder: Path, settings: WebChatSettings = DEFAULTS, pages: Mapping[str, str] | None = None
) -> AsyncIterator[Rig]:
    """A running web chat. `pages` are HTML by path."""
    clock = MovableClock(FixedClock())
    store, files = MemoryStore(), FolderFiles(folder)
    core = Core(store)
    async with aiohttp.ClientSession() as http:
        context = AdapterContext(
            id="site",
            brand="Acme",
            public_url="https://desk.example",
            store=store,
            files=files,
            clock=clock,
            secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
            http=lambda: http,
        )
        chat = WebChat(settings, context)
        rig = Rig(chat=chat, core=core, store=store, files=files, clock=clock, http=http)
        runner = web.AppRunner(_application(rig, pages or {}), shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        rig.url = f"http://{host}:{port}{chat.base}"
        await chat.start(core)
        try:
            yield rig
        finally:
            await chat.stop()
            await runner.cleanup()


POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob:; "
    "require-trusted-types-for 'script'"
)
"""What the strictest site that still wants a chat would allow."""


def _application(rig: Rig, pages: Mapping[str, str]) -> web.Application:
    @web.middleware
    async def edge(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[CLIENT_ADDRESS] = rig.address
        return await handler(request)

    async def page(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": POLICY}
        return web.Response(text=pages[request.path], content_type="text/html", headers=headers)

    app = web.Application(middlewares=[edge])
    app.add_routes(rig.chat.routes())
    app.add_routes([web.get(path, page) for path in pages])
    return app
