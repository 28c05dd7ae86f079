"""A client with an HTTP session of its own, open as long as the client is."""

from abc import ABC, abstractmethod
from typing import Self

import aiohttp

from bridge.domain.errors import TemporaryFailure


class OwnSession(ABC):
    """Open it inside the running loop, or use `async with`."""

    def __init__(self) -> None:
        """Nothing is connected yet."""
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        self._session = self._new_session()

    @abstractmethod
    def _new_session(self) -> aiohttp.ClientSession:
        """With the platform's time-outs and headers."""

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session, for files. Raises `TemporaryFailure` while it is not open."""
        if self._session is None or self._session.closed:
            raise TemporaryFailure("the workspace is not started")
        return self._session

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        """Open it."""
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()
