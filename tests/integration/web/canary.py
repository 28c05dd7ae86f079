"""A desk with one customer all of whose words are canaries, and a look where they still sing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from aiohttp import ClientSession

from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.agent import Agent
from bridge.domain.content import Content, TemplateUse
from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import Address, ChannelId, ExternalId, SourceKey
from bridge.domain.moves import AddNote, Move, OpenTicket, ReturnToBot, Take
from bridge.domain.text import plain
from bridge.ports.channel import MessageReceived
from bridge.settings import load
from tests.integration.web.conftest import Api, Json
from tests.patience import PATIENCE, seen

CANARY = "Quetzal7"
HIS = {
    "name": f"Bia {CANARY}Name",
    "address": f"visitor:{CANARY}Address",
    "text": f"my secret is {CANARY}Text",
    "file": f"{CANARY}Bytes".encode() * 9,
    "file name": f"{CANARY}Scan.txt",
    "template": f"{CANARY}Parameter",
    "ticket": f"broken {CANARY}Ticket",
    "note": f"rude {CANARY}Note",
    "summary": f"he wants {CANARY}Summary",
}
SITE = ChannelId("webchat")


class Desk:
    """A desk of its own, and one customer all of whose words are canaries."""

    def __init__(self, app: App, http: ClientSession, folder: Path) -> None:
        self.app = app
        self.api = Api(http, app.operator)
        self.folder = folder

    async def said(self, id_: str, content: Content, name: str = HIS["name"]) -> object:  # type: ignore[assignment]
        return await self.app.parts.engine.accept(self.line(id_, content, name))

    def line(self, id_: str, content: Content, name: str) -> MessageReceived:
        return MessageReceived(
            channel=SITE,
            address=Address(str(HIS["address"])),
            external_id=ExternalId(f"{CANARY}{id_}"),
            content=content,
            name=name,
            source=(SourceKey(f"test:{id_}"),) if id_ == "sourced" else (),
        )

    @property
    def agent(self) -> Agent:
        return next(iter(self.app.parts.engine.desk.agents))

    async def does(self, move: Move) -> None:
        actor = Actor(kind=ActorKind.ADMIN, name="Ana", agent=self.agent.id)
        outcome = await self.app.parts.engine.carry_out(move, actor, EntryPoint.COMMAND)
        assert outcome.ok, outcome

    def open(self) -> Conversation:
        return next(each for each in self.app.parts.engine.desk.conversations if each.open)

    async def lives(self) -> None:
        """A bot, files, a person, a note, a case, and the way back to the bot."""
        files = self.app.parts.database.files
        file = await files.save(_bytes(), str(HIS["file name"]), 10_000)
        await self.said("1", Content(text=plain(str(HIS["text"])), files=(file,)))
        await self.said("2", Content(text=plain("talk to a person")))
        used = TemplateUse(name="hi", language="en", variables=(str(HIS["template"]),))
        await self.said("sourced", Content(template=used))
        talk = self.open()
        await self.does(Take(conversation=talk.id))
        await self.does(AddNote(conversation=talk.id, text=str(HIS["note"])))
        ticket = OpenTicket(
            contact=talk.contact,
            conversation=talk.id,
            type="question",
            status="open",
            description=str(HIS["ticket"]),
        )
        await self.does(ticket)
        await self.quiet()

    async def returns(self) -> None:
        talk = self.open()
        await self.does(
            ReturnToBot(conversation=talk.id, summary=str(HIS["summary"]), confirmed=True)
        )
        await self.quiet()
        contact = await self.contact()
        ended = await self.api("POST", f"/v1/contacts/{contact['id']}/end")
        assert ended.body["open"] == []

    async def quiet(self) -> None:
        """Until nothing is to be called."""
        await seen(self._promised, 0)

    async def _promised(self) -> int:
        return len(await self.app.parts.database.store.open_deliveries())

    async def contact(self) -> Json:
        found = await self.api("GET", "/v1/contacts", params={"who": f"webchat/{HIS['address']}"})
        [contact] = found.body["contacts"]
        assert isinstance(contact, dict)
        return contact

    async def exported(self, contact: str) -> list[Json]:
        lines, after = [], ""
        while True:
            path = f"/v1/contacts/{contact}/export"
            got = await self.api("GET", path, params={"after": after} if after else {})
            assert got.status == 200, got.body
            lines += got.body["lines"]
            if (after := got.body["next"]) is None:
                return lines

    async def under_way(self) -> int:
        """How many erasures are not at their end."""
        found = await self.app.parts.database.personal.erasures()
        return sum(not each.done for each in found)

    async def erased(self, contact: str) -> Json:
        begun = await self.api("POST", f"/v1/contacts/{contact}/erase")
        assert begun.status == 200, begun.body
        path = f"/v1/erasures/{begun.body['erasure']['id']}"
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.api("GET", path)
                if found.body["erasure"]["done_at"] is not None:
                    return found.body
                await asyncio.sleep(0.02)


async def _bytes() -> AsyncIterator[bytes]:
    yield HIS["file"]  # type: ignore[misc]


async def canaries(desk: Desk) -> set[str]:
    """Every place in which a canary still sings."""
    found = {
        f"{path.relative_to(desk.folder)}"
        for path in desk.folder.rglob("*")
        if path.is_file() and CANARY.lower().encode() in path.read_bytes().lower()
    }
    url = desk.app.parts.settings.database_url
    if url is not None:
        connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        for (table,) in tables:
            rows = await connection.fetch(f'SELECT * FROM "{table}"')  # noqa: S608
            if any(CANARY.lower() in _readable(cell) for row in rows for cell in row):
                found.add(table)
        await connection.close()
    return found


def _readable(cell: object) -> str:
    return (cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)).lower()


@asynccontextmanager
async def opened(settings: Path) -> AsyncIterator[Desk]:
    """The desk of these settings, while it runs; with a queue and an agent."""
    app = await build(load(settings, {}), port=0)
    async with app, ClientSession(app.url) as http:
        desk = Desk(app, http, settings.parent)
        await desk.api("POST", "/v1/queues", {"name": "support", "title": "Support"})
        await desk.api("POST", "/v1/agents", {"handle": "ana", "name": "Ana", "role": "admin"})
        await desk.api("PUT", "/v1/queues/support/members/ana", {"level": 0})
        yield desk
