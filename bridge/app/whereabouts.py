"""Where the process that runs the desk is reached: said by it, found out by all others."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import msgspec
import structlog

from bridge.app.storing import Database
from bridge.domain.errors import StorageUnavailable
from bridge.domain.value import Value
from bridge.ports.holding import Held
from bridge.web.passing_on import Place

log = structlog.get_logger()

_PLACE = ("replicas", "leader")
SAID = ("_desk", *_PLACE)
"""Where in the database who leads says where it is."""
_EVERY = 0.5
_AGAIN = 1.0
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


class Said(Value):
    """What who leads says of itself; worth nothing once another has led.

    By `key` others tell that theirs is another one; it says nothing of it.
    """

    epoch: int
    url: str
    key: str = ""


class Whereabouts:
    """Knows who runs the desk now, as of half a second ago."""

    def __init__(self, database: Database, key: str = "") -> None:
        """Nobody is known. `key` stands for ours."""
        self._database = database
        self._key = key
        self._store = database.adapter_store("_desk")
        self._last: Place | None = None
        self.now: Place | None = None

    async def say(self, held: Held, url: str) -> None:
        """This process leads, and is reached there; tried until it is written or not true."""
        said = msgspec.json.encode(Said(epoch=held.epoch, url=url, key=self._key))
        while not held.deposed.is_set():
            try:
                await self._store.put(*_PLACE, said)
            except StorageUnavailable as error:
                log.warning("address_not_told", error=str(error))
                await asyncio.sleep(_AGAIN)
            else:
                return

    def forget(self) -> None:
        """This process leads: whoever did will answer nothing any more."""
        if self._last is not None:
            self._last.over.set()
        self._last = self.now = None

    async def watch(self, looked: Callable[[], None]) -> None:
        """Look until cancelled, and say so each time.

        While the database is away nothing is known to have changed.
        """
        in_trouble = False
        while True:
            try:
                await self.look()
                in_trouble = False
            except StorageUnavailable as error:
                if not in_trouble:
                    log.warning("leader_not_looked_for", error=str(error))
                in_trouble = True
            looked()
            await asyncio.sleep(_EVERY)

    async def look(self) -> None:
        """Look once. Raises `StorageUnavailable`."""
        epoch = await self._database.led()
        body = None if epoch is None else await self._store.get(*_PLACE)
        said = None if body is None else msgspec.json.decode(body, type=Said)
        if said is None or said.epoch != epoch:
            self.now = None  # nobody leads, or who does is not ready
            return
        if self._last is None or self._last.epoch != epoch:
            if self._last is not None:
                self._last.over.set()
            self._last = Place(url=said.url, epoch=said.epoch)
        self.now = self._last


async def reached_at(listener: socket.socket, database_url: str) -> str:
    """Where other machines reach it, also when it listens at every address of this one."""
    host, port = listener.getsockname()[:2]
    return await address_for(host, port, database_url)


async def address_for(host: str, port: int, database_url: str) -> str:
    """Where other machines reach who listens there.

    Where that is every address of this machine, it is the one from which this machine reaches the
    database: the others do so, too.
    """
    if host not in _ANYWHERE:
        return _at(host, port)
    beside = urlsplit(database_url).hostname or "127.0.0.1"
    return _at(await asyncio.to_thread(_seen_from, beside), port)


def listens_at(host: str, port: int) -> str:
    """Where this machine itself reaches who listens there."""
    return _at({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104


def _at(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _seen_from(host: str) -> str:
    """Our end of a connection to that host; nothing is sent to find it out."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
