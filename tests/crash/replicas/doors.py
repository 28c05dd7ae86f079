"""A desk's processes as people see them who know nothing of load balancers.

They ask one after the other until one takes what they have: whoever stands by says 503, whoever
is dead says nothing, and whoever is frozen keeps them waiting until they lose their patience.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import BaseCookie

import aiohttp
from yarl import URL

_TIMES = aiohttp.ClientTimeout(total=20)
_PAUSE = 0.05
_NOT_NOW = (429, 502, 503, 504)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a process said."""

    status: int
    text: str

    def value(self) -> dict[str, object]:
        """The JSON of an answer that says that it was taken. Raises `AssertionError`."""
        assert self.status in (200, 201), self
        found: dict[str, object] = json.loads(self.text)
        return found


class _OneSite(aiohttp.CookieJar):
    """Whichever process is asked, to a browser it is the same site."""

    def __init__(self, origin: str) -> None:
        """`origin` is that site's."""
        super().__init__(unsafe=True)
        self._site = URL(origin)

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Whoever sent them."""
        super().update_cookies_from_headers(headers, self._there(response_url))

    def filter_cookies(self, request_url: URL | None = None) -> "BaseCookie[str]":
        """Whoever asks for them."""
        return super().filter_cookies(self._there(request_url) if request_url else self._site)

    def _there(self, url: URL) -> URL:
        return self._site.join(url.relative())


class Doors:
    """Where one person asks. He stays with whom served him last."""

    def __init__(
        self, urls: Sequence[str], first: int = 0, home: str = "127.0.0.1", origin: str = ""
    ) -> None:
        """A browser of his own, at an address: its cookies are valid at every process.

        `origin` is the public address of the desk, where its processes have one.
        """
        self._origin = origin
        self._urls = urls
        self._at = first % len(urls)
        self._http = aiohttp.ClientSession(
            cookie_jar=_OneSite(origin or urls[0]),
            timeout=_TIMES,
            connector=aiohttp.TCPConnector(local_addr=(home, 0)),
        )

    async def close(self) -> None:
        """He goes away."""
        await self._http.close()

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        form: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        bytes_: bytes | None = None,
    ) -> Answered:
        """Until somebody answers it, whatever he answers."""
        data = form if bytes_ is None else bytes_
        while True:
            answered = await self._once(method, path, headers or {}, data, body)
            if answered is not None and answered.status not in _NOT_NOW:
                return answered
            self._at = (self._at + 1) % len(self._urls)
            await asyncio.sleep(_PAUSE)

    async def _once(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: Mapping[str, str] | bytes | None,
        body: Mapping[str, object] | None,
    ) -> Answered | None:
        url = self._urls[self._at]
        try:
            async with self._http.request(
                method,
                url + path,
                headers={**headers, "Origin": self._origin or url},
                data=data,
                json=body,
                allow_redirects=False,
            ) as answer:
                return Answered(status=answer.status, text=await answer.text())
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
