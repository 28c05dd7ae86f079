"""The simulated Slack, listening on 127.0.0.1."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bridge.simulators.common.doorman import only_by_its_own_name
from bridge.simulators.common.pages import WorkspacePage
from bridge.simulators.slack.limits import Limits
from bridge.simulators.slack.settings import Quirks, Timing
from bridge.simulators.slack.state.apps import App
from bridge.simulators.slack.web.actions import ResponseRoutes
from bridge.simulators.slack.web.control import Control
from bridge.simulators.slack.web.files import FileRoutes, login
from bridge.simulators.slack.web.webapi import WebApi
from bridge.simulators.slack.workspace import Workspace

SHUTDOWN = 0.1
"""Seconds that a request has to end once the simulator stops. (aiohttp takes 0 for ever.)"""


class SlackSimulator(Workspace):
    """A workspace that the real SDK can talk to."""

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
        self._runner: web.AppRunner | None = None
        self._links: dict[str, str] = {}
        self._mounts: list[Callable[[web.Application], None]] = [
            Control(self).route,
            WorkspacePage("bridge.simulators.slack").route,
        ]

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *, port: int = 0, ledger: Path | None = None, limits: Limits | None = None,
        timing: Timing | None = None, quirks: Quirks | None = None,
        now: Callable[[], float] = time.time, seed: int | None = None,
    ) -> AsyncIterator["SlackSimulator"]:  # fmt: skip
        """A simulator that listens; it stops at the end of the block."""
        slack = cls(ledger=ledger, limits=limits, timing=timing, quirks=quirks, now=now, seed=seed)
        await slack.start(port)
        try:
            yield slack
        finally:
            await slack.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on any free port unless told."""
        app = web.Application(client_max_size=1024**3, middlewares=[only_by_its_own_name])
        self._route(app)
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.world.address = f"http://{host}:{taken}"

    def mount(self, add: Callable[[web.Application], None]) -> None:
        """Serve more on the same port. Before `start`."""
        self._mounts.append(add)

    def _route(self, app: web.Application) -> None:
        api = WebApi(self.house, self.faults, self.meter, self._connect)
        files = FileRoutes(self.house, self.faults)
        responses = ResponseRoutes(self.house, self.faults)
        app.router.add_route("*", "/api/{method}", api.serve)
        app.router.add_get("/link/", self._link)
        app.router.add_post("/upload/v1/{key}", files.upload)
        app.router.add_get("/files-pri/{key}/{tail:.*}", files.download)
        app.router.add_post("/actions/{team}/{key}", responses.serve)
        app.router.add_get("/", login)
        for mount in self._mounts:
            mount(app)

    async def stop(self) -> None:
        """Close every connection; the ledger stays."""
        self.faults.released.set()
        self.world.changes.end()
        await self.office.aclose()
        await self.world.aclose()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.ledger.aclose()

    def _connect(self, app: App) -> str:
        ticket = self.world.mint.secret(length=36)
        self._links[ticket] = app.id
        address = self.world.address.replace("http://", "ws://", 1)
        return f"{address}/link/?ticket={ticket}&app_id={app.id}"

    async def _link(self, request: web.Request) -> web.StreamResponse:
        app_id = self._links.pop(request.query.get("ticket", ""), None)
        if app_id is None:
            return web.Response(status=403, text="invalid ticket")
        return await self.office.hub(app_id).serve(request)
