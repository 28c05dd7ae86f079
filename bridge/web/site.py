"""Puts the routes together: adapters', the API, health, metrics and the front page."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import msgspec
from aiohttp import hdrs, web

from bridge.domain.ids import BotId, SourceKey, WorkspaceId
from bridge.engine.engine import Engine
from bridge.engine.reading.reader import Reader
from bridge.ports.bot import BotAdapter
from bridge.ports.http import DeclaresOperations, HasPage, Operation, ServesAnywhere, ServesHTTP
from bridge.ports.store import Reads
from bridge.ports.workspace import WorkspaceAdapter
from bridge.web.api.access import Access
from bridge.web.api.bots import Bots
from bridge.web.api.changing import Changing
from bridge.web.api.contacts import Contacts, Customers, Erasing
from bridge.web.api.deliveries import Deliveries
from bridge.web.api.openapi import describe
from bridge.web.api.people import Examine, People
from bridge.web.api.reading import Reading
from bridge.web.api.route import AnyRoute, serve
from bridge.web.edge import MAX_BODY, Edge, EdgeOptions
from bridge.web.front import FrontPages
from bridge.web.health import Health
from bridge.web.metrics import HttpMetrics
from bridge.web.tokens import Tokens, TokenScope
from bridge.web.trust import is_local


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Everything that the HTTP side stands on. `adapters` are the ones with pages to serve."""

    brand: str
    engine: Engine
    reader: Reader
    reads: Reads
    tokens: Tokens
    health: Health
    metrics: HttpMetrics
    edge: EdgeOptions
    adapters: Sequence[object]
    workspaces: Mapping[WorkspaceId, WorkspaceAdapter]
    channels: frozenset[str]
    bots: Mapping[BotId, BotAdapter]
    examine: Examine
    customers: Customers
    erasing: Erasing

    async def _was_taken(self, source: SourceKey) -> bool:
        return await self.reads.knows(self.engine.digest(source))

    def application(self) -> web.Application:
        """The aiohttp application; its routes are final."""
        app = web.Application(client_max_size=MAX_BODY)
        front = FrontPages(self.brand, self._pages, self.health)
        Edge(self.edge, self.health, front.problem).install(app)
        app.add_routes(self.health.routes())
        app.add_routes(self._descriptions())
        app.add_routes(serve(self.operations(), self.tokens, self._was_taken))
        taken: dict[str, object] = {}
        for adapter in self.adapters:
            if isinstance(adapter, ServesHTTP):
                app.add_routes(_own(adapter, taken))
        app.add_routes(route for route in front.routes() if route.path not in taken)
        if self.edge.sharing is not None:
            self.edge.sharing.anywhere(self._anywhere())
        return app

    def operations(self) -> list[AnyRoute]:
        """Every operation of the API."""
        return [
            *Reading(self.engine.desk, self.reader, self.reads).routes(),
            *Changing(self.engine).routes(),
            *People(self.engine, self.workspaces, self.examine).routes(),
            *Bots(self.engine, self.reads, self.bots).routes(),
            *Contacts(self.engine, self.customers, self.erasing).routes(),
            *Deliveries(self.engine, self.reads).routes(),
            *Access(self.tokens, self.channels, frozenset(self.bots)).routes(),
        ]

    def _anywhere(self) -> Iterator[tuple[str, str]]:
        for adapter in self.adapters:
            if isinstance(adapter, ServesAnywhere):
                yield from adapter.anywhere()

    def _declared(self) -> Iterator[Operation]:
        for adapter in self.adapters:
            if isinstance(adapter, DeclaresOperations):
                yield from adapter.operations()

    def _pages(self) -> list[HasPage]:
        return [adapter for adapter in self.adapters if isinstance(adapter, HasPage)]

    def _descriptions(self) -> list[web.RouteDef]:
        @cache
        def document() -> bytes:
            described = describe(self.operations(), version("deskbridge"), self._declared())
            return msgspec.json.encode(described)

        async def openapi(_request: web.Request) -> web.Response:
            # A tenth of a second's work that most desks are never asked for, and not in the way.
            body = await asyncio.to_thread(document)
            return web.Response(body=body, content_type="application/json")

        async def metrics(request: web.Request) -> web.Response:
            if not is_local(request):
                actor = await self.tokens.actor(request.headers.get(hdrs.AUTHORIZATION, ""))
                self.tokens.require(actor, TokenScope.METRICS)
            return self.metrics.page()

        return [web.get("/openapi.json", openapi), web.get("/metrics", metrics)]


def _own(adapter: ServesHTTP, taken: dict[str, object]) -> Iterable[web.RouteDef]:
    """An adapter's routes; two adapters that want the same one are a mistake of the settings."""
    for route in adapter.routes():
        owner = taken.setdefault(route.path, adapter)
        assert owner is adapter, f"{route.path} belongs to {owner} already"
        yield route
