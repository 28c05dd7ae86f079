"""The team's platform as a stub: it takes every post at once and says whose line arrived."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Self

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n"
    b'{"id":"p%011d"}'
)

_posts = count(1)

Arrived = Callable[[bytes], None]


class Platform:
    """Listens on a free port of this machine; `arrived` gets the body of every post."""

    def __init__(self, server: asyncio.Server) -> None:
        """Use `open`."""
        self._server = server
        host, port = server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}/posts"

    @classmethod
    async def open(cls, arrived: Arrived) -> Self:
        """Take posts from now on."""
        loop = asyncio.get_running_loop()
        return cls(await loop.create_server(lambda: _Connection(arrived), "127.0.0.1", 0))

    async def close(self) -> None:
        """Take no more."""
        self._server.close()


class _Connection(asyncio.Protocol):
    """Just enough HTTP to cost next to nothing."""

    def __init__(self, arrived: Arrived) -> None:
        self._arrived = arrived
        self._received = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a connection is written to

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (body := take(self._received)) is not None:
            if self._transport is not None:
                self._transport.write(_ANSWER % next(_posts))
            self._arrived(body)


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
