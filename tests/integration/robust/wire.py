"""Requests byte by byte: what no well-behaved client would send."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from bridge.demo.surfaces.events import JSON
from tests.patience import PATIENCE

Header = tuple[str | bytes, str | bytes]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back; status 0: the connection was closed without a word."""

    status: int
    head: bytes
    body: bytes

    @property
    def kind(self) -> str:
        """Its Content-Type, without parameters."""
        return self.header("content-type").partition(";")[0]

    def header(self, name: str) -> str:
        """The first header of this name; empty when there is none."""
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name:
                return value.strip()
        return ""

    def json(self) -> JSON:
        """The body as JSON."""
        return json.loads(self.body)


class Wire:
    """Speaks HTTP/1.1 to one port of this machine, a connection per request."""

    def __init__(self, url: str) -> None:
        self.origin = url
        self.host = url.removeprefix("http://")
        self._port = int(url.rpartition(":")[2])

    async def send(
        self,
        method: str,
        target: str | bytes,
        headers: Sequence[Header] = (),
        body: bytes | None = None,
    ) -> Reply:
        """One request as it should be, but for what is given."""
        named: list[Header] = [("Host", self.host), ("Connection", "close"), *headers]
        if body is not None:
            named.append(("Content-Length", str(len(body))))
        return await self.raw(method, target, named, body or b"")

    async def raw(
        self, method: str, target: str | bytes, headers: Sequence[Header], body: bytes = b""
    ) -> Reply:
        """Exactly these headers and this body."""
        lines = [b"%b %b HTTP/1.1" % (method.encode(), _bytes(target))]
        lines += [b"%b: %b" % (_bytes(name), _bytes(value)) for name, value in headers]
        return await self.bytes(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    @asynccontextmanager
    async def listening(
        self, target: str | bytes, headers: Sequence[Header] = ()
    ) -> AsyncIterator["Stream"]:
        """A stream that stays open as long as the block runs."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        lines = [b"GET %b HTTP/1.1" % _bytes(target), b"Host: " + self.host.encode()]
        lines += [b"%b: %b" % (_bytes(name), _bytes(value)) for name, value in headers]
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
        try:
            yield Stream(reader)
        finally:
            writer.close()

    async def bytes(self, sent: bytes) -> Reply:
        """Exactly these bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)
        try:
            async with asyncio.timeout(PATIENCE):
                with suppress(ConnectionError):  # it may be refused before it is all sent
                    writer.write(sent)
                    await writer.drain()
                return await _reply(reader)
        finally:
            writer.close()


class Stream:
    """What a stream has said up to now, its head first."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.heard = b""
        self._reader = reader

    async def says(self, words: bytes) -> bytes:
        """Listen until these words come; gives everything since this was last asked.

        Raises `TimeoutError`, or `EOFError` when it ends before.
        """
        before = len(self.heard)
        async with asyncio.timeout(PATIENCE):
            while words not in self.heard[before:]:
                chunk = await self._reader.read(2**16)
                if not chunk:
                    raise EOFError(self.heard)
                self.heard += chunk
        return self.heard[before:]


async def _reply(reader: asyncio.StreamReader) -> Reply:
    """Up to its end; of a stream that has none, the head."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return Reply(status=0, head=b"", body=b"")
    reply = Reply(status=int(head.split(b" ", 2)[1]), head=head, body=b"")
    if reply.kind == "text/event-stream":
        return reply
    length = int(reply.header("content-length") or "0")
    try:
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError) as cut:
        body = getattr(cut, "partial", b"")
    return Reply(status=reply.status, head=head, body=body)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
