"""An answer in one piece is, to whoever reads it, an answer like any other."""

import asyncio
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime

import pytest
from aiohttp import ClientSession, web

from bridge.ports.brief import Brief, head

_SAID = head({"Content-Type": "application/json", "Vary": "Origin"})


async def _says(_request: web.Request) -> web.StreamResponse:
    answer = Brief(b'{"a":1}')
    answer.add(_SAID)
    return answer


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where it is said."""
    app = web.Application()
    app.add_routes([web.route("*", "/", _says)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def _raw(port: int, request: bytes) -> bytes:
    """Everything that comes until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    said = await reader.read()
    writer.close()
    return said


async def test_an_answer_in_one_piece_is_read_like_any_other(port: int) -> None:
    async with ClientSession() as client:
        answer = await client.post(f"http://127.0.0.1:{port}/", data=b"x")
        body = await answer.read()

    assert (answer.status, body) == (200, b'{"a":1}')
    assert (answer.content_type, answer.headers["Vary"]) == ("application/json", "Origin")
    assert answer.headers["Content-Length"] == "7"
    assert parsedate_to_datetime(answer.headers["Date"]).tzinfo is not None


async def test_a_connection_serves_one_after_the_other(port: int) -> None:
    ask = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
    last = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"

    said = await _raw(port, ask + ask + last)

    assert said.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert said.count(b"Connection: close\r\n") == 1
    assert said.endswith(b'\r\n\r\n{"a":1}')


async def test_an_old_client_reads_until_we_hang_up(port: int) -> None:
    said = await _raw(port, b"POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")

    assert b"Connection: close\r\n" in said
    assert said.endswith(b'\r\n\r\n{"a":1}')


async def test_who_asks_for_the_head_gets_no_body(port: int) -> None:
    said = await _raw(port, b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")

    assert b"Content-Length: 7\r\n" in said
    assert said.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\n", "a\0"])
def test_a_header_stays_in_its_line(value: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        head({"Access-Control-Allow-Origin": value})
