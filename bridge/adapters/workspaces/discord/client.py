"""The one way to Discord's REST API: one session, our own budgets, our own errors.

discord.py's own HTTP client sleeps with a bucket's lock held: an answer is handed over only when
the window is over, and a rename that waits keeps tags waiting (http.py, `Ratelimit.__aexit__`). It
also posts again by itself. So the library keeps the gateway, and what is called goes through here.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

import aiohttp
import msgspec

from bridge.adapters.common.own_session import OwnSession
from bridge.adapters.workspaces.discord.budget import Budgets
from bridge.adapters.workspaces.discord.errors import no_answer, refusal
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.domain.errors import TemporaryFailure
from bridge.domain.value import Value
from bridge.ports.clock import SystemClock
from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Replaced, never
from bridge.ports.outgoing import Connector
from bridge.ports.pace import Place, Urgency

Json: TypeAlias = dict[str, Any]  # Discord's own JSON; whoever asked reads it at once

_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_TIMEOUT_OF_FILES = aiohttp.ClientTimeout(total=600, sock_connect=10, sock_read=60)
_AT_ONCE = 200
_BANNED_FOR = 60.0
"""Seconds after an answer that is not Discord's own: Cloudflare thinks that we call too often."""
_IS_JSON = {"Content-Type": "application/json"}
_AGENT = "DiscordBot (https://github.com/deskbridge/deskbridge, 1)"


class Me(Value):
    """Who the bot is; `flags` are its application's, with the privileged intents."""

    user: str
    name: str
    application: str
    flags: int = 0


class DiscordClient(OwnSession):
    """Calls routes of the API. Open it inside the running loop."""

    def __init__(
        self,
        token: str,
        api_url: str,
        budgets: Budgets | None = None,
        replaced: Replaced = never,
    ) -> None:
        """Nothing is connected yet; without `budgets` it has those of a new bot."""
        super().__init__()
        self.budgets = Budgets(SystemClock()) if budgets is None else budgets
        self.token = token.strip()
        self._api_url = api_url.rstrip("/")
        self._replaced = replaced

    def _new_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            timeout=_TIMEOUT,
            connector=Connector(self._replaced, _AT_ONCE),
            headers={"Authorization": f"Bot {self.token}", "User-Agent": _AGENT},
        )

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
        answer = await self._call(to, body, query, form, urgency, place)
        return answer if isinstance(answer, dict) else {}

    async def many(
        self,
        to: Route,
        *,
        query: Mapping[str, str] | None = None,
        urgency: Urgency = Urgency.NOTICE,
    ) -> list[Json]:
        """As `call`, where the answer is a list."""
        answer = await self._call(to, None, query, None, urgency, None)
        return answer if isinstance(answer, list) else []

    async def _call(
        self,
        to: Route,
        body: object,
        query: Mapping[str, str] | None,
        form: aiohttp.FormData | None,
        urgency: Urgency,
        place: Place | None,
    ) -> object:
        room = place or await self.budgets.place(to, urgency)
        try:
            await room.begin()
            status, headers, answer = await self._send(to, body, query, form)
        finally:
            room.answered(self.budgets.way(to))
        if status == 429:
            raise self._too_many(to, headers, answer)
        self.budgets.heard(to, headers)
        if 200 <= status < 300:
            return answer
        if status >= 500:
            raise no_answer(to.once, f"Discord answered {to.key} with HTTP {status}")
        raise refusal(to.key, status, answer if isinstance(answer, dict) else {}, to.major)

    def _too_many(self, to: Route, headers: Mapping[str, str], answer: object) -> TemporaryFailure:
        """Never slept on here: what waits keeps its order with the desk."""
        said = answer if isinstance(answer, dict) else {}
        pause = float(said.get("retry_after") or headers.get("Retry-After") or _BANNED_FOR)
        scope = "global" if said.get("global") else headers.get("X-RateLimit-Scope", "user")
        self.budgets.refused(to, pause, scope)
        return TemporaryFailure(f"Discord: too many calls of {to.key} ({scope})", pause)

    async def _send(
        self,
        to: Route,
        body: object,
        query: Mapping[str, str] | None,
        form: aiohttp.FormData | None,
    ) -> tuple[int, Mapping[str, str], object]:
        data, headers = (form, None) if body is None else (msgspec.json.encode(body), _IS_JSON)
        failpoint("discord.send")
        try:
            async with self.session.request(
                to.method,
                self._api_url + to.path,
                data=data,
                params=query,
                headers=headers,
                timeout=_TIMEOUT if form is None else _TIMEOUT_OF_FILES,
            ) as response:
                answer = _decoded(await response.read())
                failpoint("discord.sent")
                return response.status, response.headers, answer
        except aiohttp.ClientConnectorError as error:
            raise TemporaryFailure(f"cannot reach Discord: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise no_answer(to.once, f"no answer to {to.key}: {error!r}") from error

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


def _decoded(body: bytes) -> object:
    """The answer; a page of a proxy, or nothing, is no answer."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
