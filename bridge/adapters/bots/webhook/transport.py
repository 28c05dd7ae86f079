"""One call to a bot, and what its status says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from aiohttp import hdrs

from bridge.domain.errors import DeliveryRejected, OutcomeUnknown, TemporaryFailure

_LARGEST: Final = 512 * 1024
_CONNECT: Final = 5.0
_LATER: Final = (408, 425, 429)
GONE: Final = 410


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What came back with a status in the 200s."""

    status: int
    body: bytes

    def json(self) -> object:
        """The body; an empty one says nothing. Raises `DeliveryRejected("bot_nonsense")`."""
        if not self.body.strip():
            return {}
        try:
            found: object = json.loads(self.body)
        except ValueError as error:
            raise DeliveryRejected("the bot's answer is no JSON", "bot_nonsense") from error
        return found


class Transport:
    """Posts to the addresses that the operator configured."""

    def __init__(self, http: Callable[[], aiohttp.ClientSession], seconds: float) -> None:
        """Over this session; `seconds` is for one call, with its answer."""
        self._http = http
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(_CONNECT, seconds))

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Make the call. A redirect is no answer.

        Raises `TemporaryFailure`, `OutcomeUnknown`, `DeliveryRejected("bot_gone" | "bot_refused"
        | "bot_nonsense")`.
        """
        headers = {hdrs.CONTENT_TYPE: "application/json", **headers}
        try:
            async with self._http().post(
                url, data=body, headers=headers, allow_redirects=False, timeout=self._timeout
            ) as answer:
                _must_be_taken(answer)
                return Answered(status=answer.status, body=await _read(answer))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise TemporaryFailure("the bot cannot be reached") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(f"no answer of the bot: {type(error).__name__}") from error


def _must_be_taken(answer: aiohttp.ClientResponse) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    said = f"the bot answered {status}"
    if status == GONE:
        raise DeliveryRejected(said, "bot_gone")
    if status in _LATER or status >= 500:
        raise TemporaryFailure(said, _seconds(answer.headers.get(hdrs.RETRY_AFTER)))
    raise DeliveryRejected(said, "bot_refused")


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` as seconds from now, be it a number or a date."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _LARGEST:
            raise DeliveryRejected(f"more than {_LARGEST} bytes of answer", "bot_nonsense")
    return bytes(body)
