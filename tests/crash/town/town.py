"""Who lives in the town: a customer for every channel and workspace, and an agent in each."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from bridge.simulators.common.ledger import read_ledger
from tests.crash.test_kills import browser
from tests.crash.town import reading
from tests.crash.town.agents import Agent, AtThePages, InDiscord, InSlack
from tests.crash.town.books import Books
from tests.crash.town.customers import (
    Customer,
    OnAPlatform,
    OnTelegram,
    OnTheWeb,
    OnWhatsApp,
    chat,
)
from tests.crash.town.platforms import ROOM, Platforms, Through, platforms, straight
from tests.crash.town.process import Desk, Nursery
from tests.crash.town.reading import chat_of, thread_of
from tests.crash.verdict import History, Said, Shown, Told
from tests.patience import PATIENCE
from tests.ports import kept_port

CHANNELS = ("web", "whatsapp", "telegram", "shop")
WORKSPACES = ("slack", "discord", "local")
_ASKS = 1.0
_ANSWERS = 0.6
"""Seconds between two lines of one person."""
_COMES = 1.2
"""Seconds between two newcomers."""
_MOST_CUSTOMERS = 150
_CALM = 6 * PATIENCE


@dataclass(kw_only=True)
class Talk:
    """A customer, and the thread in which he is answered."""

    customer: Customer
    workspace: str
    agent: Agent
    thread: str = ""
    replies: int = 0


@dataclass(kw_only=True)
class Town:
    """A desk under the load of everybody; `said` is everything that was taken, in order."""

    desk: Desk
    books: Books
    around: Platforms
    talks: list[Talk]
    pages: AtThePages
    said: list[Said] = field(default_factory=list)
    newcomers: list[Talk] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: list[asyncio.Task[None]] = field(default_factory=list)
    _ears: list[asyncio.Task[None]] = field(default_factory=list)

    # --- a day in the town --------------------------------------------------------------------

    async def begin(self) -> None:
        """Start the desk; everybody writes once and gets his agent; then all talk at once."""
        assert await self.desk.start()
        await self.pages.person.sign_in()
        await asyncio.gather(*(self._first(talk) for talk in self.talks))
        async with asyncio.timeout(4 * PATIENCE):
            while not all(talk.thread for talk in self.talks):
                await self._look_for_threads()
                await asyncio.sleep(0.1)
        for talk in self.talks:
            self._expect_opening(talk)
            if isinstance(talk.customer, OnTheWeb):
                self._ears.append(asyncio.create_task(talk.customer.visitor.listen()))
            self._busy.append(asyncio.create_task(self._answer(talk)))
            asking = chat(talk.customer, partial(self._asked, talk), self._stop, _ASKS, first=2)
            self._busy.append(asyncio.create_task(asking))
        self._busy.append(asyncio.create_task(self._let_in()))

    async def end(self) -> History:
        """Nobody begins a new line; what was said is waited for. Gives all that was seen."""
        self._stop.set()
        async with asyncio.timeout(_CALM):
            await asyncio.gather(*self._busy)
        history = await self._calm()
        for ear in self._ears:
            ear.cancel()
        await asyncio.gather(*self._ears, return_exceptions=True)
        return history

    async def _first(self, talk: Talk) -> None:
        line = f"{talk.customer.code}-0001"
        await talk.customer.write(f"{line} to {talk.workspace}")
        self._asked(talk, line)

    async def _let_in(self) -> None:
        """Newcomers, each with one line for one of the workspaces; some bring a photo."""
        agents = {talk.workspace: talk.agent for talk in self.talks}
        for number in range(len(self.talks), _MOST_CUSTOMERS):
            if self._stop.is_set():
                return
            workspace = WORKSPACES[number % len(WORKSPACES)]
            customer = OnAPlatform(f"c{number:02}", self.around.shop)
            line = f"{customer.code}-0001"
            # Files stand on the pages as they are; chat platforms make posts of their own of them.
            await customer.write(f"{line} to {workspace}", photo=workspace == "local")
            newcomer = Talk(customer=customer, workspace=workspace, agent=agents[workspace])
            self.newcomers.append(newcomer)
            self._asked(newcomer, line)
            self._expect_opening(newcomer)
            await asyncio.sleep(_COMES)

    def _expect_opening(self, talk: Talk) -> None:
        if talk.workspace != "local":  # its pages show one thread for each conversation
            opening = reading.opening_of(talk.customer.code)
            place = reading.room_of(talk.workspace, talk.customer.code)
            self.said.append(Said(line=opening, to=place, at=time.time()))

    async def _look_for_threads(self) -> None:
        seen: dict[str, Mapping[str, str]] = {}
        for talk in (*self.talks, *self.newcomers):
            if talk.thread:
                continue
            if talk.workspace not in seen:
                seen[talk.workspace] = await talk.agent.threads()
            talk.thread = seen[talk.workspace].get(talk.customer.code, "")

    def _asked(self, talk: Talk, line: str) -> None:
        self.said.append(Said(line=line, to=thread_of(talk.customer.code), at=time.time()))

    async def _answer(self, talk: Talk) -> None:
        """Reply after reply to one customer."""
        code = talk.customer.code
        while not self._stop.is_set():
            talk.replies += 1
            line = f"r-{code}-{talk.replies:04}"
            said_at = time.time()
            await talk.agent.say(talk.thread, line)
            self.said.append(Said(line=line, to=chat_of(code), at=said_at))
            await asyncio.sleep(_ANSWERS)

    # --- what was seen ------------------------------------------------------------------------

    async def _calm(self) -> History:
        """Look until everything is where it belongs and nothing is under way, or for long."""
        until = time.monotonic() + _CALM
        while True:
            for ear in self._ears:
                if ear.done():  # it met what may not be, and hears nothing any more
                    ear.result()
            history = await self.history()
            seen = {each.line for each in history.shown} | {each.line for each in history.told}
            missing = any(each.line not in seen for each in self.said)
            if not (missing or await self.under_way()) or time.monotonic() > until:
                return history
            await asyncio.sleep(0.3)

    async def under_way(self) -> int:
        """Deliveries that are pending or sending."""
        states = await self.books.deliveries()
        return states["pending"] + states["sending"]

    async def history(self) -> History:
        """Everything that the ledgers and everybody's own clients say by now."""
        shown, told = await self._seen()
        return History(
            said=tuple(self.said),
            shown=shown,
            told=told,
            in_doubt=await self.books.in_doubt(),
            flagged=frozenset(self._flagged()),
            happened=tuple(self.desk.happened),
        )

    async def _seen(self) -> tuple[list[Shown], list[Told]]:
        around, folder = self.around, self.around.ledgers
        slack, told = reading.in_slack(read_ledger(folder / "slack"))
        discord, told_there = reading.in_discord(read_ledger(folder / "discord"))
        people = {one.wa_id: one.name for one in around.graph.world.customers.values()}
        shown = [*slack, *discord, *reading.on_a_platform(read_ledger(folder / "shop"))]
        shown += reading.on_whatsapp(read_ledger(folder / "graph"), people)
        users = {str(one.id): one.first_name for one in around.telegram.world.users.values()}
        shown += reading.on_telegram(read_ledger(folder / "telegram"), users)
        told += told_there
        await self._look_for_threads()
        for talk in (*self.talks, *self.newcomers):
            code = talk.customer.code
            if isinstance(talk.customer, OnTheWeb):
                heard = talk.customer.visitor.heard
                shown += [Shown(line=line, where=chat_of(code), at=0.0) for line in heard]
            if talk.workspace == "local" and talk.thread:
                here, told_here = reading.on_pages(code, await self.pages.reads(talk.thread))
                shown += here
                told += told_here
        return shown, told

    def _flagged(self) -> Iterator[str]:
        """Chats whose replies came late from their workspace, which the desk says.

        Where Slack itself brings a line a minute late it cannot be in its place either.
        """
        late = set(re.findall(r"late_lines.*?room_thread=['\"]?([\w.:/-]+)", self._log()))
        slack_tired = any(one.ok and one.attempt > 2 for one in self.around.slack.office.deliveries)
        for talk in self.talks:
            named = any(talk.thread in each for each in late)
            if named or (slack_tired and talk.workspace == "slack"):
                yield chat_of(talk.customer.code)

    def _log(self) -> str:
        return self.desk.log.read_text("utf-8", "replace")


@asynccontextmanager
async def town(
    folder: Path, through: Through = straight, database: str = ""
) -> AsyncIterator[Town]:
    """Everything is there, nothing has begun; nothing is left behind.

    Without `database`, the address of one on PostgreSQL, the desk keeps a SQLite file.
    """
    async with AsyncExitStack() as open_:
        port = open_.enter_context(kept_port())
        desk = Desk(folder, port, await open_.enter_async_context(Nursery.open()))
        around = await open_.enter_async_context(platforms(folder, desk.url, through, database))
        shop = await open_.enter_async_context(browser())
        pages = AtThePages(f"{desk.url}/desk", await open_.enter_async_context(browser()))
        agents: Mapping[str, Agent] = {
            "slack": InSlack(around.slack, around.ana, ROOM),
            "discord": InDiscord(around.discord, around.bia, ROOM),
            "local": pages,
        }
        talks = list(_talks(around, agents, shop, desk))
        open_.push_async_callback(desk.kill)
        books = Books(folder / "data" / "desk.db", database)
        yield Town(desk=desk, books=books, around=around, pages=pages, talks=talks)


def _talks(
    around: Platforms, agents: Mapping[str, Agent], http: aiohttp.ClientSession, desk: Desk
) -> Iterator[Talk]:
    """Somebody on every channel for every workspace."""
    pairs = [(channel, workspace) for channel in CHANNELS for workspace in WORKSPACES]
    for number, (channel, workspace) in enumerate(pairs):
        customer = _customer(f"c{number:02}", channel, around, http, desk)
        yield Talk(customer=customer, workspace=workspace, agent=agents[workspace])


def _customer(
    code: str, channel: str, around: Platforms, http: aiohttp.ClientSession, desk: Desk
) -> Customer:
    match channel:
        case "web":
            return OnTheWeb(code, http, f"{desk.url}/chat/web")
        case "whatsapp":
            wa_id = f"55119000000{code[1:]}"
            person = around.graph.customer(around.number, wa_id, code)
            return OnWhatsApp(code, around.graph, person)
        case "telegram":
            return OnTelegram(code, around.telegram, around.butler)
        case _:
            return OnAPlatform(code, around.shop)
