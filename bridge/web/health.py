"""Says whether the process lives, and whether it can take something now."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from enum import StrEnum

from aiohttp import web

from bridge.domain.errors import StorageUnavailable

PROCESS = "Deskbridge-Process"
"""By this header of `/healthz` one sees which process of several has answered."""
PROBES = frozenset({"/healthz", "/readyz"})

Probe = Callable[[], Awaitable[None]]

_PROBE_SECONDS = 2.0
_REMEMBERED_SECONDS = 1.0


class Phase(StrEnum):
    """Where a process is in its life."""

    STARTING = "starting"
    STANDBY = "standby"
    """A worker that does not lead: it takes nothing."""
    INTAKE = "intake"
    """Takes what customers send, and passes everything else on to the process that leads."""
    CATCHING_UP = "catching_up"
    """Takes what customers send, and is about to lead: nobody is asked what needs the desk."""
    READY = "ready"
    """Leads; where there is one process, it always does."""
    DRAINING = "draining"


_WELL = frozenset({Phase.READY, Phase.INTAKE})
_TAKING = _WELL | {Phase.CATCHING_UP}
_FOR = "customers"


class Health:
    """The process as a load balancer sees it."""

    def __init__(self, probe: Probe, refusing: Callable[[], Collection[str]] = tuple) -> None:
        """`probe` raises `StorageUnavailable` when what comes in cannot be kept.

        `refusing` are the places that take no call of ours: what is for them waits.
        """
        self._refusing = refusing
        self.phase = Phase.STARTING
        self._id = secrets.token_hex(8)
        self._probe = probe
        self._storing = asyncio.Lock()
        self._stored = True
        self._looked_at = float("-inf")
        self._at_work = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def enter(self) -> None:
        """Somebody begins to hand something over."""
        if not self._at_work:
            self._quiet.clear()
        self._at_work += 1

    def leave(self) -> None:
        """He has done so, or gone away."""
        self._at_work -= 1
        if not self._at_work:
            self._quiet.set()

    async def quiet(self, seconds: float) -> bool:
        """Wait until nobody hands anything over; false when that took longer."""
        try:
            async with asyncio.timeout(seconds):
                await self._quiet.wait()
        except TimeoutError:
            return False
        return True

    def routes(self) -> list[web.RouteDef]:
        """`/healthz` and `/readyz`."""
        return [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"}, headers={PROCESS: self._id})

    async def _ready(self, request: web.Request) -> web.Response:
        """Whether it may be asked anything; or only, whether what customers send may go here."""
        status: str = self.phase
        well = self.phase in (_TAKING if request.query.get("for") == _FOR else _WELL)
        if well and not await self._can_store():
            status, well = "storage_unavailable", False
        said: dict[str, str | list[str]] = {"status": status}
        if refusing := self._refusing():
            said["refused_by"] = sorted(refusing)
        return web.json_response(said, status=200 if well else 503)

    async def _can_store(self) -> bool:
        """Looks at most once a second, however often somebody asks."""
        async with self._storing:
            if time.monotonic() - self._looked_at > _REMEMBERED_SECONDS:
                self._stored = await self._look()
                self._looked_at = time.monotonic()
            return self._stored

    async def _look(self) -> bool:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._probe()
        except (StorageUnavailable, TimeoutError):
            return False
        return True
