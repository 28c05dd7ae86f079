"""Builds a desk from its settings: opens what it stands on and puts the parts together."""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from bridge.app.adapters import Outbound, Workshop, everyone, overhear, places_of
from bridge.app.app import App, Parts
from bridge.app.beside import forget_unfinished, refuse_half_restored
from bridge.app.checks import Build, Checks
from bridge.app.customers.erasing import Erasing
from bridge.app.customers.finding import Customers, copies_of
from bridge.app.intake import Intake
from bridge.app.lock import DeskLock
from bridge.app.metering import adapter_numbers, clock_stepped, desk_numbers, replica_numbers
from bridge.app.replica import Common, Replica, common_parts
from bridge.app.restoring import refuse_to_send
from bridge.app.storing import (
    DATABASE,
    Connect,
    Database,
    connect_writer,
    open_configured,
)
from bridge.delivery.calling import Adapters
from bridge.delivery.dispatcher import Dispatcher
from bridge.domain.ids import Language
from bridge.engine.engine import Engine
from bridge.engine.reading.reader import Reader
from bridge.engine.state.options import DeskOptions
from bridge.ports.clock import Clock, SystemClock
from bridge.ports.holding import Role
from bridge.ports.http import ServesHTTP
from bridge.settings import DeskSection, Settings
from bridge.settings.key import OPERATOR, DeskKey, desk_key
from bridge.web.connections import Connections
from bridge.web.edge import EdgeOptions
from bridge.web.health import Health
from bridge.web.metrics import HttpMetrics
from bridge.web.server import Server, address_of, bind
from bridge.web.site import Site
from bridge.web.tokens import Tokens, operator_token
from bridge.web.trust import Trust


async def build(
    settings: Settings,
    *,
    host: str | None = None,
    port: int | None = None,
    clock: Clock | None = None,
    demo: bool = False,
    serving: bool = True,
    pages: Sequence[ServesHTTP] = (),
    connect: Connect = connect_writer,
    role: Role = Role.ALL,
) -> App:
    """A desk that is ready to start. Raises `InvalidSettings`, `StorageUnavailable`.

    `host` and `port` win over the settings. Without `serving` no adapter is started and no
    delivery made: only the API answers. `pages` are served beside those of the adapters.
    `connect` opens the connection that writes. `role` is for one process of several.
    """
    server = settings.server
    async with AsyncExitStack() as undo:
        listener = bind(host or server.host, server.port if port is None else port)
        undo.callback(listener.close)
        key, lock = await _entered(settings)
        undo.callback(lock.release)
        database = await open_configured(settings, connect)
        undo.push_async_callback(database.close)
        if serving:
            await refuse_to_send(database)
        url = address_of(listener)
        public_url = server.public_url or (url if serving else _usual(settings))
        clock = clock or SystemClock(clock_stepped)
        common = None
        if serving:
            common = await common_parts(settings, role, key, database, clock, listener)
        builder = _Builder(settings, key, database, clock, public_url, demo, common)
        app = App(builder.parts(listener, lock, pages, serving))
        undo.pop_all()
        return app


async def _entered(settings: Settings) -> tuple[DeskKey, DeskLock]:
    """The key and the lock of a desk that nobody is putting back."""
    await refuse_half_restored(settings)
    key = desk_key(settings.data_dir)
    lock = DeskLock.take(settings.data_dir, shared=settings.database_url is not None)
    await asyncio.to_thread(forget_unfinished, settings.data_dir)
    return key, lock


def _usual(settings: Settings) -> str:
    """Where the desk will be when it runs: a link made meanwhile is for then."""
    return f"http://{settings.server.host}:{settings.server.port}"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Core:
    adapters: Adapters
    engine: Engine
    reader: Reader
    dispatcher: Dispatcher
    http: Outbound


class _Builder:
    """Makes the parts that stand on an open database."""

    def __init__(
        self,
        settings: Settings,
        key: DeskKey,
        database: Database,
        clock: Clock,
        public_url: str,
        demo: bool,
        common: Common | None,
    ) -> None:
        self._settings = settings
        self._key = key
        self._database = database
        self._clock = clock
        self._public_url = public_url
        self._demo = demo
        self._common = common
        self._operator = operator_token(key.secret(OPERATOR))

    def parts(
        self,
        listener: socket.socket,
        lock: DeskLock,
        pages: Sequence[ServesHTTP],
        serving: bool,
    ) -> Parts:
        core = self._core()
        erasing = Erasing(self._database, core.engine, core.adapters, serving=serving)
        site = self._site(core, serving, pages, erasing)
        return Parts(
            settings=self._settings,
            url=address_of(listener),
            operator=self._operator,
            database=self._database,
            adapters=core.adapters,
            engine=core.engine,
            reader=core.reader,
            dispatcher=core.dispatcher,
            server=Server(site.application(), listener, site.edge.connections),
            health=site.health,
            http=core.http,
            erasing=erasing,
            lock=lock,
            serving=serving,
            replica=self._replica(core, site),
        )

    def _replica(self, core: _Core, site: Site) -> Replica | None:
        if self._common is None:
            return None
        intake = Intake(core.adapters.channels, self._database.arrivals, self._clock)
        replica = Replica(self._common, intake, site.health, self._database.doorbell)
        site.metrics.add(lambda: replica_numbers(replica, site.health.phase))
        return replica

    def _leads(self) -> bool:
        return self._common is None or self._common.leading.is_set()

    def _core(self) -> _Core:
        http = Outbound(self._database.replaced)
        adapters = self._adapters(self._settings, self._public_url, http)
        engine = Engine(
            store=self._database.store,
            clock=self._clock,
            places=places_of(self._settings, adapters),
            options=options_of(self._settings.desk),
            key=self._key.secret("sources"),
            arrivals=self._database.arrivals,
            overhear=partial(overhear, adapters),
        )
        reader = Reader(engine.desk, self._database.reads, self._clock, engine.standing)
        return _Core(
            adapters=adapters,
            engine=engine,
            reader=reader,
            dispatcher=Dispatcher(
                engine, self._database.reads, reader, adapters, self._database.replaced
            ),
            http=http,
        )

    def _adapters(self, settings: Settings, public_url: str, http: Outbound) -> Adapters:
        return Workshop(
            settings=settings,
            database=self._database,
            clock=self._clock,
            key=self._key,
            public_url=public_url,
            http=http,
            demo=self._demo,
            common=self._common,
        ).adapters()

    def _build_again(self, core: _Core) -> Build:
        """How adapters of changed settings are made, to be looked at."""

        def build(settings: Settings) -> Adapters:
            public_url = settings.server.public_url or self._public_url
            return self._adapters(settings, public_url, core.http)

        return build

    def _site(
        self, core: _Core, serving: bool, pages: Sequence[ServesHTTP], erasing: Erasing
    ) -> Site:
        settings, database = self._settings, self._database
        metrics = HttpMetrics()
        metrics.add(lambda: desk_numbers(core.engine, core.dispatcher) if self._leads() else ())
        metrics.add(lambda: adapter_numbers(core.adapters))
        own, sharing = database.adapter_store("web"), None
        if self._common is not None:
            sharing = self._common.sharing
        return Site(
            brand=settings.desk.brand,
            engine=core.engine,
            reader=core.reader,
            reads=database.reads,
            tokens=Tokens(own, self._clock, self._operator),
            health=Health(self._probe, lambda: core.dispatcher.paused),
            metrics=metrics,
            edge=EdgeOptions(
                trust=Trust(settings.server.trusted_proxies),
                metrics=metrics,
                connections=Connections(),
                address_key=self._key.secret("addresses in logs"),
                https=self._public_url.startswith("https://"),
                log_all=settings.log.requests == "all",
                sharing=sharing,
            ),
            adapters=(*everyone(core.adapters), *pages) if serving else (),
            workspaces=core.adapters.workspaces,
            channels=frozenset(settings.channels),
            bots=core.adapters.bots,
            customers=self._customers(core),
            erasing=erasing,
            examine=self._checks(core, serving),
        )

    def _checks(self, core: _Core, serving: bool) -> Checks:
        return Checks(
            self._settings,
            core.engine,
            self._database,
            core.adapters,
            lambda: core.dispatcher.paused,
            self._build_again(core) if serving else None,
        )

    def _customers(self, core: _Core) -> Customers:
        copies = partial(copies_of, self._settings.data_dir / DATABASE)
        return Customers(self._database, core.adapters, copies)

    async def _probe(self) -> None:
        """Do what taking something in does: write, or look where it is kept."""
        if self._leads():
            await self._database.adapter_store("web").put("health", "probe", b"")
        else:
            await self._database.arrivals.waiting(1)


def options_of(desk: DeskSection) -> DeskOptions:
    """The desk's section as the engine takes it."""
    return DeskOptions(
        brand=desk.brand,
        language=Language(desk.language),
        default_queue=desk.default_queue,
        default_region=desk.default_region,
        bot_deadline=desk.bot_deadline,
        bot_late=desk.bot_late,
        cool_down=desk.cool_down,
        max_missed=desk.max_missed,
        idle_timeout=desk.idle_timeout,
        started_timeout=desk.started_timeout,
        starts_per_minute=desk.starts_per_minute,
        inactivity_warning=desk.inactivity_warning,
        ticket_types=desk.ticket_types,
        ticket_statuses=desk.ticket_statuses,
        closed_statuses=desk.closed_statuses,
    )
