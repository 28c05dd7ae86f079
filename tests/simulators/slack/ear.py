"""An address that hears what Slack sends over HTTP and answers as it is told."""

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

Body = dict[str, Any]  # whatever JSON came


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One request."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Body:
        """An event, an interaction or a command's fields."""
        if self.headers["Content-Type"] == "application/json":
            return dict(json.loads(self.raw))
        fields = {name: values[0] for name, values in parse_qs(self.raw.decode()).items()}
        return dict(json.loads(fields["payload"])) if "payload" in fields else fields

    @property
    def event(self) -> Body:
        """The event inside."""
        return dict(self.body.get("event", {}))


class Ear:
    """Keeps every request. Answers 200 unless `answers` says otherwise, one for each request."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: deque[web.Response] = deque()
        self.url = ""

    def events(self, kind: str, subtype: str | None = None) -> list[Body]:
        """Events of a type heard so far, each try."""
        events = [one.event for one in self.heard]
        found = [one for one in events if one.get("type") == kind]
        return [one for one in found if subtype is None or one.get("subtype") == subtype]

    async def hear(self, request: web.Request) -> web.Response:
        raw = await request.read()
        heard = Heard(headers=dict(request.headers), raw=raw)
        self.heard.append(heard)
        if heard.headers["Content-Type"] == "application/json" and "challenge" in heard.body:
            return web.json_response({"challenge": heard.body["challenge"]})
        return self.answers.popleft() if self.answers else web.Response()


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    """An ear on 127.0.0.1."""
    ear = Ear()
    app = web.Application()
    app.router.add_post("/slack", ear.hear)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ear.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack"
    yield ear
    await runner.cleanup()
