"""Connections on which nobody finishes asking."""

import asyncio

from aiohttp import web

from bridge.web.connections import Connections
from tests.patience import PATIENCE
from tests.unit.web.conftest import Serve, Small

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
REQUEST = b"GET /a HTTP/1.1\r\nHost: desk\r\n\r\n"


async def connect(small: Small) -> Streams:
    return await asyncio.open_connection(*small.address)


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            while await reader.read(4096):
                pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    return True


async def slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(2.5)
    return web.Response(text="done")


async def test_headers_that_come_a_byte_at_a_time_are_cut_off(serve: Serve) -> None:
    small = await serve(slow, connections=Connections(silent=0.5))
    reader, writer = await connect(small)

    async def trickle() -> None:
        writer.write(REQUEST[:-2] + b"X-Slow: ")
        while True:
            writer.write(b"x")
            await asyncio.sleep(0.1)

    trickling = asyncio.create_task(trickle())

    assert await ended(reader)
    trickling.cancel()
    writer.close()


async def test_a_connection_that_rests_too_long_is_ended(serve: Serve) -> None:
    small = await serve(connections=Connections(silent=60, idle=0.5))
    reader, writer = await connect(small)

    writer.write(REQUEST)

    assert await ended(reader)
    writer.close()


async def test_an_answer_that_takes_long_is_not_cut_off(serve: Serve) -> None:
    small = await serve(slow, connections=Connections(silent=0.1, idle=0.1))

    answer = await small.client.get("/a")

    assert await answer.text() == "done"
