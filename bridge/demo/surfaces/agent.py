"""An agent at the local workspace: opens its pages, fills its forms, presses its buttons."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from uuid import uuid4

import aiohttp

from bridge.demo.surfaces.events import JSON, Told, told
from bridge.demo.surfaces.html import Element, read_page
from bridge.demo.surfaces.patience import until
from bridge.domain.value import Value

_PROGRAM = {"Accept": "application/json"}


class Answered(Value):
    """What a command was answered with."""

    ok: bool
    code: str
    text: str


class Listed(Value):
    """One conversation in a list."""

    number: int
    customer: str
    line: str
    thread: str
    takes: bool


class AgentBrowser:
    """One browser with one person in it; its cookies are its own."""

    def __init__(self, url: str, name: str, language: str = "en") -> None:
        """Nothing is opened yet."""
        self.name = name
        self._url = url
        self._csrf = ""
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # 127.0.0.1 may have cookies too
            headers={"Accept-Language": language, "Origin": url},
            timeout=aiohttp.ClientTimeout(total=15),
        )

    async def close(self) -> None:
        """Shut the browser."""
        await self._http.close()

    # --- coming in --------------------------------------------------------------------------

    async def enter_demo(self, handle: str) -> None:
        """Be one of the demo's people."""
        await self.page(f"/desk/demo/sign-in/{handle}?next=/desk/account")
        await self.who()

    async def who(self) -> JSON:
        """Who is signed in here, as the workspace says."""
        session = await self.data("/desk/session")
        self._csrf = session["csrf"]
        return session

    async def submit(self, path: str, **fields: str) -> tuple[int, Element]:
        """Send a form; the status and the page that follows."""
        await self.who()
        form = {**fields, "csrf": self._csrf}
        async with self._http.post(self._url + path, data=form) as answer:
            return answer.status, read_page(await answer.text())

    # --- looking ----------------------------------------------------------------------------

    async def page(self, path: str, **query: str) -> Element:
        """A page as it is shown now."""
        headers = {"Accept": "text/html"}
        async with self._http.get(self._url + path, params=query, headers=headers) as answer:
            answer.raise_for_status()
            return read_page(await answer.text())

    async def data(self, path: str, **query: str) -> JSON:
        """The same for a program."""
        async with self._http.get(self._url + path, params=query, headers=_PROGRAM) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def waiting(self) -> list[Listed]:
        """The customers who wait for this agent, as his home lists them."""
        return await self._listed("home-waiting")

    async def holding(self) -> list[Listed]:
        """The conversations he is in control of, as his home lists them."""
        return await self._listed("home-mine")

    async def in_control(self, of: str, fits: Callable[[Listed], bool]) -> Listed:
        """The one of his own that fits, once he may write in its thread. Raises `NotSeen`."""
        rows = await until(
            f"{self.name}'s home lists {of} as his",
            self.holding,
            lambda rows: any(fits(row) and row.thread for row in rows),
        )
        row = next(filter(fits, rows))
        await until(
            f"{self.name} may write in the thread of {of}",
            lambda: self.data(f"/desk/threads/{row.thread}"),
            lambda thread: thread["writable"],
        )
        return row

    async def _listed(self, section: str) -> list[Listed]:
        lists = (await self.page("/desk/home")).part(id="home-lists")
        for each in lists.parts("section"):
            if each.attributes.get("aria-labelledby") == section:
                return [_listed(row) for row in each.parts("li", css="row")]
        return []

    async def room(self, room: str) -> list[Element]:
        """The rows of a room, as they stand there."""
        return list((await self.page(f"/desk/rooms/{room}")).parts("li", css="row"))

    @asynccontextmanager
    async def live(self, thread: str = "") -> AsyncIterator[AsyncIterator[Told]]:
        """A page that is left open, on a thread if one is named; gives what it is told."""
        query = {"after": "0.0", **({"thread": thread} if thread else {})}
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._http.get(
            f"{self._url}/desk/live", params=query, timeout=timeout
        ) as answer:
            answer.raise_for_status()
            yield told(answer.content)

    # --- acting -----------------------------------------------------------------------------

    async def writes(self, thread: str, text: str) -> JSON:
        """Write in a thread; the workspace's answer."""
        return await self._post(f"/desk/threads/{thread}/messages", {"text": text})

    async def runs(
        self,
        command: str,
        text: str = "",
        *,
        thread: str = "",
        confirmed: bool = False,
        arguments: Mapping[str, str] | None = None,
    ) -> Answered:
        """Run a command, by its words or its form's fields."""
        form = {"command": command, "text": text, "thread": thread}
        form |= {f"arg.{name}": value for name, value in (arguments or {}).items()}
        if confirmed:
            form["confirmed"] = "yes"
        answer = await self._post("/desk/invoke", form)
        return Answered(ok=answer["ok"], code=answer["code"], text=answer["text"])

    async def _post(self, path: str, fields: Mapping[str, str]) -> JSON:
        form = {"key": uuid4().hex, **fields}
        headers = {**_PROGRAM, "X-CSRF-Token": self._csrf}
        async with self._http.post(self._url + path, data=form, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.json()


def _listed(row: Element) -> Listed:
    link = row.part("a", css="row-main")
    about = link.part(css="muted").words
    number = about.partition("#")[2].split()
    before, _, thread = link.attributes.get("href", "").rpartition("/")
    return Listed(
        number=int(number[0]) if number else 0,
        customer=link.part("b").words,
        line=link.part(css="row-line").words,
        thread=thread if before == "/desk/threads" else "",
        takes=any(each.attributes.get("data-invoke") == "take" for each in row.parts("button")),
    )
