"""A process that does not run the desk has requests answered by the one that does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_network

import pytest
from aiohttp import ClientPayloadError, ClientResponse, web

from bridge.domain.errors import NotLeading
from bridge.domain.ids import MINUTE, Instant
from bridge.ports.holding import Role
from bridge.ports.http import CLIENT_ADDRESS, read_body
from bridge.web.health import Phase
from bridge.web.passing_on import PassingOn, Place
from bridge.web.seal import Seal
from bridge.web.server import address_of, bind
from bridge.web.sharing import Sharing
from bridge.web.trust import PASSED_ON, Trust, is_local
from tests.patience import until
from tests.unit.web.conftest import Handler, Serve, Small

KEY = b"the same in every process of a desk"
PROXY = Trust((ip_network("127.0.0.1"),))
ABROAD = {"X-Forwarded-For": "203.0.113.7"}


@dataclass(kw_only=True)
class Moving:
    """Time that a test moves."""

    at: int = 1_800_000_000_000

    def now(self) -> Instant:
        return Instant(self.at)


@dataclass(kw_only=True)
class Two:
    """A process that leads and one beside it, at the same handlers."""

    leader: Small
    beside: Small
    passing_on: PassingOn
    clock: Moving
    place: Place | None = None


Start = Callable[..., Awaitable[Two]]


def url_of(small: Small) -> str:
    host, port = small.address
    return f"http://{host}:{port}"


@pytest.fixture
async def start(serve: Serve) -> AsyncIterator[Start]:
    """Two processes with these handlers at `/a`, `/b`, ...; `anywhere` names what each serves."""
    made: list[PassingOn] = []

    async def run(
        *handlers: Handler, anywhere: tuple[str, ...] = (), most: int = 100, role: Role = Role.ALL
    ) -> Two:
        clock = Moving()
        seal = Seal(KEY, clock)
        found: list[Two] = []
        passing_on = PassingOn(seal, lambda: found[0].place, most)
        made.append(passing_on)
        sharing = Sharing(Role.ALL, seal, passing_on)
        sharing.anywhere([("GET", each) for each in anywhere] + [("POST", e) for e in anywhere])
        leader = await serve(*handlers, sharing=Sharing(role, seal, passing_on))
        beside = await serve(*handlers, sharing=sharing, trust=PROXY)
        beside.health.phase = Phase.INTAKE
        two = Two(leader=leader, beside=beside, passing_on=passing_on, clock=clock)
        two.place = Place(url=url_of(leader), epoch=1)
        found.append(two)
        return two

    yield run
    for each in made:
        await each.close()


async def echo(request: web.Request) -> web.Response:
    """Everything that came."""
    return web.json_response(
        {
            "method": request.method,
            "target": request.raw_path,
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": (await request.read()).decode(),
            "client": request[CLIENT_ADDRESS],
            "local": is_local(request),
            "passed": PASSED_ON in request.headers,
        },
        status=202,
        headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Own", "kept")],
    )


async def test_a_request_is_answered_by_the_process_that_leads(start: Start) -> None:
    two = await start(echo)

    answer = await two.beside.client.patch(
        "/a/b%2Fc?q=%C3%A7&q=2", data=b"words", headers={"X-Mine": "1", "Authorization": "Bearer x"}
    )
    told = await answer.json()

    assert answer.status == 202
    assert (told["method"], told["target"]) == ("PATCH", "/a/b%2Fc?q=%C3%A7&q=2")
    assert (told["body"], told["passed"]) == ("words", True)
    assert (told["headers"]["x-mine"], told["headers"]["authorization"]) == ("1", "Bearer x")
    assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]
    assert answer.headers["X-Own"] == "kept"


async def test_a_request_that_names_its_host_in_its_first_line_is_passed_on(start: Start) -> None:
    two = await start(echo)
    reader, writer = await asyncio.open_connection(*two.beside.address)
    writer.write(b"GET http://desk.test/a?q=1 HTTP/1.1\r\nHost: desk.test\r\n\r\n")

    first = await reader.readline()

    writer.close()
    await writer.wait_closed()
    assert first == b"HTTP/1.1 202 Accepted\r\n"
    assert two.passing_on.passed == 1


async def test_what_is_between_two_neighbours_stays_there(start: Start) -> None:
    two = await start(echo)
    ours = {"Connection": "keep-alive, X-Hop", "X-Hop": "1", "TE": "trailers", "Host": "desk.test"}

    told = await (await two.beside.client.get("/a", headers=ours)).json()

    assert not {"x-hop", "te", "keep-alive"} & set(told["headers"])
    assert told["headers"]["host"] == "desk.test"


async def test_who_leads_knows_the_client_and_nobody_who_is_passed_on_is_local(
    start: Start,
) -> None:
    two = await start(echo)

    abroad = await (await two.beside.client.get("/a", headers=ABROAD)).json()
    here = await (await two.beside.client.get("/a")).json()
    direct = await (await two.leader.client.get("/a", headers={})).json()

    assert (abroad["client"], abroad["local"]) == ("203.0.113.7", False)
    assert (here["client"], here["local"]) == ("127.0.0.1", False)
    assert (direct["client"], direct["local"]) == ("127.0.0.1", True)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param("1800000000000 00 127.0.0.1", id="a made up proof"),
        pytest.param("soon \N{SNOWMAN} x", id="no time"),
        pytest.param("9" * 4_000, id="long"),
    ],
)
async def test_nobody_else_can_say_that_he_passes_something_on(start: Start, header: str) -> None:
    two = await start(echo)

    refused = [
        await small.client.get("/a", headers={PASSED_ON: header.encode().decode("latin-1")})
        for small in (two.leader, two.beside)
    ]

    assert [each.status for each in refused] == [401, 401]


@pytest.mark.parametrize(
    ("method", "target", "later"),
    [
        pytest.param("GET", "/a/other", 0, id="for another address"),
        pytest.param("POST", "/a", 0, id="for another method"),
        pytest.param("GET", "/a", 6 * MINUTE, id="long ago"),
        pytest.param("GET", "/a", -6 * MINUTE, id="in the future"),
    ],
)
async def test_a_seal_is_good_for_one_question_and_some_minutes(
    start: Start, method: str, target: str, later: int
) -> None:
    two = await start(echo)
    made = Seal(KEY, two.clock).made("GET", "/a", "127.0.0.1")
    good = await two.leader.client.get("/a", headers={PASSED_ON: made})

    two.clock.at += later
    other = await two.leader.client.request(method, target, headers={PASSED_ON: made})

    assert (good.status, other.status) == (202, 401)


async def test_an_event_arrives_when_it_happens(start: Start) -> None:
    happens = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: first\n\n")
        await happens.wait()
        await response.write(b"data: second\n\n")
        return response

    two = await start(stream)

    async with two.beside.client.get("/a") as answer:
        first = await answer.content.readuntil(b"\n\n")
        happens.set()
        rest = await answer.content.read()

    assert (answer.content_type, first, rest) == (
        "text/event-stream",
        b"data: first\n\n",
        b"data: second\n\n",
    )


async def test_a_large_file_is_passed_on_while_it_arrives(start: Start) -> None:
    begun = asyncio.Event()
    part = b"x" * 100_000

    async def take(request: web.Request) -> web.Response:
        size = 0
        async for chunk in request.content.iter_any():
            begun.set()
            size += len(chunk)
        return web.json_response({"size": size, "announced": request.content_length})

    async def parts() -> AsyncIterator[bytes]:
        yield part
        await begun.wait()
        for _ in range(19):
            yield part

    two = await start(take)
    length = {"Content-Length": str(20 * len(part))}

    async with two.beside.client.post("/a", data=parts(), headers=length) as answer:
        told = await answer.json()

    assert told == {"size": 2_000_000, "announced": 2_000_000}


async def test_a_client_who_goes_away_is_gone_there_too(start: Start) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: first\n\n")
        begun.set()
        await until(lambda: request.transport is None)
        over.set()
        return response

    two = await start(stream)
    async with two.beside.client.get("/a"):
        await begun.wait()

    def looked() -> bool:
        two.passing_on.sweep()
        return over.is_set()

    await until(looked)
    await until(lambda: two.passing_on.under_way == 0)
    assert two.passing_on.failed == 0


async def test_what_a_process_will_never_answer_is_broken_off(start: Start) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if request.path == "/a/begun":
            await response.prepare(request)
            await response.write(b"half")
        begun.set()
        await never.wait()
        return response

    two = await start(silent)
    first = asyncio.create_task(two.beside.client.get("/a"))
    await begun.wait()
    async with two.beside.client.get("/a/begun") as half:
        assert two.place is not None
        two.place.over.set()
        two.passing_on.sweep()

        with pytest.raises(ClientPayloadError):
            await half.read()

    refused = await first
    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    never.set()


async def test_while_nobody_leads_everybody_is_asked_to_come_back(start: Start) -> None:
    two = await start(echo)
    two.place = None

    program = await two.beside.client.post("/a")
    person = await two.beside.client.get("/a", headers={"Accept": "text/html"})

    for answer in (program, person):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert (await program.json())["error"]["code"] == "overloaded"
    assert person.content_type == "text/html"


async def test_what_was_sent_is_not_sent_again(start: Start) -> None:
    asked: list[str] = []

    async def hangs_up(request: web.Request) -> web.Response:
        asked.append(await request.text())
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    two = await start(hangs_up)

    answer = await two.beside.client.post("/a", data=b"once")

    assert (answer.status, asked) == (503, ["once"])


async def test_a_process_that_is_gone_is_not_waited_for(start: Start) -> None:
    two = await start(echo)
    with closing(bind("127.0.0.1", 0)) as nobody:  # bound, but nobody listens there
        two.place = Place(url=address_of(nobody), epoch=2)

        answer = await two.beside.client.get("/a")

    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


async def test_there_is_one_hop_and_never_two(start: Start) -> None:
    two = await start(echo)
    two.leader.health.phase = Phase.INTAKE  # its address is stale, and it passes on to itself

    answer = await two.beside.client.get("/a")

    assert answer.status == 503
    assert "another process" in (await answer.json())["error"]["message"]


async def test_only_so_many_are_under_way(start: Start) -> None:
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        begun.set()
        await going_on.wait()
        return web.Response()

    two = await start(slow, most=1)
    first = asyncio.create_task(two.beside.client.get("/a"))
    await begun.wait()

    second = await two.beside.client.get("/a")
    going_on.set()

    assert (second.status, (await first).status) == (503, 200)


async def test_what_every_process_can_do_is_done_here_and_its_rest_there(start: Start) -> None:
    async def take(request: web.Request) -> web.Response:
        body = await read_body(request, 100)
        if body == b"with a file" and PASSED_ON not in request.headers:
            raise NotLeading
        return web.json_response({"passed": PASSED_ON in request.headers, "body": str(body)})

    two = await start(take, anywhere=("/a",))

    async def told(answer: ClientResponse) -> object:
        return await answer.json()

    here = await told(await two.beside.client.post("/a", data=b"words"))
    there = await told(await two.beside.client.post("/a", data=b"with a file"))
    other = await told(await two.beside.client.post("/a/b", data=b"words"))

    assert here == {"passed": False, "body": "b'words'"}
    assert there == {"passed": True, "body": "b'with a file'"}
    assert other == {"passed": True, "body": "b'words'"}


async def test_each_process_says_itself_how_it_is(start: Start) -> None:
    two = await start(echo)
    two.place = None
    found = []

    for phase in Phase:
        two.beside.health.phase = phase
        alive = await two.beside.client.get("/healthz")
        ready = await two.beside.client.get("/readyz")
        taking = await two.beside.client.get("/readyz?for=customers")
        nowhere = await two.beside.client.get("/nowhere")
        statuses = [each.status for each in (alive, ready, taking, nowhere)]
        found.append((phase.value, *statuses))

    assert found == [
        ("starting", 200, 503, 503, 404),
        ("standby", 200, 503, 503, 404),
        ("intake", 200, 200, 200, 404),
        ("catching_up", 200, 503, 200, 404),
        ("ready", 200, 200, 200, 404),
        ("draining", 200, 503, 503, 404),
    ]


async def test_a_worker_serves_processes_and_this_machine_only(start: Start) -> None:
    two = await start(echo, role=Role.WORKER)

    passed = await two.beside.client.get("/a", headers=ABROAD)
    local = await two.leader.client.get("/a")
    outside = await two.leader.client.get("/a", headers=ABROAD)
    alive = await two.leader.client.get("/healthz", headers=ABROAD)

    assert [each.status for each in (passed, local, outside, alive)] == [202, 202, 503, 200]


async def test_a_process_that_starts_or_stops_serves_nothing(start: Start) -> None:
    two = await start(echo, anywhere=("/a",))
    found = []

    for phase in (Phase.STARTING, Phase.STANDBY, Phase.DRAINING):
        two.beside.health.phase = phase
        found.append((await two.beside.client.get("/a")).status)

    assert found == [503, 503, 503]
