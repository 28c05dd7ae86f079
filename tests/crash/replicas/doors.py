"""A desk's processes as people see them who know nothing of load balancers.

They ask one after the other until one takes what they have: whoever stands by says 503, whoever
is dead says nothing, and whoever is frozen keeps them waiting until they lose their patience.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp

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


class Doors:
    """Where one person asks. He stays with whom served him last."""

    def __init__(self, urls: Sequence[str], first: int = 0, home: str = "127.0.0.1") -> None:
        """A browser of his own, at an address: its cookies are valid at every process."""
        self._urls = urls
        self._at = first % len(urls)
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),
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
                headers={**headers, "Origin": url},
                data=data,
                json=body,
                allow_redirects=False,
            ) as answer:
                return Answered(status=answer.status, text=await answer.text())
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
