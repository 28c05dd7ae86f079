"""Talks to the desk: the one that runs, or one that is started for a moment."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import aiohttp

from bridge.app import build
from bridge.app.lock import running
from bridge.cli.ask import Client, Json
from bridge.cli.terminal import terminal_language
from bridge.domain.errors import DeskbridgeError
from bridge.settings import Settings
from bridge.settings.key import OPERATOR, desk_key
from bridge.web.tokens import operator_token

T = TypeVar("T")


class DeskRefused(DeskbridgeError):
    """The desk said no; the text says why."""


class HttpClient:
    """The API with the operator's token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        """`url` is where the desk listens."""
        self._session = session
        self._url = url
        language = terminal_language().replace("_", "-")
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    async def get(self, path: str, **query: str | int | None) -> Json:
        """Read."""
        return await self._call("GET", path, None, query)

    async def send(self, method: str, path: str, body: Json | None = None) -> Json:
        """Change."""
        return await self._call(method, path, body, {})

    async def _call(
        self, method: str, path: str, body: Json | None, query: dict[str, str | int | None]
    ) -> Json:
        given = {name: value for name, value in query.items() if value is not None}
        url = self._url + path
        try:
            async with self._session.request(
                method, url, json=body, params=given, headers=self._headers
            ) as response:
                if response.status == 204:
                    return {}
                answer: Json = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            raise DeskRefused(f"the desk at {self._url} does not answer: {failure}") from failure
        if "error" in answer:
            raise DeskRefused(answer["error"]["message"])
        return answer


async def ask_desk(settings: Settings, work: Callable[[Client], Awaitable[T]]) -> T:
    """Do this with the desk of these settings. Raises `DeskRefused` when it says no."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session, _reach(settings) as place:
        return await work(HttpClient(session, *place))


@asynccontextmanager
async def _reach(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """The address and the operator's token of a desk that answers."""
    desk = running(settings.data_dir)
    if desk is not None:
        if not desk.url:
            raise DeskRefused("the desk is just starting or stopping: try again in a moment")
        key = desk_key(settings.data_dir)
        yield desk.url, operator_token(key.secret(OPERATOR))
        return
    # None runs: its engine is started for a moment, so that the same code decides.
    async with await build(settings, host="127.0.0.1", port=0, serving=False) as app:
        yield app.url, app.operator
