"""A whole desk at work: a customer and his agent who go on, whatever others do meanwhile."""

import asyncio
import io
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from aiohttp import web

from bridge.demo.house import CHANNEL, House, open_house, settle_in
from bridge.demo.pages import DemoPages
from bridge.demo.surfaces import patience
from bridge.demo.surfaces.agent import AgentBrowser
from bridge.demo.tour.lobby import Case
from bridge.demo.tour.stage import Stage, set_stage
from tests.integration.robust.wire import Header, Wire
from tests.patience import until

SECRET = "the shop's own secret"
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry point of the desk: a method and a template of addresses."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def surface(self) -> str:
        """`chat`, `desk`, `v1`, `demo`, or the name of whatever stands alone."""
        return self.path.split("/")[1]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the address."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    def at(self, ids: Mapping[str, str]) -> str:
        """The address of these things. A name that nobody knows yet is a `KeyError`."""
        parts = self.path.split("/")
        return "/".join(ids[part[1:-1]] if part.startswith("{") else part for part in parts)


def entries(application: web.Application) -> Iterator[Entry]:
    """Every entry point that the router knows; HEAD is GET without a body."""
    for route in application.router.routes():
        resource = route.resource
        assert resource is not None
        methods = CHANGING if route.method == "*" else (route.method,)
        for method in methods:
            if method != "HEAD":
                yield Entry(method=method, path=resource.canonical)


class Regular:
    """A customer who writes and an agent who answers, without a pause; `turns` are complete."""

    def __init__(self, case: Case, agent: AgentBrowser) -> None:
        self.case = case
        self.turns = 0
        self.longest = 0.0
        self._agent = agent
        self._over = False

    async def talk(self) -> None:
        """Turn after turn until told to end; raises when a line is not seen in time."""
        while not self._over:
            await self.turn()
            await asyncio.sleep(0.05)

    async def turn(self) -> None:
        """One line that the agent reads, and one that the customer reads."""
        began = time.monotonic()
        asked, answered = f"question {self.turns}", f"answer {self.turns}"
        thread = f"/desk/threads/{self.case.thread}"
        await self.case.customer.says(asked)
        await patience.until(
            f"the agent reads “{asked}”",
            lambda: self._agent.data(thread),
            lambda shown: shown["messages"][-1]["text"] == asked,
        )
        await self._agent.writes(self.case.thread, answered)
        await self.case.customer.hears(answered, by="agent")
        self.turns += 1
        self.longest = max(self.longest, time.monotonic() - began)

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        """They talk as long as the block runs; what went wrong between them is raised."""
        self._over = False
        talk = asyncio.create_task(self.talk())
        try:
            yield
        finally:
            self._over = True
            await talk

    def expected(self) -> tuple[list[str], list[str]]:
        """What each should have read by now."""
        count = range(self.turns)
        return [f"question {n}" for n in count], [f"answer {n}" for n in count]

    async def read(self) -> tuple[list[str], list[str]]:
        """What each has read."""
        shown = await self._agent.data(f"/desk/threads/{self.case.thread}")
        asked = [each["text"] for each in shown["messages"] if each["author"] == "customer"]
        heard = self.case.customer.lines("agent")
        return [each for each in asked if each.startswith("question")], heard


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A running desk and everything that a rude client could know of it."""

    house: House
    stage: Stage
    regular: Regular
    wire: Wire
    ids: Mapping[str, str]
    proofs: Mapping[str, tuple[Header, ...]]
    database: Path = field(repr=False)
    complaints: io.StringIO = field(repr=False)

    @property
    def application(self) -> web.Application:
        """Where the routes are."""
        return self.house.app.parts.server.application

    def entries(self, *methods: str) -> list[Entry]:
        """Every entry point with one of these methods."""
        return [each for each in entries(self.application) if each.method in methods]

    def proof(self, entry: Entry) -> tuple[Header, ...]:
        """The headers that let somebody in there."""
        return self.proofs.get(entry.surface, ())

    def rows(self) -> dict[str, int]:
        """How many rows there are of what a person may have brought in."""
        with closing(sqlite3.connect(self.database)) as database:
            counts = {
                name: int(database.execute(f"select count(*) from {name}").fetchone()[0])  # noqa: S608
                for name in _WATCHED
            }
        kept = self.house.settings.data_dir / "files"
        return counts | {"files": sum(each.is_file() for each in kept.rglob("*"))}


_WATCHED = (
    "inbox", "message", "conversation", "contact", "identity", "event", "file",
    "agent", "queue", "membership", "room", "template", "ticket", "hold", "binding",
)  # fmt: skip


@asynccontextmanager
async def open_ground(folder: Path, complaints: io.StringIO) -> AsyncIterator[Ground]:
    """A desk with its agents and customers, gone when the block ends."""
    pages = DemoPages()
    settings = settle_in(folder, "en")
    async with open_house(settings, pages=(pages,)) as house:
        pages.play_on(house, secret=SECRET, language="en")
        async with set_stage(house) as stage:
            case = await stage.held("Rita Regular", stage.bruno)
            await stage.with_bot("Vera Visitor")
            await at_rest(house)
            wire = Wire(house.url)
            yield Ground(
                house=house,
                stage=stage,
                regular=Regular(case, stage.bruno),
                wire=wire,
                ids=_ids(case),
                proofs={
                    "chat": await visitor(wire),
                    "desk": await signed_in(wire, "ana"),
                    "v1": (("Authorization", f"Bearer {house.app.operator}"),),
                    "demo": (("Origin", house.url),),
                },
                database=settings.data_dir / "desk.db",
                complaints=complaints,
            )


async def at_rest(house: House) -> None:
    """Wait until nothing is under way that somebody began."""
    parts, calm = house.app.parts, 0

    def rests() -> bool:
        nonlocal calm
        calm = 0 if parts.engine.waiting or parts.dispatcher.busy else calm + 1
        return calm > 5

    await until(rests)


def _ids(case: Case) -> dict[str, str]:
    """Things that are there, where something may be done to them; the rest names nothing."""
    return {
        "ref": case.thread,
        "seq": "1",
        "number": str(case.number),
        "queue": "support",
        "agent": "carla",
        "workspace": "local",
        "room": "support",
        "user": "demo-carla",
        "command": "transfer",
        "line": str(uuid4()),
        "file": "0" * 32,
        "key": "0" * 32,
        "token": "nobody",
        "bot": "menu",
        "letter": "0",
        "contact": "0",
        "delivery": "0",
        "erasure": "0",
        "handle": "nobody",
        "version": "0",
        "name": "nothing.css",
        "rest": "nowhere",
        "id": "nothing",
        "customer": "nobody",
        "act": "nothing",
    }


async def visitor(wire: Wire) -> tuple[Header, ...]:
    """The headers of somebody who has just opened the chat."""
    headers = [("Content-Type", "application/json")]
    opened = await wire.send("POST", f"/chat/{CHANNEL}/session", headers, b"{}")
    return (("Authorization", f"Bearer {opened.json()['token']}"),)


async def signed_in(wire: Wire, handle: str) -> tuple[Header, ...]:
    """The headers of one of the demo's people, as his browser sends them with a form."""
    entered = await wire.send("GET", f"/desk/demo/sign-in/{handle}")
    cookie = entered.header("set-cookie").partition(";")[0]
    session = await wire.send("GET", "/desk/session", [("Cookie", cookie)])
    return (
        ("Cookie", cookie),
        ("X-CSRF-Token", session.json()["csrf"]),
        ("Origin", wire.origin),
        ("Accept", "application/json"),
    )
