"""People who do not give up: every line has its key and is sent again until it is taken."""

import asyncio
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

import aiohttp

from bridge.demo.surfaces.events import told
from tests.crash.desk import SECRET

_AGAIN = (aiohttp.ClientError, asyncio.TimeoutError, OSError)
_PAUSE = 0.03


def proof(customer: str) -> dict[str, str]:
    """The shop's signature under a customer's id."""
    signed = hmac.new(SECRET.encode(), customer.encode(), hashlib.sha256).hexdigest()
    return {"X-Deskbridge-Customer": customer, "X-Deskbridge-Signature": signed}


@dataclass(slots=True)
class Customer:
    """A customer of the shop; his lines are numbered `c3-0042`."""

    name: str
    http: aiohttp.ClientSession
    url: str
    taken: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    last: str = "0"

    def proof(self) -> dict[str, str]:
        """The shop's signature under his id."""
        return proof(self.name)

    async def write(self, stop: asyncio.Event) -> None:
        """Line after line until told to stop; the last one is seen through."""
        while True:
            line = f"{self.name}-{len(self.taken) + 1:04}"
            body = {"id": str(uuid5(NAMESPACE_URL, line)), "text": line, "name": self.name}
            await until_taken(self.http, f"{self.url}/messages", self.proof(), json=body)
            self.taken.append(line)
            if stop.is_set():
                return
            await asyncio.sleep(0.005)

    async def listen(self) -> None:
        """Keep the chat open: after every break it goes on behind the last event it had."""
        while True:
            try:
                await self._listen()
            except _AGAIN:
                await asyncio.sleep(_PAUSE)

    async def _listen(self) -> None:
        headers = self.proof() | {"Last-Event-ID": self.last}
        timeout = aiohttp.ClientTimeout(total=None)
        async with self.http.get(f"{self.url}/stream", headers=headers, timeout=timeout) as answer:
            answer.raise_for_status()
            async for event in told(answer.content):
                self.heard += re.findall(rf"'(r-{self.name}-\d{{4}})'", str(event.data))
                self.last = event.id or self.last


@dataclass(slots=True)
class Agent:
    """An agent at his pages; his replies to `c3` are numbered `r-c3-0042`."""

    handle: str
    http: aiohttp.ClientSession
    url: str
    taken: dict[str, list[str]] = field(default_factory=dict)
    _csrf: str = ""

    async def sign_in(self) -> None:
        """Be this agent of the test's desk, also after a restart."""
        while True:
            try:
                async with self.http.get(f"{self.url}/demo/sign-in/{self.handle}") as answer:
                    await answer.read()
                async with self.http.get(f"{self.url}/session") as answer:
                    self._csrf = (await answer.json())["csrf"]
                return
            except (*_AGAIN, KeyError, ValueError):
                await asyncio.sleep(_PAUSE)

    async def threads(self) -> dict[str, str]:
        """The threads that he holds, by the customer's name."""
        async with self.http.get(f"{self.url}/home") as answer:
            page = await answer.text()
        found = re.findall(r'href="/desk/threads/([^"]+)"(.*?)</a>', page, re.DOTALL)
        named = ((re.search(r"\b(c\d+)\b", inner), ref) for ref, inner in found)
        return {name.group(1): ref for name, ref in named if name is not None}

    async def reply(self, customer: str, thread: str, stop: asyncio.Event) -> None:
        """Reply after reply to one customer until told to stop."""
        number, taken = 0, self.taken.setdefault(customer, [])
        while not stop.is_set():
            number += 1
            line = f"r-{customer}-{number:04}"
            await self.says(thread, line)
            taken.append(line)
            await asyncio.sleep(0.01)

    async def says(self, thread: str, line: str) -> None:
        """One line in a thread; returns when it is taken."""
        headers = {"X-CSRF-Token": self._csrf, "Origin": self.url.removesuffix("/desk")}
        headers["Accept"] = "application/json"
        form = {"key": line, "text": line}
        await until_taken(self.http, f"{self.url}/threads/{thread}/messages", headers, data=form)


async def until_taken(
    http: aiohttp.ClientSession, url: str, headers: dict[str, str], **body: object
) -> None:
    """Post it again and again until it is answered with 200."""
    while True:
        try:
            async with http.post(url, headers=headers, **body) as answer:  # type: ignore[arg-type]
                await answer.read()
                if answer.status == 200:
                    return
                assert answer.status in (429, 503), f"{answer.status}: {await answer.text()}"
        except _AGAIN:
            pass
        await asyncio.sleep(_PAUSE)
