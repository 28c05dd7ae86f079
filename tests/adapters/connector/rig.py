"""A connector behind a real port, between a simulated platform and a core that remembers."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from bridge.adapters.channels.connector import plugin
from bridge.adapters.channels.connector.adapter import Connector
from bridge.adapters.channels.connector.settings import ConnectorSettings
from bridge.ports.clock import SystemClock
from bridge.ports.plugin import AdapterContext
from bridge.simulators.connector.platform import Platform
from bridge.web.problems import answer, problem_of
from tests.adapters.webchat.fakes import Core, FolderFiles, MemoryStore

SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
EVERYTHING: dict[str, object] = {
    "formatting": True,
    "quotes": "native",
    "reactions": "native",
    "edits": "native",
    "deletes": "native",
    "choices": "native",
    "location": "native",
    "contact_card": "native",
    "templates": "native",
    "typing": True,
}


@dataclass(frozen=True, kw_only=True)
class Rig:
    """Everything a test may look at."""

    channel: Connector
    platform: Platform
    core: Core
    files: FolderFiles
    base: str


@asynccontextmanager
async def serve(folder: Path, **settings: object) -> AsyncIterator[Rig]:
    """A connector of these settings, started."""
    platform = await Platform(SECRET).start()
    given = {"url": f"{platform.base}/hook", "secret": SECRET, "token": "bearer-1", **settings}
    async with aiohttp.ClientSession() as session:
        files = FolderFiles(folder)
        channel = connector(given, files, lambda: session)
        core = Core(MemoryStore())
        await channel.start(core)
        app = web.Application(middlewares=[_edge])
        app.add_routes(channel.routes())
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        platform.desk = f"{base}/v1/channels/shop/events"
        try:
            yield Rig(channel=channel, platform=platform, core=core, files=files, base=base)
        finally:
            await channel.stop()
            await runner.cleanup()
            await platform.stop()


def connector(
    settings: dict[str, object], files: FolderFiles, http: Callable[[], aiohttp.ClientSession]
) -> Connector:
    """A connector of these settings; nothing is started."""
    context = AdapterContext(
        id="shop",
        brand="Loja",
        public_url="http://desk.test",
        store=MemoryStore(),
        files=files,
        clock=SystemClock(),
        secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
        http=http,
    )
    return plugin.build(ConnectorSettings.model_validate(settings), context)


@web.middleware
async def _edge(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Errors become answers as the desk's edge makes them."""
    try:
        return await handler(request)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        return answer(problem)
