"""Customers and agents of a desk with many doors: what they do is sent until it is taken."""

import asyncio
import random
import re
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

from tests.crash.people import proof
from tests.crash.replicas.doors import Answered, Doors
from tests.crash.replicas.shop import EVENTS, Shop

CHAT = "/chat/web"
_MINE = re.compile(
    r'href="/desk/threads/(?P<thread>[^"]+)".*?<b>(?P<customer>[cz]\d+)</b>.*?#(?P<number>\d+)',
    re.DOTALL,
)
_MOST_LINES = 3
"""That somebody writes for each answer."""
_GONE = (404, 409)
"""The thread is not his any more."""


def is_at_the_shop(name: str) -> bool:
    """Every second customer; the others are on the web chat."""
    return name[0] == "c" and int(name[1:]) % 2 == 1


@dataclass(slots=True)
class Customer:
    """He writes, is served, and begins a new conversation with his next line."""

    name: str
    doors: Doors
    chance: random.Random
    shop: Shop | None = None
    """Where every second one writes; without it he is on the web chat."""
    pause: float = 0.3
    """Seconds between two lines, on average."""
    replies: "Replies | None" = None
    """What he was answered; he does not write for ever to somebody who does not answer."""
    taken: list[str] = field(default_factory=list)

    async def writes(self, closing: asyncio.Event) -> None:
        """Line after line, until the shop closes."""
        while not closing.is_set():
            if not self._is_tired():
                self.taken.append(await self.writes_once())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._thinks()):
                    await closing.wait()

    def next(self) -> str:
        """What he says next."""
        return f"{self.name}-{len(self.taken) + 1:04}"

    async def writes_once(self) -> str:
        """His next line, which is taken when this returns."""
        line = self.next()
        if self.shop is not None and is_at_the_shop(self.name):
            said, headers = self.shop.event(self.name, line)
            answered = await self.doors.ask("POST", EVENTS, headers, bytes_=said)
            assert answered.status in (200, 202), answered
            return line
        body = {"id": str(uuid5(NAMESPACE_URL, line)), "text": line, "name": self.name}
        answered = await self.doors.ask("POST", f"{CHAT}/messages", proof(self.name), body=body)
        answered.value()
        return line

    def _is_tired(self) -> bool:
        if self.replies is None:
            return False
        return len(self.taken) >= _MOST_LINES * (1 + len(self.replies.taken[self.name]))

    def _thinks(self) -> float:
        return self.pause * self.chance.uniform(0.4, 1.6)


@dataclass(slots=True)
class Replies:
    """What agents wrote to each customer: what was begun, and what was taken, in order."""

    begun: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    taken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    untaken: dict[str, str] = field(default_factory=dict)
    """Those that were answered otherwise, and how."""

    def next(self, customer: str) -> str:
        """The next reply to him."""
        self.begun[customer] += 1
        return f"r-{customer}-{self.begun[customer]:04}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A conversation that an agent has."""

    customer: str
    thread: str
    number: str


@dataclass(slots=True)
class Agent:
    """He answers who is given to him, and then returns him, or gives him to somebody else."""

    handle: str
    doors: Doors
    chance: random.Random
    replies: Replies
    others: tuple[str, ...]
    """Queues and colleagues that he transfers to."""
    pause: float = 0.1
    """Seconds between two looks at his home page, on average."""
    done: int = 0
    csrf: str = ""

    async def joins(self, way_in: str) -> None:
        """Use an invitation, and take conversations from now on."""
        await self._prove()
        form = {"name": self.handle.title(), "password": f"{self.handle} likes long passwords"}
        joined = await self.doors.ask("POST", way_in, self._headers(), form=form)
        assert joined.status == 303, joined
        await self._prove()
        assert (await self.runs("available", "on")).value()["ok"]

    async def works(self, closing: asyncio.Event, over: asyncio.Event) -> None:
        """Until all is over; when the shop closes everybody is returned."""
        while not over.is_set():
            began = time.monotonic()
            mine = await self.holds()
            took = time.monotonic() - began
            for held in mine:
                await self.answers(held)
                await self.goes_on_with(held, 1.0 if closing.is_set() else self.chance.random())
            # Where a page takes its time everybody looks less often.
            await asyncio.sleep(max(self.pause, 2 * took) * self.chance.uniform(0.5, 1.5))

    async def holds(self) -> list[Held]:
        """Whom he has, as his home page says."""
        home = await self.doors.ask("GET", "/desk/home", {"HX-Request": "true"})
        assert home.status == 200, home
        mine = home.text.partition('id="home-mine"')[2]
        return [Held(**found.groupdict()) for found in _MINE.finditer(mine)]

    async def answers(self, held: Held) -> None:
        """A reply."""
        line = self.replies.next(held.customer)
        form = {"key": f"{self.handle}-{line}", "text": line}
        path = f"/desk/threads/{held.thread}/messages"
        answered = await self.doors.ask("POST", path, self._headers(), form=form)
        if answered.status in _GONE:
            self.replies.untaken[line] = f"HTTP {answered.status}"
            return
        message = answered.value()["message"]
        assert isinstance(message, dict)
        if message["accepted"] and "not_crossed" not in message["marks"]:
            self.replies.taken[held.customer].append(line)
        else:
            self.replies.untaken[line] = f"{message}"

    async def goes_on_with(self, held: Held, what: float) -> None:
        """Keep him, give him away, or return him to the bot, which ends the conversation."""
        if what > 0.5:
            await self.runs("return-to-bot", "", held.number)
        elif what > 0.25:
            await self.runs("transfer", self.chance.choice(self.others), held.number)

    async def runs(self, command: str, text: str, number: str = "") -> Answered:
        """A command; that it was refused is an answer, too."""
        self.done += 1
        key = f"{self.handle}-{self.done:06}"
        form = {"key": key, "command": command, "text": text, "number": number, "confirmed": "yes"}
        answered = await self.doors.ask("POST", "/desk/invoke", self._headers(), form=form)
        answered.value()
        return answered

    async def _prove(self) -> None:
        session = await self.doors.ask("GET", "/desk/session")
        self.csrf = str(session.value()["csrf"])

    def _headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf, "Accept": "application/json"}
