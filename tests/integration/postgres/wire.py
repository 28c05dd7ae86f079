"""What stands between a process and its database, and breaks as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_BEGIN, _COMMIT = b"BEGIN\0", b"COMMIT\0"
_RUN = b"B"
"""How an order to run a known statement begins."""


class Break(StrEnum):
    """What becomes of the next commit."""

    ANSWER_LOST = "it is made, and nobody hears of it"
    ORDER_LOST = "it does not arrive"
    SLOW = "it arrives late, and meanwhile the connection is gone"


class Wire:
    """Hands bytes on; a `fault` strikes once, at a commit."""

    def __init__(self, server: Path, folder: Path) -> None:
        """`server` is the socket of the database; ours is in `folder`."""
        self._server = server
        self._ours = folder / server.name
        self.fault: Break | None = None
        self.struck = asyncio.Event()
        self.arrived = asyncio.Event()
        """Set once a slow order is with the server."""
        self.let = asyncio.Event()
        """Set while new connections are let through, and a slow order arrives."""
        self.let.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connections are taken meanwhile."""
        listening = await asyncio.start_unix_server(self._connected, self._ours)
        try:
            yield
        finally:
            listening.close()
            self.cut()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await listening.wait_closed()

    def cut(self) -> None:
        """Break every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.let.is_set():
            writer.transport.abort()
            return
        up_reader, up_writer = await asyncio.open_unix_connection(self._server)
        ends = (writer, up_writer)
        self._writers.update(ends)
        down = asyncio.create_task(self._hand_on(up_reader, writer))
        self._tasks.add(down)
        try:
            with suppress(OSError):
                in_transaction = False
                while chunk := await reader.read(65_536):
                    in_transaction |= _BEGIN in chunk
                    commits = _COMMIT in chunk or (chunk.startswith(_RUN) and not in_transaction)
                    in_transaction &= _COMMIT not in chunk
                    if self.fault is not None and commits:
                        await self._strike(chunk, writer, up_writer, down)
                        return
                    up_writer.write(chunk)
                    await up_writer.drain()
        finally:
            down.cancel()
            for end in ends:
                end.transport.abort()
                self._writers.discard(end)

    async def _strike(
        self,
        chunk: bytes,
        writer: asyncio.StreamWriter,
        up_writer: asyncio.StreamWriter,
        down: "asyncio.Task[None]",
    ) -> None:
        fault, self.fault = self.fault, None
        down.cancel()
        if fault is Break.SLOW:
            writer.transport.abort()
            self.struck.set()
            await asyncio.sleep(0.3)
        if fault is not Break.ORDER_LOST:
            up_writer.write(chunk)
            up_writer.write_eof()  # whoever closed it whole would have the answer refused
            self.arrived.set()
            await asyncio.sleep(0.1)
        self.struck.set()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65_536):
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()


def socket_of(url: str) -> Path:
    """Where the server of a `?host=/folder` address listens."""
    return Path(parse_qs(urlsplit(url).query)["host"][0], ".s.PGSQL.5432")


def through(url: str, folder: Path) -> str:
    """The same address by way of a wire whose socket is in this folder."""
    return urlsplit(url)._replace(query=f"host={folder}").geturl()
