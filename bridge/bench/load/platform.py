"""The team's platform as a stub: it takes every post, now or late, and says whose line arrived."""

import asyncio
import time
from collections.abc import Callable
from itertools import count
from typing import Self

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"
    b'{"id":"p%011d"}'
)

_VARIES = 0.1
_GOLDEN = 0.618034
"""Steps of this length, on a circle of one, come everywhere equally often."""

_posts = count(1)

Arrived = Callable[[bytes], None]


class Platform:
    """Listens on a free port of this machine; `arrived` gets the body of every post."""

    def __init__(self, arrived: Arrived) -> None:
        """Use `open`."""
        self.url = ""
        self.late = 0.0
        """Seconds that an answer takes from now on, a tenth more or less."""
        self.arrived = arrived
        self._server: asyncio.Server | None = None
        self._turn = 0.0
        self._under_way = 0
        self._waited = 0.0
        self._changed = time.perf_counter()

    @classmethod
    async def open(cls, arrived: Arrived) -> Self:
        """Take posts from now on."""
        platform, loop = cls(arrived), asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(platform), "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        platform.url, platform._server = f"http://{host}:{port}/posts", server
        return platform

    async def close(self) -> None:
        """Take no more."""
        if self._server is not None:
            self._server.close()

    def lateness(self) -> float:
        """Seconds that the next answer takes: on a network no two are equally quick.

        If they were, conversations that were once served together would be for ever.
        """
        self._turn = (self._turn + _GOLDEN) % 1
        return self.late * (1 + _VARIES * (2 * self._turn - 1))

    @property
    def waited(self) -> float:
        """Seconds that posts have waited for their answers so far, those of all of them added up.

        What this grows by in a second is how many were under way, on average.
        """
        self._change(0)
        return self._waited

    def begun(self) -> None:
        """A post waits for its answer from now on."""
        self._change(1)

    def over(self) -> None:
        """It has it."""
        self._change(-1)

    def _change(self, by: int) -> None:
        now = time.perf_counter()
        self._waited += self._under_way * (now - self._changed)
        self._changed = now
        self._under_way += by


class _Connection(asyncio.Protocol):
    """Just enough HTTP to cost next to nothing."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a connection is written to

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (body := take(self._received)) is not None:
            if self._platform.late:
                self._platform.begun()
                loop = asyncio.get_running_loop()
                loop.call_later(self._platform.lateness(), self._answer_late)
            else:
                self._answer()
            self._platform.arrived(body)

    def _answer_late(self) -> None:
        self._platform.over()
        self._answer()

    def _answer(self) -> None:
        if self._transport is not None:
            self._transport.write(_ANSWER % next(_posts))


def take(received: bytearray) -> bytes | None:
    """Cut one whole request or answer off the front and give its body; None: more is to come."""
    end = received.find(_END)
    if end < 0:
        return None
    head = bytes(received[:end]).lower()
    at = head.find(_LENGTH)
    length = 0
    if at >= 0:
        length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
    start = end + len(_END)
    if len(received) < start + length:
        return None
    body = bytes(received[start : start + length])
    del received[: start + length]
    return body
