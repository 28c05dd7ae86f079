"""A customer at the web chat: writes, presses buttons and reads, over the widget's own protocol."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import aiohttp
import msgspec

from bridge.demo.surfaces.events import JSON, told
from bridge.demo.surfaces.patience import PATIENCE, NotSeen
from bridge.domain.text import FormattedText, to_plain
from bridge.domain.value import Value


class Seen(Value):
    """A line on the customer's screen."""

    id: str
    by: str
    name: str
    text: str
    choices: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


class CustomerBrowser:
    """One customer with the chat open; what comes down his stream is on his screen."""

    def __init__(self, http: aiohttp.ClientSession, url: str, name: str, language: str) -> None:
        """Use `visit` or `signed`, which also prove who he is."""
        self.name = name
        self.address = ""
        self.screen: list[Seen] = []
        self._http = http
        self._url = url
        self._language = language
        self._proof: dict[str, str] = {}
        self._changed = asyncio.Condition()

    # --- who he is --------------------------------------------------------------------------

    async def come(self) -> None:
        """Be a visitor whom nobody knows."""
        async with self._http.post(f"{self._url}/session", json={}) as answer:
            answer.raise_for_status()
            body = await answer.json()
        self.address = body["visitor"]
        self._proof = {"Authorization": f"Bearer {body['token']}"}

    @asynccontextmanager
    async def looking(self) -> AsyncIterator["CustomerBrowser"]:
        """The chat is open as long as the block runs."""
        ready = asyncio.Event()
        reading = asyncio.create_task(self._read(ready))
        try:
            async with asyncio.timeout(PATIENCE):
                await ready.wait()
            yield self
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, ready: asyncio.Event) -> None:
        timeout = aiohttp.ClientTimeout(total=None)
        stream = self._http.get(f"{self._url}/stream", headers=self._proof, timeout=timeout)
        async with stream as answer:
            answer.raise_for_status()
            async for event in told(answer.content):
                if event.name == "message":
                    await self._show(event.data)
                elif event.name == "ready":
                    ready.set()

    async def _show(self, line: JSON) -> None:
        choices = line.get("choices", ())
        seen = Seen(
            id=line["id"],
            by=line["from"],
            name=line.get("name", ""),
            text=to_plain(msgspec.convert(line.get("text", ()), FormattedText)),
            choices=tuple(each["label"] for each in choices),
            ids=tuple(each["id"] for each in choices),
        )
        async with self._changed:
            self.screen.append(seen)
            self._changed.notify_all()

    # --- what he does -----------------------------------------------------------------------

    async def says(self, text: str, **fields: str) -> None:
        """Write a line; it is taken when this returns."""
        body = {
            "id": str(uuid4()),
            "text": text,
            "name": self.name,
            "language": self._language,
            **fields,
        }
        async with self._http.post(
            f"{self._url}/messages", json=body, headers=self._proof
        ) as answer:
            answer.raise_for_status()

    async def presses(self, label: str) -> None:
        """Press a button under the last line that has it."""
        line = await self.sees(
            f"a button “{label}”", lambda seen: label in seen.choices, newest=True
        )
        await self.says(label, choice=line.ids[line.choices.index(label)], reply_to=line.id)

    # --- what he sees -----------------------------------------------------------------------

    async def hears(self, words: str, *, by: str = "", within: float = PATIENCE) -> Seen:
        """A line with these words, from this sort of author. Raises `NotSeen`."""
        return await self.sees(
            f"the customer reads “{words}”",
            lambda seen: words in seen.text and by in ("", seen.by),
            within=within,
        )

    async def sees(
        self,
        expected: str,
        fits: Callable[[Seen], bool],
        *,
        newest: bool = False,
        within: float = PATIENCE,
    ) -> Seen:
        """The first line that fits, or the newest; waits for it. Raises `NotSeen`."""
        try:
            async with asyncio.timeout(within), self._changed:
                await self._changed.wait_for(lambda: any(map(fits, self.screen)))
        except TimeoutError:
            last = self.screen[-1].text if self.screen else "an empty chat"
            raise NotSeen(expected, f"the last line is “{last}”") from None
        return next(filter(fits, reversed(self.screen) if newest else self.screen))

    def lines(self, by: str) -> list[str]:
        """What one sort of author said on his screen, oldest first."""
        return [seen.text for seen in self.screen if seen.by == by]


def signature(secret: str, customer: str) -> str:
    """What a site's server gives its page to prove who its customer is."""
    return hmac.new(secret.encode(), customer.encode(), hashlib.sha256).hexdigest()
