"""Customers on every kind of channel: one line at a time, sent again until it is taken."""

import asyncio
from collections.abc import Callable
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

import aiohttp

from bridge.simulators.connector.platform import Platform
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.simulator import GraphSimulator
from bridge.simulators.telegram.records import Bot
from bridge.simulators.telegram.simulator import TelegramSimulator
from tests.crash.people import Customer as Visitor
from tests.crash.people import until_taken

_AGAIN = (aiohttp.ClientError, asyncio.TimeoutError, OSError)
PHOTO = "/photo.png"
"""Where the connected platform has its customers' file."""
_PAUSE = 0.05
_ALWAYS = 86_400.0


class Customer(Protocol):
    """Somebody on a channel."""

    @property
    def code(self) -> str:
        """His name, by which everything of his is known: `c07`."""
        ...

    async def write(self, line: str) -> None:
        """Say it; returns when the desk has taken it, however often it dies meanwhile."""
        ...


class OnTheWeb:
    """A visitor of the web chat; his own page is what he saw."""

    def __init__(self, code: str, http: aiohttp.ClientSession, url: str) -> None:
        """His chat is at this address."""
        self.code = code
        self.visitor = Visitor(code, http, url)

    async def write(self, line: str) -> None:
        """See `Customer.write`."""
        body = {"id": str(uuid5(NAMESPACE_URL, line)), "text": line, "name": self.code}
        visitor = self.visitor
        address = f"{visitor.url}/messages"
        await until_taken(visitor.http, address, visitor.proof(), json=body)


class OnWhatsApp:
    """Somebody with a telephone; Graph brings his lines again until they are taken."""

    def __init__(self, code: str, graph: GraphSimulator, person: Person) -> None:
        """He has the number in his address book."""
        self.code = code
        self._graph = graph
        self._person = person

    async def write(self, line: str) -> None:
        """See `Customer.write`."""
        looked_at = len(self._graph.office.taken)
        sent = (await self._person.writes(line)).id.encode()

        def taken() -> bool:
            nonlocal looked_at
            new = self._graph.office.taken[looked_at:]
            looked_at += len(new)
            return any(sent in envelope.body for envelope in new)

        await self._graph.until(taken, _ALWAYS)


class OnTelegram:
    """Somebody with a telephone; Telegram keeps his lines until the bot has confirmed them."""

    def __init__(self, code: str, telegram: TelegramSimulator, bot: Bot) -> None:
        """He has started the bot."""
        self.code = code
        self._telegram = telegram
        self._mail = telegram.world.mail[bot.id]
        self._person = telegram.person(bot, code)

    async def write(self, line: str) -> None:
        """See `Customer.write`."""
        await self._person.writes(line)
        await self._telegram.until(
            lambda: not any(line in repr(update) for update in self._mail.waiting), _ALWAYS
        )


class OnAPlatform:
    """A customer of a connected platform, which tells the desk again until it is taken."""

    def __init__(self, code: str, platform: Platform) -> None:
        """The platform knows him by his code."""
        self.code = code
        self._platform = platform

    async def write(self, line: str, photo: bool = False) -> None:
        """See `Customer.write`."""
        event = self._platform.line(self.code, line)
        event["data"]["customer"]["name"] = self.code
        if photo:
            event["data"]["media"] = [{"url": f"{self._platform.base}{PHOTO}"}]
        while True:
            if await self._taken(event, f"evt-{line}"):
                return
            await asyncio.sleep(_PAUSE)

    async def _taken(self, event: object, key: str) -> bool:
        try:
            status, said = await self._platform.tell(event, key=key)
        except _AGAIN:
            return False
        assert status in (200, 202, 429, 503), f"{status}: {said}"
        return status < 300


async def chat(
    customer: Customer,
    said: Callable[[str], None],
    stop: asyncio.Event,
    pause: float,
    first: int = 1,
) -> None:
    """Line after line until told to stop; the last one is seen through."""
    number = first
    while not stop.is_set():
        line = f"{customer.code}-{number:04}"
        await customer.write(line)
        said(line)
        number += 1
        await asyncio.sleep(pause)
