"""Addresses that came in data are fetched without giving anybody a way into our network.

The open internet is played by 127.0.0.2, our own network by everything else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.ports.egress import Egress, Unsafe

OUTSIDE = "127.0.0.2"
BYTES = bytes(range(256)) * 300
LIMIT = 1_000_000


class Book:
    """Names as an attacker's own name server would answer for them: each time the next."""

    def __init__(self, **answers: list[tuple[str, ...]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append(host)
        answers = self._answers.get(host.partition(".")[0])
        if answers is None:
            raise OSError(f"{host} is unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@dataclass
class Host:
    """A web server that says whatever a test wants, and remembers who asked how."""

    port: int = 0
    requests: list[web.BaseRequest] = field(default_factory=list)
    answer: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]] | None = None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        return web.Response(body=BYTES) if self.answer is None else await self.answer(request)


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    """The server, on every loopback address of this machine."""
    host = Host()
    runner = web.ServerRunner(web.Server(host.handle))
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)  # noqa: S104 - several loopback addresses, one port
    await site.start()
    host.port = runner.addresses[0][1]
    yield host
    await runner.cleanup()


def guard(
    *, configured: tuple[str, ...] = (), hosts: tuple[str, ...] = (), book: Book | None = None
) -> Egress:
    return Egress(
        configured=configured,
        hosts=hosts,
        names=book or Book(outside=[(OUTSIDE,)], inside=[("127.0.0.1",)]),
        allows=lambda address: address == OUTSIDE,
    )


async def fetched(
    egress: Egress, url: str, limit: int = LIMIT, bearer: str = "secret", seconds: float = 20
) -> bytes:
    chunks = egress.fetch(url, limit=limit, bearer=bearer, seconds=seconds)
    return b"".join([chunk async for chunk in chunks])


async def test_a_file_of_the_open_internet_arrives_byte_for_byte(host: Host) -> None:
    assert await fetched(guard(), f"http://outside.example:{host.port}/a.png") == BYTES


FORMS = {
    "loopback": "http://127.0.0.1:{port}/",
    "loopback by name": "http://inside.example:{port}/",
    "one number": "http://2130706433:{port}/",
    "one number in hex": "http://0x7f000001:{port}/",
    "one number in octal": "http://017700000001:{port}/",
    "hex parts": "http://0x7f.0x0.0x0.0x1:{port}/",
    "octal parts": "http://0177.0.0.01:{port}/",
    "short": "http://127.1:{port}/",
    "nothing": "http://0:{port}/",
    "wide digits": "http://１２７.0.0.1:{port}/",
    "circled digits": "http://①②⑦.⓪.⓪.①:{port}/",
    "ideographic dots": "http://127。0。0。1:{port}/",
    "a dot at the end": "http://127.0.0.1.:{port}/",
    "v6 loopback": "http://[::1]:{port}/",
    "v6 mapped": "http://[::ffff:127.0.0.1]:{port}/",
    "v6 mapped in hex": "http://[::ffff:7f00:1]:{port}/",
    "v6 with a zone": "http://[fe80::1%25lo]:{port}/",
    "private": "http://10.0.0.1:{port}/",
    "cloud's own data": "http://169.254.169.254/latest/meta-data/",
    "user information": "http://outside.example@127.0.0.1:{port}/",
    "a password": "http://:x@outside.example:{port}/",
    "a file": "file:///etc/passwd",
    "another protocol": "gopher://outside.example:{port}/",
    "no host": "http:///a",
    "no address": "::::",
    "too long": "http://outside.example:{port}/" + "a" * 5_000,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_no_form_of_an_internal_address_is_called(host: Host, form: str) -> None:
    with pytest.raises((Unsafe, TemporaryFailure)):
        await fetched(guard(), form.format(port=host.port))

    assert not host.requests


async def test_one_internal_address_among_public_ones_spoils_the_name(host: Host) -> None:
    book = Book(mixed=[(OUTSIDE, "127.0.0.1")])

    with pytest.raises(Unsafe):
        await fetched(guard(book=book), f"http://mixed.example:{host.port}/")

    assert not host.requests


async def test_a_name_is_asked_once_and_the_answer_that_was_checked_is_called(host: Host) -> None:
    book = Book(rebinding=[(OUTSIDE,), ("127.0.0.1",)])

    assert await fetched(guard(book=book), f"http://rebinding.example:{host.port}/") == BYTES

    assert book.asked == ["rebinding.example"]
    with pytest.raises(Unsafe):
        await fetched(guard(book=book), f"http://rebinding.example:{host.port}/")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(host: Host, status: int) -> None:
    async def away(request: web.BaseRequest) -> web.StreamResponse:
        location = f"http://inside.example:{host.port}/secret"
        return web.Response(status=status, headers={"Location": location})

    host.answer = away

    with pytest.raises(DeliveryRejected):
        await fetched(guard(), f"http://outside.example:{host.port}/")

    assert len(host.requests) == 1


async def test_the_bearer_is_shown_to_nobody_but_the_platform(host: Host) -> None:
    await fetched(guard(hosts=("platform.example",)), f"http://outside.example:{host.port}/")

    assert "Authorization" not in host.requests[0].headers


async def test_the_bearer_is_not_shown_without_tls_even_to_a_host_of_the_platform(
    host: Host,
) -> None:
    await fetched(guard(hosts=(".example",)), f"http://outside.example:{host.port}/")

    assert "Authorization" not in host.requests[0].headers


async def test_a_private_address_that_the_operator_configured_is_called_with_the_bearer(
    host: Host,
) -> None:
    base = f"http://127.0.0.1:{host.port}"

    assert await fetched(guard(configured=(f"{base}/v25.0",)), f"{base}/media/1") == BYTES

    assert host.requests[0].headers["Authorization"] == "Bearer secret"


async def test_another_port_of_a_configured_host_is_somebody_else(host: Host) -> None:
    configured = f"http://127.0.0.1:{host.port + 1}/"

    with pytest.raises(Unsafe):
        await fetched(guard(configured=(configured,)), f"http://127.0.0.1:{host.port}/")

    assert not host.requests


async def test_a_file_that_says_it_is_too_large_is_refused_unread(host: Host) -> None:
    with pytest.raises(DeliveryRejected) as refused:
        await fetched(guard(), f"http://outside.example:{host.port}/", limit=len(BYTES) - 1)

    assert refused.value.code == "too_large"


async def test_a_file_without_an_end_is_cut_at_the_limit(host: Host) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await response.write(BYTES)
        return response

    host.answer = endless

    with pytest.raises(DeliveryRejected) as refused:
        await fetched(guard(), f"http://outside.example:{host.port}/")

    assert refused.value.code == "too_large"


async def test_a_packed_answer_is_refused_unpacked(host: Host) -> None:
    async def packed(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    host.answer = packed

    with pytest.raises(DeliveryRejected):
        await fetched(guard(), f"http://outside.example:{host.port}/")


@pytest.mark.parametrize(("status", "code"), [(404, "file_gone"), (410, "file_gone"), (403, "")])
async def test_a_refusal_is_for_good(host: Host, status: int, code: str) -> None:
    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status)

    host.answer = refuse

    with pytest.raises(DeliveryRejected) as refused:
        await fetched(guard(), f"http://outside.example:{host.port}/")

    assert refused.value.code == (code or "rejected")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_trouble_may_pass(host: Host, status: int) -> None:
    async def fail(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status)

    host.answer = fail

    with pytest.raises(TemporaryFailure):
        await fetched(guard(), f"http://outside.example:{host.port}/")


async def test_a_name_that_nobody_knows_may_be_known_later(host: Host) -> None:
    with pytest.raises(TemporaryFailure):
        await fetched(guard(), f"http://nowhere.example:{host.port}/")


async def test_a_host_that_never_answers_is_given_up(host: Host) -> None:
    over = asyncio.Event()

    async def silent(request: web.BaseRequest) -> web.StreamResponse:
        await over.wait()
        return web.Response()

    host.answer = silent

    with pytest.raises(TemporaryFailure):
        await fetched(guard(), f"http://outside.example:{host.port}/", seconds=0.2)

    over.set()
