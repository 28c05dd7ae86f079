"""Events and interactions over HTTP, signed as Slack signs."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import aiohttp

from bridge.simulators.common.wire import JsonObject, dump, load, obj
from bridge.simulators.slack.outlets.parcel import Answer, Parcel
from bridge.simulators.slack.state.apps import App

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MAX_REDIRECTS = 2


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`X-Slack-Signature` of a body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpOutlet:
    """Posts to the app's addresses."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        app: Callable[[], App],
        now: Callable[[], float],
        ack_within: float,
    ) -> None:
        """`app` gives the app as it is now."""
        self._http = http
        self._app = app
        self._now = now
        self._ack_within = ack_within

    async def send(self, parcel: Parcel) -> Answer:
        """Post once. Success is any 2xx within the time."""
        url, body, kind = self._request(parcel)
        if not url:
            return Answer(ok=False, reason="connection_failed")
        headers = self.headers(body, kind) | _retry_headers(parcel)
        timeout = aiohttp.ClientTimeout(total=self._ack_within)
        try:
            async with self._http.post(
                url, data=body, headers=headers, timeout=timeout, max_redirects=MAX_REDIRECTS
            ) as response:
                content = await response.text()
                return _answer(response.status, response.headers, content)
        except aiohttp.TooManyRedirects:
            return Answer(ok=False, reason="too_many_redirects")
        except TimeoutError:
            return Answer(ok=False, reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(ok=False, reason="connection_failed")

    def headers(self, body: bytes, kind: str) -> dict[str, str]:
        """What Slack sends with a body."""
        timestamp = str(int(self._now()))
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._app().signing_secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    def _request(self, parcel: Parcel) -> tuple[str, bytes, str]:
        manifest = self._app().manifest
        if parcel.kind == "events_api":
            return manifest.request_url, dump(parcel.payload).encode(), JSON
        if parcel.kind == "slash_commands":
            fields = {name: str(value) for name, value in parcel.payload.items()}
            url = manifest.command_url or manifest.interactivity_url or manifest.request_url
            return url, urlencode(fields).encode(), FORM
        url = manifest.interactivity_url or manifest.request_url
        return url, urlencode({"payload": dump(parcel.payload)}).encode(), FORM


def _retry_headers(parcel: Parcel) -> dict[str, str]:
    if not parcel.attempt:
        return {}
    return {"X-Slack-Retry-Num": str(parcel.attempt), "X-Slack-Retry-Reason": parcel.reason}


def _answer(status: int, headers: Mapping[str, str], content: str) -> Answer:
    no_retry = headers.get("X-Slack-No-Retry") == "1"
    if not 200 <= status < 300:
        return Answer(ok=False, reason="http_error", no_retry=no_retry)
    return Answer(ok=True, body=_body(content), no_retry=no_retry)


def _body(content: str) -> JsonObject:
    """An answer may be JSON or, for a command, simply what to say."""
    if not content.strip():
        return {}
    try:
        return dict(obj(load(content)))
    except ValueError:
        return {"text": content}
