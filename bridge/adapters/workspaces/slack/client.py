"""The one way to Slack's Web API: one session, our own retries, our own errors."""

from typing import Any, TypeAlias

import aiohttp
import msgspec
from slack_sdk.web.async_client import AsyncWebClient

from bridge.adapters.common.own_session import OwnSession
from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.errors import no_answer, refusal
from bridge.domain.errors import DeskbridgeError, StorageUnavailable, TemporaryFailure
from bridge.domain.value import Value
from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Replaced, never
from bridge.ports.outgoing import Connector
from bridge.ports.pace import Place, Urgency

Json: TypeAlias = dict[str, Any]  # Slack's own JSON; whoever asked reads it at once

_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_AT_ONCE = 200
_JSON_TYPE = "application/json; charset=utf-8"
# Slack takes JSON for these families only; every method takes a form.
_TAKES_JSON = ("chat.", "views.")


class Me(Value):
    """Who the app is in the workspace; `scopes` are those that were granted."""

    team: str
    team_name: str
    url: str
    user: str
    bot: str
    app: str = ""
    scopes: frozenset[str] = frozenset()


class SlackClient(OwnSession):
    """Calls methods of the Web API. Open it inside the running loop."""

    def __init__(
        self, token: str, base_url: str, budgets: Budgets, replaced: Replaced = never
    ) -> None:
        """Nothing is connected yet."""
        super().__init__()
        self.budgets = budgets
        self._token = token.strip()
        self._base_url = base_url if base_url.endswith("/") else f"{base_url}/"
        self._web: AsyncWebClient | None = None
        self._replaced = replaced
        self.scopes: frozenset[str] = frozenset()

    async def open(self) -> None:
        """Make the session that every call and Bolt share."""
        await super().open()
        # Its default handlers post a second time after a lost connection: never let them.
        self._web = AsyncWebClient(
            token=self._token,
            base_url=self._base_url,
            session=self.session,
            retry_handlers=[],
        )

    def _new_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            timeout=_TIMEOUT,
            connector=Connector(self._replaced, _AT_ONCE),
            json_serialize=lambda value: msgspec.json.encode(value).decode(),
        )

    @property
    def web(self) -> AsyncWebClient:
        """The SDK's client over the same session, for Bolt and the socket alone."""
        if self._web is None:
            raise StorageUnavailable("the workspace is not started")
        return self._web

    @property
    def authorization(self) -> dict[str, str]:
        """The header that proves us, for files."""
        return {"Authorization": f"Bearer {self._token}"}

    async def call(
        self,
        method: str,
        *,
        urgency: Urgency = Urgency.NOTICE,
        place: Place | None = None,
        **arguments: object,
    ) -> Json:
        """Call a method as soon as its budgets have room, and give its answer.

        `place` is room that was found before. None leaves an argument out. Raises
        `TemporaryFailure`, `OutcomeUnknown` (of `errors.ONCE` alone), `SlackRefusal`,
        `CredentialsRejected`.
        """
        given = {key: value for key, value in arguments.items() if value is not None}
        channel = str(given.get("channel") or given.get("channel_id") or "")
        room = place or await self.budgets.place(method, channel, urgency)
        await room.begin()
        try:
            status, retry_after, answer = await self._send(method, given)
        finally:
            room.answered()
        if status == 429 or answer.get("error") in ("ratelimited", "rate_limited"):
            pause = 1.0 if retry_after is None else retry_after
            self.budgets.refused(method, channel, pause)
            raise TemporaryFailure(f"Slack: too many calls of {method}", pause)
        if "ok" not in answer:
            raise _no_json(method, status)
        if answer.get("ok") is not True:
            raise refusal(method, answer, channel)
        return answer

    async def _send(self, method: str, given: dict[str, object]) -> tuple[int, float | None, Json]:
        as_json = method.startswith(_TAKES_JSON)
        headers = self.authorization | ({"Content-Type": _JSON_TYPE} if as_json else {})
        body = msgspec.json.encode(given) if as_json else _form(given)
        failpoint("slack.send")
        try:
            async with self.session.post(
                self._base_url + method, data=body, headers=headers
            ) as response:
                self._remember_scopes(response)
                retry_after = _seconds(response.headers.get("Retry-After"))
                answer = _decoded(await response.read())
                failpoint("slack.sent")
                return response.status, retry_after, answer
        except aiohttp.ClientConnectorError as error:
            raise TemporaryFailure(f"cannot reach Slack: {error}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise no_answer(method, f"no answer to {method}: {error!r}") from error

    def _remember_scopes(self, response: aiohttp.ClientResponse) -> None:
        scopes = response.headers.get("X-OAuth-Scopes")
        if scopes:
            self.scopes = frozenset(scope.strip() for scope in scopes.split(","))

    async def who_am_i(self) -> Me:
        """Who the token makes us. Raises `CredentialsRejected`."""
        answer = await self.call("auth.test")
        bot = str(answer.get("bot_id") or "")
        return Me(
            team=str(answer["team_id"]),
            team_name=str(answer.get("team") or ""),
            url=str(answer.get("url") or ""),
            user=str(answer["user_id"]),
            bot=bot,
            app=str(answer.get("app_id") or "") or await self._app_of(bot),
            scopes=self.scopes,
        )

    async def _app_of(self, bot: str) -> str:
        if not bot:
            return ""
        answer = await self.call("bots.info", bot=bot)
        return str(answer["bot"].get("app_id") or "")


def _no_json(method: str, status: int) -> DeskbridgeError:
    """Something between us and Slack answered instead; unless it refused, Slack may have heard."""
    said = f"Slack answered {method} with HTTP {status} and no JSON"
    return TemporaryFailure(said) if 300 <= status < 500 else no_answer(method, said)


def _form(given: dict[str, object]) -> dict[str, str]:
    return {key: _field(value) for key, value in given.items()}


def _field(value: object) -> str:
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _decoded(body: bytes) -> Json:
    """The answer; a page of a proxy, or nothing, is no answer."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _seconds(header: str | None) -> float | None:
    try:
        return None if header is None else max(0.0, float(header))
    except ValueError:
        return None
