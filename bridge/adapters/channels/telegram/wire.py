"""Carries the library's calls over the desk's own session; every failure is one of ours.

The library wraps whatever its transport raises, so ours travels inside one of its own errors.
"""

from collections.abc import Callable, Mapping

import aiohttp
import msgspec
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bridge.adapters.channels.telegram.errors import Answer, of_answer
from bridge.domain.errors import DeskbridgeError, OutcomeUnknown, TemporaryFailure

_SECONDS = 30.0
_UPLOAD_SECONDS = 300.0
_CONNECT_SECONDS = 10.0


class Carried(TelegramError):
    """One of our errors on its way through the library."""

    def __init__(self, fault: DeskbridgeError) -> None:
        """Keep it."""
        super().__init__(str(fault))
        self.fault = fault


class Wire(BaseRequest):
    """The library's transport. An address has the bot's token in it: it is in no error."""

    def __init__(self, http: Callable[[], aiohttp.ClientSession]) -> None:
        """Nothing is connected yet; the session is the desk's."""
        self._http = http

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return _SECONDS

    async def initialize(self) -> None:
        """The session is opened by the desk."""

    async def shutdown(self) -> None:
        """The session is closed by the desk."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call. Raises `Carried` with what anything but a success means."""
        seconds = _SECONDS
        if request_data is not None and request_data.contains_files:
            seconds = _UPLOAD_SECONDS
        elif isinstance(read_timeout, int | float):
            seconds = float(read_timeout)
        form = None if request_data is None else _form(request_data)
        try:
            return await self.call(url, form, seconds, method)
        except DeskbridgeError as fault:
            raise Carried(fault) from fault

    async def call(
        self, url: str, form: aiohttp.FormData | None, seconds: float, method: str = "POST"
    ) -> tuple[int, bytes]:
        """The status and the bytes of a success. Raises our errors."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS)
        try:
            async with self._http().request(
                method, url, data=form, timeout=timeout, allow_redirects=False
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            # Nothing was sent: there was no connection.
            why = type(error).__name__
            raise TemporaryFailure(f"Telegram cannot be reached: {why}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(f"no answer from Telegram: {type(error).__name__}") from error
        if 200 <= answer.status < 300:
            return answer.status, body
        raise _refused(answer.status, body)


def _refused(status: int, body: bytes) -> DeskbridgeError:
    try:
        return of_answer(status, msgspec.json.decode(body, type=Answer))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return of_answer(status, None)


def _form(data: RequestData) -> aiohttp.FormData:
    """The fields of a call, and its files."""
    form = form_of(data.json_parameters)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=_harmless(filename), content_type=mime)
    return form


def _harmless(name: str) -> str:
    """A name that needs no escaping: Telegram would show the escapes."""
    return "".join(each if each.isprintable() and each not in '"\\' else "_" for each in name)


def form_of(parameters: Mapping[str, str]) -> aiohttp.FormData:
    """A call without files."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in parameters.items():
        form.add_field(name, value)
    return form
