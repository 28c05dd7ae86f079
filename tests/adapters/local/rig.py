"""A local workspace behind a real port of this machine, in front of a small desk."""

import hashlib
import json
import re
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web
from argon2 import PasswordHasher

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.adapters.workspaces.local.live import Pace
from bridge.adapters.workspaces.local.passwords import Passwords
from bridge.adapters.workspaces.local.settings import LocalSettings
from bridge.domain.agent import Role
from bridge.ports.clock import MovableClock
from bridge.ports.plugin import AdapterContext
from tests.fakes.adapter_memory import FolderFiles, MemoryStore
from tests.fakes.clock import FixedClock
from tests.fakes.local_desk import FakeDesk, a_template

JSON = dict[str, Any]  # What a browser would get: any JSON.
QUICK = Pace(grace=0.1, ping=0.1)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What a password costs is the library's affair; here it costs next to nothing."""


@dataclass
class Rig:
    """Everything a test may look at."""

    workspace: LocalWorkspace
    desk: FakeDesk
    store: MemoryStore
    files: FolderFiles
    clock: MovableClock
    url: str
    browsers: list["Browser"] = field(default_factory=list)

    def browser(self, language: str = "en") -> "Browser":
        """A browser that nobody is signed in with."""
        browser = Browser(self.url, language)
        self.browsers.append(browser)
        return browser

    async def signed_in(self, handle: str) -> "Browser":
        """The browser of one of the demo's people."""
        browser = self.browser()
        await browser.get(f"/desk/demo/sign-in/{handle}")
        await browser.load_token()
        return browser

    async def stranger(self) -> "Browser":
        """Somebody who can sign in and is no agent."""
        await self.workspace.demo_user("rosa", "Rosa")
        return await self.signed_in("rosa")

    async def joined(self, email: str, password: str, *, name: str = "Rosa") -> "Browser":
        """Somebody who was invited and has chosen a password."""
        invitation = await self.workspace.invite(email, name)
        browser = self.browser()
        form = {"name": name, "email": email, "password": password}
        answer = await browser.send(f"/desk/join/{invitation.token}", form)
        assert answer.status == 303, answer.text
        await browser.load_token()
        return browser


@dataclass
class Answer:
    """What came back, read to the end."""

    status: int
    text: str
    headers: Mapping[str, str]
    location: str
    cookies: str
    body: bytes

    def json(self) -> JSON:
        """The body as JSON."""
        found: JSON = json.loads(self.text)
        return found


class Browser:
    """One browser: its cookies, the token of its page, its own origin."""

    def __init__(self, url: str, language: str) -> None:
        self.url = url
        self.token = ""
        self.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Accept-Language": language}
        )

    async def get(self, path: str, **headers: str) -> Answer:
        """Look at a page; redirections are not followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(self.url + path, headers=named, allow_redirects=False) as answer:
            return await read(answer)

    async def program(self, path: str) -> JSON:
        """The same, as a program sees it."""
        answer = await self.get(path, Accept="application/json")
        assert answer.status == 200, answer.text
        return answer.json()

    async def load_token(self) -> None:
        """Take the token that forms carry."""
        self.token = (await self.program("/desk/session"))["csrf"]

    async def send(
        self,
        path: str,
        form: "JSON | aiohttp.FormData | None" = None,
        *,
        token: str | None = None,
        origin: str | None = None,
        accept: str = "text/html",
    ) -> Answer:
        """Send a form as a page of ours does, unless told to lie."""
        if token is None and not self.token:
            await self.load_token()
        headers = {
            "Origin": self.url if origin is None else origin,
            "X-CSRF-Token": self.token if token is None else token,
            "Accept": accept,
        }
        async with self.http.post(
            self.url + path, data=form or {}, headers=headers, allow_redirects=False
        ) as answer:
            return await read(answer)

    async def does(self, path: str, **form: str) -> JSON:
        """Send a form with a fresh key; it must work; the JSON of the answer."""
        answer = await self.send(path, {"key": uuid4().hex, **form}, accept="application/json")
        assert answer.status == 200, answer.text
        return answer.json()

    async def writes(self, thread: str, text: str, **form: str) -> JSON:
        """Write in a thread."""
        return await self.does(f"/desk/threads/{thread}/messages", text=text, **form)

    async def close(self) -> None:
        """Shut it."""
        await self.http.close()


async def read(answer: aiohttp.ClientResponse) -> Answer:
    """An answer to its end."""
    body = await answer.read()
    return Answer(
        status=answer.status,
        text=body.decode("utf-8", "replace"),
        headers=answer.headers,
        location=answer.headers.get("Location", ""),
        cookies=" ".join(answer.headers.getall("Set-Cookie", [])),
        body=body,
    )


@asynccontextmanager
async def serve(
    folder: Path,
    *,
    demo: bool = True,
    pace: Pace = QUICK,
    public_url: str = "",
    core: type[FakeDesk] = FakeDesk,
) -> AsyncIterator[Rig]:
    """A local workspace with three agents and two queues; in the demo they need no password."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    rig = build(folder, url, public_url or url, demo=demo, pace=pace, core=core)
    if demo:
        await people(rig)
    app = web.Application(client_max_size=1024 * 1024)
    app.add_routes(rig.workspace.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await rig.workspace.start(rig.desk, rig.desk.specs())
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield rig
    finally:
        for browser in rig.browsers:
            await browser.close()
        await rig.workspace.stop()
        await runner.cleanup()


def build(
    folder: Path, url: str, public_url: str, *, demo: bool, pace: Pace, core: type[FakeDesk]
) -> Rig:
    """The parts, put together; nothing runs yet."""
    clock, store, files = MovableClock(FixedClock()), MemoryStore(), FolderFiles(folder)
    context = AdapterContext(
        id="local",
        brand="Aurora",
        public_url=public_url,
        store=store,
        files=files,
        clock=clock,
        secret=lambda purpose: hashlib.sha256(purpose.encode()).digest(),
        http=aiohttp.ClientSession,
        demo=demo,
    )
    workspace = LocalWorkspace(LocalSettings(max_file_mb=1), context, pace, Passwords(CHEAP))
    return Rig(workspace, core(workspace, clock), store, files, clock, url)


async def people(rig: Rig) -> None:
    """Ana is an admin, Bia answers sales and support, Caio support."""
    desk, workspace = rig.desk, rig.workspace
    for handle, name, role in (
        ("ana", "Ana Souza", Role.ADMIN),
        ("bia", "Bia Lima", Role.AGENT),
        ("caio", "Caio Reis", Role.AGENT),
    ):
        desk.agent(handle, name, await workspace.demo_user(handle, name), role=role)
    desk.queue("sales", "Sales", "bia")
    desk.queue("support", "Support", "bia", "caio")
    desk.templates = (a_template(),)


def ids(html: str) -> list[str]:
    """The ids of the lines in a page, in order."""
    return re.findall(r'<article id="(l\d+)"', html)
