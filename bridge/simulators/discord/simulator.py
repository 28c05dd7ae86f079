"""The simulated Discord, listening on 127.0.0.1."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bridge.simulators.common.doorman import only_by_its_own_name
from bridge.simulators.common.pages import WorkspacePage
from bridge.simulators.discord.gateway.door import Door
from bridge.simulators.discord.limits import Limits
from bridge.simulators.discord.server import Server
from bridge.simulators.discord.settings import Quirks, Timing
from bridge.simulators.discord.web.cdn import Cdn
from bridge.simulators.discord.web.control import Control
from bridge.simulators.discord.web.rest import Rest

SHUTDOWN = 0.1
"""Seconds that a request has to end once the simulator stops. (aiohttp takes 0 for ever.)"""


class DiscordSimulator(Server):
    """A Discord that the real discord.py can talk to."""

    def __init__(
        self,
        *,
        ledger: Path | None = None,
        limits: Limits | None = None,
        timing: Timing | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        """Without `limits` nothing is limited; without `ledger` it is kept in memory only."""
        super().__init__(
            ledger=ledger, limits=limits, timing=timing, quirks=quirks, now=now, seed=seed
        )
        self.rest = Rest(self.world, self.ledger, self.faults, self.meter, self.hub)
        self._door = Door(self.world, self.hub)
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """For `discord.http.Route.BASE`."""
        return f"{self.world.address}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`, as a `yarl.URL`."""
        return f"{self.world.address.replace('http', 'ws', 1)}/gateway"

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *, port: int = 0, ledger: Path | None = None, limits: Limits | None = None,
        timing: Timing | None = None, quirks: Quirks | None = None,
        now: Callable[[], float] = time.time, seed: int | None = None,
    ) -> AsyncIterator["DiscordSimulator"]:  # fmt: skip
        """A simulator that listens; it stops at the end of the block."""
        it = cls(ledger=ledger, limits=limits, timing=timing, quirks=quirks, now=now, seed=seed)
        await it.start(port)
        try:
            yield it
        finally:
            await it.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on any free port unless told."""
        app = web.Application(client_max_size=1024**3, middlewares=[only_by_its_own_name])
        Control(self).route(app)
        WorkspacePage("bridge.simulators.discord").route(app)
        Cdn(self.world, self.faults).route(app)
        app.router.add_get("/gateway", self._door.serve)
        app.router.add_get("/gateway/", self._door.serve)
        self.rest.route(app)
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.world.address = f"http://{host}:{taken}"

    async def stop(self) -> None:
        """Close every connection; the ledger stays."""
        self.faults.released.set()
        self.world.changes.end()
        await self.hub.aclose()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.ledger.aclose()
