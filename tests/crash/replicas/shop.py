"""A platform that the desk calls: it writes down which process called it, and when.

Each process of the desk is told another address of the same platform, by its environment.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web
from standardwebhooks import Webhook

from bridge.simulators.connector.platform import Platform

SECRET = "whsec_" + "YSBzZWNyZXQgb2YgdGhlIHNpZWdlLCBvZiAzMiBieXRlcw=="
EVENTS = "/v1/channels/shop/events"
_TAKES = 0.15
"""Seconds until the platform answers, so that nearly always some calls are under way."""


@dataclass(slots=True)
class Call:
    """One request of one process."""

    process: str
    began: float
    answered: float | None = None


class Shop(Platform):
    """Everybody's lines are shown once for each webhook-id, whoever sends them."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        """It listens at this address from `start` on, or inside `async with`."""
        super().__init__(SECRET)
        self._host = host
        self.calls: list[Call] = []
        self._signs = Webhook(SECRET)

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.start()
        assert self._runner is not None
        if self._host not in self.base:
            port = urlsplit(self.base).port
            await web.TCPSite(self._runner, self._host, port).start()
            self.base = f"http://{self._host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the port."""
        await self.stop()

    def address(self, process: str) -> str:
        """Where this process finds it."""
        return f"{self.base}/{process}/hook"

    def event(self, customer: str, line: str) -> tuple[bytes, dict[str, str]]:
        """A customer's line as the desk is told it: the same bytes and name however often."""
        data = {"id": line, "customer": {"id": customer, "name": customer}, "text": line}
        body = json.dumps({"type": "message.created", "data": data})
        now = datetime.now(UTC)
        return body.encode(), {
            "webhook-id": f"evt-{line}",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signs.sign(f"evt-{line}", now, body),
            "Content-Type": "application/json",
        }

    def told(self) -> Mapping[str, list[str]]:
        """What each customer sees of the desk, oldest first."""
        return {who: [line.data["text"] for line in self.lines(who)] for who in self.shown}

    def in_flight(self, process: str, at: float) -> int:
        """How many calls of this process were under way at a moment."""
        return sum(
            call.process == process
            and call.began <= at
            and (call.answered is None or call.answered > at)
            for call in self.calls
        )

    def begun(self, process: str, since: float) -> int:
        """How many calls this process has begun since then."""
        return sum(call.process == process and call.began > since for call in self.calls)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        call = Call(process=request.path.split("/")[1], began=time.monotonic())
        self.calls.append(call)
        answer = await super()._handle(request)
        await asyncio.sleep(_TAKES)
        call.answered = time.monotonic()
        return answer
