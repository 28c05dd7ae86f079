"""The one way to Graph: our errors, and nothing tried twice."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import aiohttp
import msgspec

from bridge.adapters.channels.whatsapp.errors import GraphError, of_answer
from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings
from bridge.domain.errors import DeskbridgeError, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import Instant
from bridge.domain.value import Value
from bridge.ports.failpoints import failpoint

Json: TypeAlias = dict[str, Any]  # Graph's own JSON; whoever asked reads it at once
T = TypeVar("T")

_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_UPLOAD = aiohttp.ClientTimeout(total=300, sock_connect=10)
_encode = msgspec.json.Encoder().encode


class _Failed(msgspec.Struct):
    error: GraphError


class Called(msgspec.Struct):
    """Who was written to, by the names that Graph knows."""

    wa_id: str = ""
    user_id: str = ""


class Named(msgspec.Struct):
    """Something with an id."""

    id: str


class Answer(msgspec.Struct):
    """What Graph says to a message."""

    messages: list[Named] = []
    contacts: list[Called] = []


class Graph:
    """Calls Graph for one number."""

    def __init__(
        self, settings: WhatsAppSettings, http: Callable[[], aiohttp.ClientSession]
    ) -> None:
        """Nothing is connected yet."""
        self._http = http
        self.base = settings.graph_url
        self.number = settings.phone_number_id
        self.account = settings.business_account_id
        self._root = f"{settings.graph_url}/{settings.graph_version}"
        self._headers = {"Authorization": f"Bearer {settings.access_token.get_secret_value()}"}

    async def send(self, message: Mapping[str, object]) -> Answer:
        """`POST messages`. Raises our delivery errors; `OutcomeUnknown` when no answer came."""
        headers = {**self._headers, "Content-Type": "application/json"}
        url = f"{self._root}/{self.number}/messages"
        request = self._http().post(url, data=_encode(message), headers=headers, timeout=_TIMEOUT)
        failpoint("whatsapp.send")
        body = await _body(request)
        failpoint("whatsapp.sent")
        return _decoded(body, Answer)

    async def get(self, path: str, into: type[T], params: Mapping[str, str] | None = None) -> T:
        """Read something. Raises `TemporaryFailure`, `CredentialsRejected`, `DeliveryRejected`."""
        request = self._http().get(
            f"{self._root}/{path}", params=params, headers=self._headers, timeout=_TIMEOUT
        )
        return _decoded(await _harmless(request), into)

    async def post(self, path: str) -> None:
        """Ask for something that may as well be asked for twice. Raises as `get`."""
        request = self._http().post(f"{self._root}/{path}", headers=self._headers, timeout=_TIMEOUT)
        await _harmless(request)

    async def upload(self, form: aiohttp.FormData) -> str:
        """`POST media`: the file's id. Raises as `get`."""
        request = self._http().post(
            f"{self._root}/{self.number}/media", data=form, headers=self._headers, timeout=_UPLOAD
        )
        return _decoded(await _harmless(request), Named).id

    async def their_clock(self) -> Instant | None:
        """What Graph thinks the time is, as far as its answers say."""
        from email.utils import parsedate_to_datetime

        request = self._http().get(
            f"{self._root}/{self.number}", headers=self._headers, timeout=_TIMEOUT
        )
        try:
            async with request as answer:
                stamp = answer.headers.get("Date", "")
            return Instant(round(parsedate_to_datetime(stamp).timestamp() * 1_000))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


class Page(Value):
    """One page of a list."""

    data: tuple[msgspec.Raw, ...] = ()
    paging: Json = {}

    @property
    def after(self) -> str:
        """Where the next page begins; empty on the last one."""
        if "next" not in self.paging:
            return ""
        cursors = self.paging.get("cursors")
        after = cursors.get("after") if isinstance(cursors, dict) else ""
        return after if isinstance(after, str) else ""


async def _harmless(
    request: "aiohttp.client._RequestContextManager",
) -> bytes:
    """The answer of a call that changes nothing; whatever happens, it may be made again."""
    try:
        return await _body(request)
    except OutcomeUnknown as error:
        raise TemporaryFailure(str(error)) from error


async def _body(request: "aiohttp.client._RequestContextManager") -> bytes:
    """The bytes of a good answer. Raises what any other one means."""
    try:
        async with request as answer:
            body = await answer.read()
            if answer.status == 200:
                return body
            raise _refused(answer.status, body)
    except aiohttp.ClientConnectorError as error:
        raise TemporaryFailure(f"Graph cannot be reached: {error}") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OutcomeUnknown(f"no answer from Graph: {type(error).__name__}") from error


def _refused(status: int, body: bytes) -> DeskbridgeError:
    try:
        return of_answer(status, msgspec.json.decode(body, type=_Failed).error)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return of_answer(status, None)


def _decoded(body: bytes, into: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=into)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OutcomeUnknown("Graph's answer is no JSON that we know") from error
