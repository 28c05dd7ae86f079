"""What every simulated bot stands on: a port of its own, a record of what came, and faults."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from bridge.simulators.common.ledger import Ledger

Json = Any  # a bot reads and writes what its platform would, and believes nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Json:
        """What it said."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What to do instead of answering: a status, or (0) to break the connection."""

    status: int = 0
    headers: Mapping[str, str] | None = None
    body: str = ""


class SimulatedBot:
    """A bot on a port of this machine; a subclass says what it answers.

    `faults` are done one per request, first first. While `thinking` is cleared it answers nobody.
    """

    def __init__(self, ledger: Path | None = None) -> None:
        """Nothing listens yet; without `ledger` it is kept in memory only."""
        self.ledger = Ledger(ledger, time.time)
        self.heard: list[Heard] = []
        self.faults: deque[Fault] = deque()
        self.thinking = asyncio.Event()
        self.thinking.set()
        self.base = ""
        self._runner: web.ServerRunner | None = None

    async def start(self, port: int = 0) -> Self:
        """Listen; `base` is the address then."""
        self._runner = web.ServerRunner(web.Server(self._handle))
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, taken = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{taken}"
        return self

    async def stop(self) -> None:
        """Let go of everybody and of the port."""
        self.thinking.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.ledger.aclose()

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        """The status and what is said."""
        raise NotImplementedError

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        heard = Heard(path=request.path, headers=request.headers.copy(), body=await request.read())
        self.heard.append(heard)
        said = heard.body.decode("utf-8", "replace")
        await self.ledger.append(
            heard.path, "desk", key=request.headers.get("webhook-id"), body=said
        )
        if self.faults:
            return _broken(request, self.faults.popleft())
        await self.thinking.wait()
        status, said = await self.answer(heard)
        return web.json_response(said, status=status)


def _broken(request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
    if fault.status:
        return web.Response(status=fault.status, headers=fault.headers, text=fault.body)
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
