"""A whole desk in this process: real settings, real database, real adapters, real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientSession

from bridge.app import App, build
from bridge.settings import load

SETTINGS = """
[desk]
brand = "Acme"
[channels.webchat]
kind = "webchat"
bot = "menu"
[channels.other]
kind = "webchat"
[workspaces.local]
kind = "local"
[bots.menu]
kind = "menu"
"""

Json = dict[str, Any]  # what an API says


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    body: Json

    @property
    def code(self) -> str:
        """The error's code, `` when there is none."""
        return str(self.body.get("error", {}).get("code", ""))


class Api:
    """The API with one token."""

    def __init__(self, http: ClientSession, token: str | None) -> None:
        self._http = http
        self.headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        params: dict[str, str | int] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = self.headers | (headers or {})
        async with self._http.request(method, path, json=body, params=params, headers=sent) as got:
            if got.status == 204:
                return Answer(status=204, body={})
            return Answer(status=got.status, body=await got.json())


class Visitor:
    """A customer in the web chat."""

    def __init__(self, http: ClientSession, channel: str) -> None:
        self._http = http
        self._base = f"/chat/{channel}"
        self.headers: dict[str, str] = {}

    async def write(self, text: str) -> int:
        if not self.headers:
            async with self._http.post(f"{self._base}/session", json={}) as got:
                self.headers = {"Authorization": f"Bearer {(await got.json())['token']}"}
        body = {"id": str(uuid4()), "text": text}
        path = f"{self._base}/messages"
        async with self._http.post(path, json=body, headers=self.headers) as got:
            return got.status


@dataclass(frozen=True, kw_only=True)
class Office:
    """A running desk and ways in."""

    app: App
    http: ClientSession
    operator: Api

    async def token(self, *scopes: str, channel: str | None = None) -> Api:
        body = {"name": "test", "scopes": list(scopes), "channel": channel}
        made = await self.operator("POST", "/v1/tokens", body)
        return Api(self.http, made.body["token"])

    def nobody(self) -> Api:
        return Api(self.http, None)

    def visitor(self, channel: str = "webchat") -> Visitor:
        return Visitor(self.http, channel)


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "deskbridge.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    return path


Open = Callable[[], Awaitable[Office]]


@pytest.fixture
async def open_office(settings_file: Path) -> AsyncIterator[Open]:
    """Opens the desk of the settings file; closed at the end."""
    opened: list[Office] = []

    async def start() -> Office:
        app = await build(load(settings_file, {}), port=0)
        await app.start()
        http = ClientSession(app.url)
        office = Office(app=app, http=http, operator=Api(http, app.operator))
        opened.append(office)
        return office

    yield start
    for office in opened:
        await office.http.close()
        await office.app.stop()


@pytest.fixture
async def office(open_office: Open) -> Office:
    """A desk with one queue and one agent."""
    office = await open_office()
    await office.operator("POST", "/v1/queues", {"name": "support", "title": "Support"})
    await office.operator("POST", "/v1/agents", {"handle": "ana", "name": "Ana", "role": "admin"})
    await office.operator("PUT", "/v1/queues/support/members/ana", {"level": 0})
    return office
