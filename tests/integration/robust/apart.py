"""Two customers and two agents, of whom one would like to see the other's things."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from bridge.demo.house import CHANNEL, House, open_house, settle_in
from bridge.demo.surfaces.events import JSON
from bridge.demo.surfaces.patience import until
from bridge.demo.tour.stage import Stage, set_stage
from bridge.settings import FILE_NAME, load
from tests.integration.robust import bodies
from tests.integration.robust.ground import Entry, entries, signed_in, visitor
from tests.integration.robust.wire import Header, Reply, Wire

SECRET = "mum-is-the-word"
"""Stands in everything that the other one has: his name, his lines, his file."""
_OTHER_CHANNEL = '\n[channels.other]\nkind = "webchat"\n'


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Somebody's things, and somebody else who would like to see them."""

    stage: Stage
    wire: Wire
    number: int
    thread: str
    line: str
    file: str
    shown_file: str
    owner: tuple[Header, ...]
    stranger: tuple[Header, ...]
    colleague: tuple[Header, ...]
    program: tuple[Header, ...]

    def entries(self, surface: str, *methods: str) -> list[Entry]:
        """Every entry point of this surface."""
        application = self.stage.house.app.parts.server.application
        return [
            each
            for each in entries(application)
            if each.surface == surface and each.method in methods
        ]

    @property
    def things(self) -> Mapping[str, str]:
        """The names of the other one's things, and of what is everybody's."""
        _, _, file, key = self.shown_file.rsplit("/", 3)
        return {
            "ref": self.thread,
            "seq": "1",
            "number": str(self.number),
            "line": self.line,
            "file": file,
            "key": key,
            "user": "demo-bruno",
            "queue": "support",
            "room": "support",
            "agent": "bruno",
            "command": "transfer",
            "bot": "menu",
            "letter": "0",
            "contact": "0",
            "delivery": "0",
            "erasure": "0",
            **dict.fromkeys(("workspace", "token", "handle", "version", "name", "rest"), "none"),
        }


@asynccontextmanager
async def open_apart(folder: Path) -> AsyncIterator[Apart]:
    """A desk where only the agent in control sees a conversation."""
    settle_in(folder, "en")
    with (folder / FILE_NAME).open("a", encoding="utf-8") as settings:
        settings.write(_OTHER_CHANNEL)
    async with open_house(load(folder / FILE_NAME, {})) as house, set_stage(house) as stage:
        await house.operator.asks("PATCH", "/v1/queues/support", visibility="assignee")
        yield await _part(house, stage)


async def _part(house: House, stage: Stage) -> Apart:
    wire = Wire(house.url)
    owner, stranger = await visitor(wire), await visitor(wire)
    line, file = str(uuid4()), await _uploaded(wire, owner)
    await _says(wire, owner, id=str(uuid4()), text="I want to talk to a person, please")
    await _says(wire, owner, id=line, text=f"it is {SECRET}", files=[file])
    await _says(wire, stranger, id=str(uuid4()), text="hello", name="Nosy")
    number = await stage.number(SECRET, "waiting")
    await stage.bruno.runs("take", f"#{number}")
    row = await stage.in_hands(stage.bruno, number)
    made = await house.operator.asks(
        "POST",
        "/v1/tokens",
        name="other",
        scopes=["conversations:read", "queues:read", "agents:read"],
        channel="other",
    )
    return Apart(
        stage=stage,
        wire=wire,
        number=number,
        thread=row.thread,
        line=line,
        file=file,
        shown_file=await _address_of_file(stage, row.thread),
        owner=owner,
        stranger=stranger,
        colleague=await signed_in(wire, "carla"),
        program=(("Authorization", f"Bearer {made['token']}"),),
    )


async def _says(wire: Wire, proof: tuple[Header, ...], **fields: object) -> None:
    body = {"name": f"Max {SECRET}", **fields}
    answer = await post(wire, f"/chat/{CHANNEL}/messages", proof, body)
    assert answer.status == 200, answer.body


async def post(wire: Wire, path: str, proof: tuple[Header, ...], body: JSON) -> Reply:
    """Send JSON."""
    headers = [*proof, ("Content-Type", bodies.JSON)]
    return await wire.send("POST", path, headers, json.dumps(body).encode())


async def _uploaded(wire: Wire, proof: tuple[Header, ...]) -> str:
    headers = [*proof, ("X-Deskbridge-Name", f"{SECRET}.txt")]
    sent = await wire.send("POST", f"/chat/{CHANNEL}/files", headers, SECRET.encode())
    return str(sent.json()["id"])


async def _address_of_file(stage: Stage, thread: str) -> str:
    async def links() -> list[str]:
        page = await stage.bruno.page(f"/desk/threads/{thread}")
        shown = (each.attributes.get("href", "") for each in page.parts("a"))
        return [link for link in shown if "/files/" in link]

    return (await until("the file in the thread", links))[0]
