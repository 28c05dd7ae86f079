"""Killed between Graph and the agents, the desk loses and doubles nothing that it does not tell."""

import asyncio
import random
import re
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bridge.adapters.workspaces.local.entries import Marked, Posted, read_thread_entry
from bridge.domain.delivery import Mark
from bridge.settings import FILE_NAME
from bridge.simulators.common.changes import GaveUpWaiting
from bridge.simulators.graph.person import Person, words_of
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.simulator import GraphSimulator
from tests.crash.desk import AGENTS
from tests.crash.people import Agent
from tests.crash.test_kills import Desk, browser, wrong
from tests.patience import PATIENCE, until
from tests.ports import kept_port

pytestmark = [pytest.mark.crash, pytest.mark.timeout(1800)]

_CUSTOMERS = 3
_LEAST = 10
"""Lines of everybody, and replies to him."""
_BROUGHT_AGAIN = (0.2,) * 100_000
"""Seconds between Graph's tries: it does not tire."""
_REPLY = re.compile(r"r-c\d+-\d{4}")
_SETTINGS = """
[desk]
data_dir = "data"

[channels.wa]
kind = "whatsapp"
phone_number_id = "{number.id}"
business_account_id = "{number.waba}"
access_token = "{number.token}"
app_secret = "{number.app_secret}"
verify_token = "{number.verify_token}"
graph_url = "{url}"
messages_per_second = 1000
pair_seconds = 0
status_seconds = 3
read_marks = false

[workspaces.local]
kind = "local"
"""


@dataclass
class Talk:
    """A customer with a telephone."""

    name: str
    person: Person
    graph: GraphSimulator
    taken: list[str] = field(default_factory=list)

    async def ask(self) -> None:
        """One more line; Graph brings it again and again until the desk has it."""
        line = f"{self.name}-{len(self.taken) + 1:04}"
        looked_at = len(self.graph.office.taken)
        sent = (await self.person.writes(line)).id.encode()

        def taken() -> bool:
            return any(sent in each.body for each in self.graph.office.taken[looked_at:])

        await self.graph.until(taken, 4 * PATIENCE)
        self.taken.append(line)

    async def go_on_asking(self, stop: asyncio.Event) -> None:
        """Line after line, each behind the one before."""
        while not stop.is_set():
            await self.ask()
            await asyncio.sleep(0.02)

    def heard(self) -> list[str]:
        """The replies on his telephone."""
        return [line for one in self.person.received() for line in _REPLY.findall(words_of(one))]


@dataclass(frozen=True)
class Scene:
    """A desk, a Graph that outlives it, and people on both sides."""

    desk: Desk
    talks: list[Talk]
    agents: list[Agent]

    async def begin(
        self, people: asyncio.TaskGroup, stop: asyncio.Event
    ) -> list[asyncio.Task[None]]:
        """Everybody has an agent, and all go on together until told to stop."""
        for talk in self.talks:
            await talk.ask()
        held: dict[str, tuple[Agent, str]] = {}
        async with asyncio.timeout(PATIENCE):
            while len(held) < len(self.talks):
                for agent in self.agents:
                    await agent.sign_in()
                    threads = await agent.threads()
                    held |= {name: (agent, thread) for name, thread in threads.items()}
        replies = [agent.reply(name, thread, stop) for name, (agent, thread) in held.items()]
        asked = [talk.go_on_asking(stop) for talk in self.talks]
        return [people.create_task(each) for each in (*replies, *asked)]

    def replies(self, name: str) -> list[str]:
        """What was said to a customer and taken."""
        return next(agent.taken[name] for agent in self.agents if name in agent.taken)

    def is_well_used(self) -> bool:
        """Whether enough was said on both sides for a loss to be seen."""
        return all(
            min(len(talk.taken), len(self.replies(talk.name))) >= _LEAST for talk in self.talks
        )

    async def calm(self, graph: GraphSimulator) -> None:
        """Until everything has arrived or is told to be in doubt, as long as that may take."""
        with suppress(GaveUpWaiting):
            await graph.until(self._is_calm, 4 * PATIENCE)

    def _is_calm(self) -> bool:
        told, posted = self.in_doubt(), self.desk.posted()
        return all(
            len(posted.get(talk.name, ())) >= len(talk.taken)
            and {*talk.heard(), *told} >= set(self.replies(talk.name))
            for talk in self.talks
        )

    def in_doubt(self) -> set[str]:
        """Replies at which the agents see that nobody knows whether they arrived."""
        posts: dict[tuple[str, int], str] = {}
        told: set[str] = set()
        with sqlite3.connect(self.desk.folder / "data" / "desk.db") as database:
            rows = database.execute(
                "select journal, seq, body from journal where adapter = 'workspaces.local'"
                " and journal like 'thread:%' order by seq"
            )
            for journal, seq, body in rows:
                match read_thread_entry(body.encode() if isinstance(body, str) else body):
                    case Posted(content=content):
                        posts[journal, seq] = content.words()
                    case Marked(mark=Mark.UNKNOWN, line=line, removed=False):
                        told.add(posts[journal, line])
                    case _:
                        pass
        return told


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[tuple[Scene, GraphSimulator]]:
    """Everybody is there; the desk is gone when the block ends."""
    quirks = Quirks(retry_after=_BROUGHT_AGAIN)
    with kept_port() as port:
        desk = Desk(folder, port)
        async with (
            GraphSimulator.running(quirks=quirks, ledger=folder / "ledger") as graph,
            browser() as one,
            browser() as two,
        ):
            number = graph.change_number(graph.number(), webhook=f"{desk.url}/whatsapp/wa/events")
            settings = folder / FILE_NAME
            settings.touch(mode=0o600)
            settings.write_text(_SETTINGS.format(number=number, url=graph.url), "utf-8")
            people = [graph.customer(number, f"55119{n:08}", f"c{n}") for n in range(_CUSTOMERS)]
            talks = [Talk(each.customer.name, each, graph) for each in people]
            agents = [
                Agent(handle, http, f"{desk.url}/desk")
                for handle, http in zip(AGENTS, (one, two), strict=True)
            ]
            await desk.start()
            try:
                yield Scene(desk, talks, agents), graph
            finally:
                await desk.end(signal.SIGKILL)


@pytest.mark.parametrize(
    "often",
    [pytest.param(2, id="twice"), pytest.param(None, id="often", marks=pytest.mark.long)],
)
async def test_nothing_on_whatsapp_is_lost_doubled_or_reordered(
    tmp_path: Path, kills: int, often: int | None
) -> None:
    chance = random.Random(20_261_124)
    async with scene(tmp_path) as (house, graph):
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as people:
            busy = await house.begin(people, stop)

            for _ in range(often or kills):
                await asyncio.sleep(chance.uniform(0.05, 1.0))
                await house.desk.end(signal.SIGKILL)
                await house.desk.start()
            await until(house.is_well_used, 4 * PATIENCE)
            stop.set()
            async with asyncio.timeout(4 * PATIENCE):
                await asyncio.gather(*busy)
        await house.calm(graph)

        told = house.in_doubt()
        for talk in house.talks:
            heard = talk.heard()
            doubtful = told - set(heard)
            arrived = [line for line in house.replies(talk.name) if line not in doubtful]
            assert wrong(talk.taken, house.desk.posted()[talk.name]) == ""
            assert wrong(arrived, heard) == ""
