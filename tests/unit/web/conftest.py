"""A small application behind the real edge."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, web

from bridge.domain.errors import StorageUnavailable
from bridge.web.connections import Connections
from bridge.web.edge import MAX_BODY, Edge, EdgeOptions
from bridge.web.front import FrontPages
from bridge.web.health import Health, Phase
from bridge.web.metrics import HttpMetrics
from bridge.web.server import Server, address_of, bind
from bridge.web.sharing import Sharing
from bridge.web.trust import Trust

_NOBODY = Trust(())
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Disk:
    """Stores, or not."""

    def __init__(self) -> None:
        self.works = True
        self.asked = 0

    async def probe(self) -> None:
        self.asked += 1
        if not self.works:
            raise StorageUnavailable("disk full")


@dataclass(kw_only=True)
class Small:
    """The application's parts."""

    client: ClientSession
    address: tuple[str, int]
    health: Health
    disk: Disk
    metrics: HttpMetrics


Serve = Callable[..., Awaitable[Small]]


def _mount(app: web.Application, handlers: Iterable[Handler]) -> None:
    for name, handler in zip("abcdefgh", handlers, strict=False):
        app.add_routes([web.route("*", f"/{name}", handler)])
        app.add_routes([web.route("*", f"/{name}/{{word}}", handler)])


def _application(
    options: EdgeOptions, health: Health, handlers: Iterable[Handler]
) -> web.Application:
    front = FrontPages("Acme <Ltd>", list, health)
    app = web.Application(client_max_size=MAX_BODY)
    Edge(options, health, front.problem).install(app)
    app.add_routes(health.routes())
    app.add_routes(front.routes())
    _mount(app, handlers)
    return app


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves these handlers at `/a`, `/b`, ... for any method."""
    running: list[tuple[ClientSession, Server]] = []

    async def start(
        *handlers: Handler,
        log_all: bool = False,
        https: bool = False,
        connections: Connections | None = None,
        sharing: Sharing | None = None,
        trust: Trust = _NOBODY,
    ) -> Small:
        disk, metrics = Disk(), HttpMetrics()
        health = Health(disk.probe)
        health.phase = Phase.READY
        connections = connections or Connections()
        options = EdgeOptions(
            trust=trust,
            metrics=metrics,
            address_key=b"k" * 32,
            connections=connections,
            https=https,
            log_all=log_all,
            sharing=sharing,
        )
        listener = bind("127.0.0.1", 0)
        server = Server(_application(options, health, handlers), listener, connections)
        await server.listen()
        client = ClientSession(address_of(listener))
        running.append((client, server))
        address = listener.getsockname()[:2]
        return Small(client=client, address=address, health=health, disk=disk, metrics=metrics)

    yield start
    for client, server in running:
        await client.close()
        await server.close()
