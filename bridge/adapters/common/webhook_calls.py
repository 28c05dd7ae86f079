"""One call to a program that the operator configured, and what its status says of trying again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp import hdrs

from bridge.domain.errors import DeskbridgeError, OutcomeUnknown, TemporaryFailure
from bridge.ports.failpoints import failpoint

_LARGEST: Final = 512 * 1024
_CONNECT: Final = 5.0
_LATER: Final = (408, 425, 429)
GONE: Final = 410
UNAUTHORIZED: Final = (401, 403)


class TooLong(DeskbridgeError):
    """The answer is longer than any that means something."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What came back, taken (`ok`) or refused for good."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """True when it was taken."""
        return 200 <= self.status < 300

    def json(self) -> object:
        """The body; an empty one says nothing. Raises `ValueError`."""
        found: object = json.loads(self.body) if self.body.strip() else {}
        return found


class Transport:
    """Posts to the addresses that the operator configured."""

    def __init__(self, http: Callable[[], aiohttp.ClientSession], seconds: float) -> None:
        """Over this session; `seconds` is for one call, with its answer."""
        self._http = http
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(_CONNECT, seconds))

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Make the call. A redirect is a refusal.

        Raises `TemporaryFailure` when it may be repeated, `OutcomeUnknown` when nobody can tell,
        `TooLong` when the answer has no end.
        """
        headers = {hdrs.CONTENT_TYPE: "application/json", **headers}
        failpoint("webhook.send")
        try:
            async with self._http().post(
                url, data=body, headers=headers, allow_redirects=False, timeout=self._timeout
            ) as answer:
                _may_go_better(answer)
                body = await _read(answer)
                failpoint("webhook.sent")
                return Answered(status=answer.status, body=body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise TemporaryFailure(f"{_host(url)} cannot be reached") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OutcomeUnknown(f"no answer of {_host(url)}: {type(error).__name__}") from error


def _may_go_better(answer: aiohttp.ClientResponse) -> None:
    if answer.status in _LATER or answer.status >= 500:
        wait = _seconds(answer.headers.get(hdrs.RETRY_AFTER))
        raise TemporaryFailure(f"{answer.url.host} answered {answer.status}", wait)


def _host(url: str) -> str:
    return urlsplit(url).hostname or "it"


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
            raise TooLong(f"more than {_LARGEST} bytes of answer")
    return bytes(body)
