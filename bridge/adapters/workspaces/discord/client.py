"""The one way to Discord's REST API: one session, our own budgets, our own errors.

discord.py's own HTTP client sleeps with a bucket's lock held: an answer is handed over only when
the window is over, and a rename that waits keeps tags waiting (http.py, `Ratelimit.__aexit__`). It
also posts again by itself. So the library keeps the gateway, and what is called goes through here.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TypeAlias

import aiohttp
import msgspec

from bridge.adapters.workspaces.discord.errors import no_answer, refusal
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.domain.errors import DeskbridgeError, TemporaryFailure
from bridge.domain.value import Value
from bridge.ports.pace import Place, Urgency

Json: TypeAlias = dict[str, Any]  # Discord's own JSON; whoever asked reads it at once

_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_AT_ONCE = 200
_AGENT = "DiscordBot (https://github.com/deskbridge/deskbridge, 1)"


class Me(Value):
    """Who the bot is; `flags` are its application's, with the privileged intents."""

    user: str
    name: str
    application: str
    flags: int = 0


class DiscordClient:
    """Calls routes of the API. Open it inside the running loop."""

    def __init__(self, token: str, api_url: str) -> None:
        """Nothing is connected yet."""
        self.token = token.strip()
        self._api_url = api_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        self._session = aiohttp.ClientSession(
            timeout=_TIMEOUT,
            connector=aiohttp.TCPConnector(limit=_AT_ONCE),
            headers={"Authorization": f"Bot {self.token}", "User-Agent": _AGENT},
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> "DiscordClient":
        """Open it."""
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session, for files."""
        if self._session is None or self._session.closed:
            raise TemporaryFailure("the workspace is not started")
        return self._session

    async def call(
        self,
        to: Route,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        form: aiohttp.FormData | None = None,
        urgency: Urgency = Urgency.NOTICE,
        place: Place | None = None,
    ) -> Json:
        """Call a route as soon as its budgets have room, and give its answer; `{}` for none.

        `place` is room that was found before. Raises `TemporaryFailure`, `OutcomeUnknown` (where
        `Route.once`), `DiscordRefusal`, `CredentialsRejected`.
        """
        answer = await self._call(to, body, query, form)
        return answer if isinstance(answer, dict) else {}

    async def many(
        self,
        to: Route,
        *,
        query: Mapping[str, str] | None = None,
        urgency: Urgency = Urgency.NOTICE,
    ) -> list[Json]:
        """As `call`, where the answer is a list."""
        answer = await self._call(to, None, query, None)
        return answer if isinstance(answer, list) else []

    async def _call(
        self,
        to: Route,
        body: object,
        query: Mapping[str, str] | None,
        form: aiohttp.FormData | None,
    ) -> object:
        status, answer = await self._send(to, body, query, form)
        if 200 <= status < 300:
            return answer
        said = answer if isinstance(answer, dict) else {}
        if status == 429:
            raise TemporaryFailure(
                f"Discord: too many calls of {to.key}", float(said.get("retry_after", 5.0))
            )
        if status >= 500:
            raise no_answer(to.once, f"Discord answered {to.key} with HTTP {status}")
        raise refusal(to.key, status, said, to.major)

    async def _send(
        self,
        to: Route,
        body: object,
        query: Mapping[str, str] | None,
        form: aiohttp.FormData | None,
    ) -> tuple[int, object]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        data = msgspec.json.encode(body) if body is not None else form
        try:
            async with self.session.request(
                to.method, self._api_url + to.path, data=data, params=query, headers=headers
            ) as response:
                return response.status, _decoded(await response.read())
        except aiohttp.ClientConnectorError as error:
            raise TemporaryFailure(f"cannot reach Discord: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _lost(to, error) from error

    async def who_am_i(self) -> Me:
        """Who the token makes us. Raises `CredentialsRejected`."""
        user, application = await asyncio.gather(
            self.call(route("GET", "/users/@me")),
            self.call(route("GET", "/applications/@me")),
        )
        return Me(
            user=str(user["id"]),
            name=str(user.get("global_name") or user.get("username") or ""),
            application=str(application["id"]),
            flags=int(application.get("flags") or 0),
        )


def _lost(to: Route, error: Exception) -> DeskbridgeError:
    return no_answer(to.once, f"no answer to {to.key}: {error!r}")


def _decoded(body: bytes) -> object:
    """The answer; a page of a proxy, or nothing, is no answer."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
