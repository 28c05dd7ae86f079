"""What befalls the database under a town: the way to it misbehaves, and it fails itself."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from storage.postgres.connect import COMMAND_SECONDS, end
from tests.chaos.proxy import Flow, Proxy, Weather
from tests.crash.town.town import Town, town
from tests.postgres import Databases, Server, server

_DURABLE = ("shared_buffers=16MB", "max_connections=60")
_PAUSE = 1.0
_READ_ONLY = "default_transaction_read_only"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A town under load, the only way to its database, and the database's server."""

    town: Town
    way: Proxy
    server: Server
    url: str
    """The database by another way, which is always open."""

    async def says(self, statement: str) -> None:
        """Whoever runs the database does something to it."""
        writes = {_READ_ONLY: "off"}
        connection = await asyncpg.connect(self.url, server_settings=writes)
        try:
            await connection.execute(statement)
        finally:
            await end(connection)

    async def ways_end(self) -> None:
        """Good weather; what was swallowed is gone, so its connections break."""
        self.way.clears_up()
        await self.way.reset()


@asynccontextmanager
async def on_postgres(folder: Path) -> AsyncIterator[Ground]:
    """A town whose desk keeps everything in a database of a server of its own."""
    with server(_DURABLE) as postgres:
        async with (
            Databases(postgres.url).made(empty=True) as url,
            Proxy.before(str(_socket_of(url)), 0) as way,
        ):
            host, port = way.address
            through = urlsplit(url)._replace(netloc=f"desk@{host}:{port}", query="").geturl()
            async with town(folder, database=through) as here:
                await here.begin()
                yield Ground(town=here, way=way, server=postgres, url=url)


def _socket_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0], ".s.PGSQL.5432")


# --- the way to the database --------------------------------------------------------------------


async def break_every_connection(ground: Ground) -> None:
    """Reset, five times, wherever every statement is just then."""
    for _ in range(5):
        await asyncio.sleep(_PAUSE / 2)
        await ground.way.reset()


async def slow_down(ground: Ground) -> None:
    """Far away, at the end of a narrow line."""
    ground.way.weather = Weather(latency=0.1, bandwidth=300_000)
    await asyncio.sleep(5 * _PAUSE)
    ground.way.clears_up()


async def refuse_connections(ground: Ground) -> None:
    """It cannot be reached for longer than a lease lasts."""
    ground.way.weather = Weather(refuses=True)
    await ground.way.reset()
    await asyncio.sleep(5 * _PAUSE)
    ground.way.clears_up()


async def swallow_everything(ground: Ground) -> None:
    """A black hole: no connection breaks, and nobody answers, until all of them do."""
    ground.way.weather = Weather(silent=frozenset(Flow))
    await asyncio.sleep(5 * _PAUSE)
    await ground.ways_end()


async def swallow_answers(ground: Ground) -> None:
    """Half-open: commits arrive and are made, and nobody hears of it."""
    for _ in range(2):
        ground.way.weather = Weather(silent=frozenset({Flow.DOWN}))
        await asyncio.sleep(2 * _PAUSE)
        await ground.ways_end()
        await asyncio.sleep(_PAUSE)


async def swallow_for_ever(ground: Ground) -> None:
    """What was swallowed never comes, and no connection breaks: our own patience ends it."""
    ground.way.weather = Weather(silent=frozenset(Flow))
    await asyncio.sleep(_PAUSE)
    ground.way.clears_up()
    await asyncio.sleep(COMMAND_SECONDS)


# --- the database itself ------------------------------------------------------------------------


async def fail_and_come_back(ground: Ground) -> None:
    """The machine under it fails in the middle of everything, and it starts again; twice."""
    for _ in range(2):
        await asyncio.to_thread(ground.server.stop, signal.SIGQUIT)
        await asyncio.to_thread(ground.server.start)
        await asyncio.sleep(2 * _PAUSE)


async def stay_away(ground: Ground) -> None:
    """It is stopped in good order, and for longer than a lease lasts."""
    await asyncio.to_thread(ground.server.stop)
    await asyncio.sleep(5 * _PAUSE)
    await asyncio.to_thread(ground.server.start)


async def end_connections(ground: Ground) -> None:
    """Whoever runs it ends everybody's connections, again and again."""
    for _ in range(5):
        await asyncio.sleep(_PAUSE / 2)
        await ground.says(_END_ALL)


async def take_no_writes(ground: Ground) -> None:
    """It is read-only for a while, as a replica is that is about to be promoted."""
    name = urlsplit(ground.url).path.lstrip("/")
    await ground.says(f"ALTER DATABASE {name} SET {_READ_ONLY} = on")
    await ground.says(_END_ALL)
    await asyncio.sleep(4 * _PAUSE)
    await ground.says(f"ALTER DATABASE {name} RESET {_READ_ONLY}")
    await ground.says(_END_ALL)


_END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""

Change = Callable[[Ground], Awaitable[None]]
EVERY_DAY: tuple[Change, ...] = (break_every_connection, fail_and_come_back)
RARE: tuple[Change, ...] = (
    slow_down,
    refuse_connections,
    swallow_everything,
    swallow_answers,
    swallow_for_ever,
    stay_away,
    end_connections,
    take_no_writes,
)
