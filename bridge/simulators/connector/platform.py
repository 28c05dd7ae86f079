"""A platform with customers of its own: it tells the desk by signed events, and shows its lines."""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bridge.simulators.common.ledger import Ledger

Json = Any  # a platform reads and writes what it documents, and believes nothing


@dataclass(slots=True)
class ShownLine:
    """One line of the desk, as a customer sees it now."""

    id: str
    data: Json
    reactions: list[str] = field(default_factory=list)


class Platform:
    """Acts once on one webhook-id. `faults` are answered one per request: a status and a body."""

    def __init__(self, secret: str, ledger: Path | None = None) -> None:
        """`secret` is shared with the desk; without `ledger` it is kept in memory only."""
        self._webhook = Webhook(secret)
        self.ledger = Ledger(ledger, time.time)
        self.desk = ""
        self.base = ""
        self.heard: list[Json] = []
        self.shown: dict[str, dict[str, ShownLine]] = {}
        self.faults: deque[tuple[int, Json]] = deque()
        self.down = False
        self.refuses = 0
        """The status for every call, while it does not know the desk's secret."""
        self.forgetful = False
        self.files: dict[str, bytes] = {}
        self._answers: dict[str, tuple[int, Json]] = {}
        self._numbers = 0
        self._runner: web.ServerRunner | None = None

    async def start(self) -> Self:
        """Listen; `base` is the address then."""
        self._runner = web.ServerRunner(web.Server(self._handle))
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def stop(self) -> None:
        """Let go of the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.ledger.aclose()

    # --- what it tells the desk ---------------------------------------------------------------

    def line(self, customer: str, text: str = "", /, **more: Json) -> Json:
        """The event of a customer's line, under an id of its own."""
        self._numbers += 1
        data = {
            "id": f"p{self._numbers}",
            "customer": {"id": customer, "name": "Bia"},
            "text": text,
        }
        return {"type": "message.created", "data": data | more}

    async def tell(self, event: Json, *, key: str = "", **headers: str) -> tuple[int, Json]:
        """Post one event, signed; the status and the answer."""
        self._numbers += 1
        body = json.dumps(event, ensure_ascii=False)
        now = datetime.now(UTC)
        name = key or f"evt-{self._numbers}"
        proofs = {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(name, now, body),
            "content-type": "application/json",
        }
        return await self.post(body.encode(), proofs | headers)

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, Json]:
        """Post these very bytes under these headers."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.desk, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    # --- what the desk tells it ---------------------------------------------------------------

    def lines(self, customer: str) -> list[ShownLine]:
        """What one customer sees, oldest first."""
        return list(self.shown.get(customer, {}).values())

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "GET":
            body = self.files.get(request.path)
            return web.Response(status=404) if body is None else web.Response(body=body)
        body = await request.read()
        if self.down:
            return web.json_response({}, status=503, headers={"Retry-After": "1"})
        if self.refuses:
            return web.json_response({"error": {"code": "unknown_key"}}, status=self.refuses)
        if self.faults:
            status, said = self.faults.popleft()
            return web.json_response(said, status=status)
        try:
            event = self._webhook.verify(body, dict(request.headers))
        except (WebhookVerificationError, ValueError):
            return web.json_response({"error": {"code": "signature"}}, status=401)
        status, said = await self._once(request.headers["webhook-id"], event)
        if self.forgetful and request.transport is not None:
            request.transport.abort()
            await asyncio.sleep(0)
        return web.json_response(said, status=status)

    async def _once(self, key: str, event: Json) -> tuple[int, Json]:
        if key not in self._answers:
            self.heard.append(event)
            self._answers[key] = self._follow(event["type"], event["data"])
            await self.ledger.append(event["type"], "desk", key=key, data=event["data"])
        return self._answers[key]

    def _follow(self, kind: str, data: Json) -> tuple[int, Json]:
        shown = self.shown.setdefault(data["customer"]["id"], {})
        if kind == "agent.typing":
            return 200, {}
        if kind == "message.created":
            self._numbers += 1
            line = ShownLine(id=f"q{self._numbers}", data=data)
            shown[line.id] = line
            return 200, {"id": line.id}
        about = shown.get(data["id"])
        if about is None:
            return 404, {"error": {"code": "unknown_message"}}
        if kind == "message.deleted":
            del shown[about.id]
        elif kind == "message.edited":
            about.data = data
        elif data["removed"]:
            about.reactions = [each for each in about.reactions if each != data["emoji"]]
        else:
            about.reactions.append(data["emoji"])
        return 200, {}
