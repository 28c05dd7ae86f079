"""Reading: a few connections; what was begun before a restart of the database is asked again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import asyncpg

from bridge.domain.errors import StorageUnavailable
from storage.asking import Ask, Asking
from storage.mapping.row import Read
from storage.postgres.answering import answer, rows
from storage.postgres.connect import TROUBLE, end, explained, is_undone

T = TypeVar("T")
Connect = Callable[[], Awaitable[asyncpg.Connection]]

_CONNECTIONS = 3
_ONE_STATE = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Readers:
    """Runs reads; they never wait for the writer, nor it for them."""

    def __init__(self, connect: Connect) -> None:
        """Connections are made when they are first needed."""
        self._connect = connect
        self._free: list[asyncpg.Connection] = []
        self._turn = asyncio.Semaphore(_CONNECTIONS)
        self._closed = False

    async def ask(self, asking: Asking[T]) -> T:
        """What was found; all statements see one state. Raises `StorageUnavailable`."""
        if self._closed:
            raise StorageUnavailable("the database is closed")
        async with self._turn:
            try:
                return await self._driven(asking)
            except TROUBLE as error:
                raise explained(error) from error

    async def _driven(self, asking: Asking[T]) -> T:
        try:
            ask = next(asking)
            if ask.alone:
                asking.send(await self._found(ask))
                raise RuntimeError(f"{ask.name} was to be asked alone")
        except StopIteration as end:
            result: T = end.value
            return result
        return await self._answer(await self._begun(), ask, asking)

    # --- one statement: a trip --------------------------------------------------------------

    async def _found(self, ask: Ask) -> Iterable[Read]:
        """What it finds. A connection that died while nobody looked is made anew."""
        while self._free:
            try:
                return await self._rows(self._free.pop(), ask)
            except TROUBLE as error:
                if is_undone(error) or isinstance(error, TimeoutError):
                    raise
        return await self._rows(await self._connect(), ask)

    async def _rows(self, connection: asyncpg.Connection, ask: Ask) -> Iterable[Read]:
        try:
            found = await rows(connection, ask)
        except BaseException:
            connection.terminate()  # whatever it was, the next one begins anew
            raise
        self._free.append(connection)
        return found

    # --- several, which see one state -------------------------------------------------------

    async def _begun(self) -> asyncpg.Connection:
        """A connection with a transaction. One that died while nobody looked is made anew."""
        while self._free:
            connection = self._free.pop()
            try:
                return await _begin(connection)
            except TROUBLE:
                continue
        return await _begin(await self._connect())

    async def _answer(self, connection: asyncpg.Connection, ask: Ask, asking: Asking[T]) -> T:
        try:
            found = await answer(connection, ask, asking)
            await connection.execute("COMMIT")
        except BaseException:
            connection.terminate()  # whatever it was, the next one begins anew
            raise
        self._free.append(connection)
        return found

    async def close(self) -> None:
        """Let reads that are under way end, then close every connection."""
        self._closed = True
        for _ in range(_CONNECTIONS):
            await self._turn.acquire()
        for connection in self._free:
            await end(connection)


async def _begin(connection: asyncpg.Connection) -> asyncpg.Connection:
    try:
        await connection.execute(_ONE_STATE)
    except BaseException:
        connection.terminate()  # also when nobody waits for it any more
        raise
    return connection
