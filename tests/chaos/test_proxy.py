"""The proxy spoils connections as it says, and leaves them alone otherwise."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from tests.chaos.proxy import Flow, Proxy, Weather
from tests.patience import PATIENCE, until


class Echo:
    """A server that says everything again; `heard` is what reached it."""

    def __init__(self) -> None:
        self.heard = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(1024):
                self.heard += piece
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Ground:
    """A server with a proxy before it, and everybody who dialled."""

    echo: Echo
    proxy: Proxy
    dialled: list[Line] = field(default_factory=list)

    async def dial(self) -> Line:
        """A new connection through the proxy."""
        line = await asyncio.open_connection(*self.proxy.address)
        self.dialled.append(line)
        return line


@pytest.fixture
async def ground() -> AsyncIterator[Ground]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    async with server, Proxy.before(host, port) as proxy:
        ground = Ground(echo, proxy)
        yield ground
        for _, writer in ground.dialled:
            writer.close()


async def said(line: Line, words: bytes) -> bytes:
    """What comes back."""
    reader, writer = line
    writer.write(words)
    await writer.drain()
    async with asyncio.timeout(PATIENCE):
        return await reader.readexactly(len(words))


async def test_in_good_weather_everything_passes_as_it_is(ground: Ground) -> None:
    proxy = ground.proxy
    line = await ground.dial()

    assert await said(line, b"x" * 200_000) == b"x" * 200_000
    assert proxy.passed == 400_000


async def test_latency_and_a_narrow_line_take_their_time(ground: Ground) -> None:
    proxy = ground.proxy
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    proxy.sleep = sleep
    line = await ground.dial()
    proxy.weather = Weather(latency=0.25, bandwidth=1_000)

    await said(line, b"x" * 100)

    assert slept == [0.25, 0.1, 0.25, 0.1]


async def test_a_reset_breaks_every_connection_and_new_ones_work(ground: Ground) -> None:
    proxy = ground.proxy
    line = await ground.dial()
    await said(line, b"hello")

    await proxy.reset()

    with pytest.raises(ConnectionResetError):
        await line[0].readexactly(1)
    assert await said(await ground.dial(), b"again") == b"again"


async def test_a_server_that_refuses_can_be_reached_later(ground: Ground) -> None:
    proxy = ground.proxy
    proxy.weather = Weather(refuses=True)
    reader, _ = await ground.dial()
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)

    proxy.clears_up()

    assert await said(await ground.dial(), b"hello") == b"hello"


async def test_a_black_hole_swallows_everything_and_tells_nobody(ground: Ground) -> None:
    proxy, echo = ground.proxy, ground.echo
    line = await ground.dial()
    await said(line, b"before")
    proxy.weather = Weather(silent=frozenset(Flow))

    line[1].write(b"lost")
    await line[1].drain()
    other = await ground.dial()
    proxy.clears_up()

    assert await said(other, b"after") == b"after"
    assert echo.heard == b"beforeafter"


async def test_half_open_the_server_hears_and_is_not_heard(ground: Ground) -> None:
    proxy, echo = ground.proxy, ground.echo
    line = await ground.dial()
    proxy.weather = Weather(silent=frozenset({Flow.DOWN}))

    line[1].write(b"anybody?")
    await until(lambda: echo.heard == b"anybody?")

    assert proxy.passed == len(b"anybody?")
    assert proxy.connections == 1
