"""The operator's command line and a program with a token, over the REST API that both use."""

import aiohttp

from bridge.demo.surfaces.events import JSON
from bridge.domain.errors import DeskbridgeError


class ApiRefused(DeskbridgeError):
    """The API said no."""


class Operator:
    """Sets a desk up, and reads what a program may read."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        """`token` is the command line's own."""
        self._http = http
        self._url = url
        self._token = token
        self._reading = ""

    async def asks(self, method: str, path: str, **body: object) -> JSON:
        """One operation of the command line. Raises `ApiRefused` with the API's own words."""
        return await self._call(method, path, self._token, json=body or None)

    async def reads(self, path: str, **query: str) -> JSON:
        """What a program with a reading token gets."""
        if not self._reading:
            made = await self.asks("POST", "/v1/tokens", name="tour", scopes=["conversations:read"])
            self._reading = made["token"]
        return await self._call("GET", path, self._reading, params=query)

    async def _call(
        self,
        method: str,
        path: str,
        token: str,
        *,
        json: object = None,
        params: dict[str, str] | None = None,
    ) -> JSON:
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.request(
            method, self._url + path, json=json, params=params, headers=headers
        ) as answer:
            if answer.status >= 400:
                raise ApiRefused(f"{method} {path}: {answer.status} {await answer.text()}")
            return await answer.json()
