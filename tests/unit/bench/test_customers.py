"""Customers of the bench are as patient as the machine is busy."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.bench.failure import BenchFailed
from bridge.bench.load.customers import Crowd

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Slow(asyncio.Protocol):
    """A server that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.line: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.line = transport

    def data_received(self, data: bytes) -> None:
        self.asked.set()

    def answer(self) -> None:
        assert self.line is not None
        self.line.write(_OK)

    def hang_up(self) -> None:
        assert self.line is not None
        self.line.close()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def crowd(slow: Slow) -> AsyncIterator[Crowd]:
    """One customer of the slow server."""
    server = await asyncio.get_running_loop().create_server(lambda: slow, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    crowd = await Crowd.open(f"http://{host}:{port}/", [1], mirrored=False)
    yield crowd
    crowd.close()
    slow.hang_up()
    server.close()
    await server.wait_closed()


async def test_a_round_is_not_over_before_a_line_is_through(slow: Slow, crowd: Crowd) -> None:
    writing = asyncio.create_task(crowd.write(0.0))
    await slow.asked.wait()
    for _ in range(10):  # it is long over
        await asyncio.sleep(0)
    still = not writing.done()

    slow.answer()

    assert still
    assert await writing == 1


async def test_an_even_pace_waits_for_a_customer_who_may_write(slow: Slow, crowd: Crowd) -> None:
    writing = asyncio.create_task(crowd.write_evenly(1e6, 2e-6))
    for _ in range(2):
        await slow.asked.wait()
        slow.asked.clear()
        slow.answer()

    assert len(await writing) == 2


async def test_a_round_with_a_server_that_hangs_up_is_a_failure(slow: Slow, crowd: Crowd) -> None:
    writing = asyncio.create_task(crowd.write(0.0))
    await slow.asked.wait()

    slow.hang_up()

    await writing
    with pytest.raises(BenchFailed, match="hung up"):
        await crowd.fall_silent()


async def test_who_writes_ahead_waits_only_until_his_line_is_taken(
    slow: Slow, crowd: Crowd
) -> None:
    crowd.mirrored = True
    writing = asyncio.create_task(crowd.write_ahead(2))
    for _ in range(2):
        await slow.asked.wait()
        slow.asked.clear()
        slow.answer()

    await writing

    assert crowd.through == 2
    assert crowd.mirrored


async def test_what_was_written_ahead_has_arrived_when_the_team_has_the_last_line(
    slow: Slow, crowd: Crowd
) -> None:
    writing = asyncio.create_task(crowd.write_ahead(2))
    for _ in range(2):
        await slow.asked.wait()
        slow.asked.clear()
        slow.answer()
    await writing
    arrived = asyncio.create_task(crowd.all_arrived())

    crowd.arrived(b"~0001.00000001")
    for _ in range(3):
        await asyncio.sleep(0)
    still = not arrived.done()
    crowd.arrived(b"~0001.00000002")

    assert still
    await arrived
