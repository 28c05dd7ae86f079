"""Whatever stands in the head of a request or in its address: nothing of ours breaks over it."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from tests.integration.robust.bodies import JSON
from tests.integration.robust.ground import CHANGING, Entry, Ground
from tests.integration.robust.heads import BROKEN, IDS, QUERY_NAMES, QUERY_VALUES, SAID_BADLY
from tests.integration.robust.routes import NO_MORE_THAN_A_SESSION, UPLOADS, target
from tests.integration.robust.wire import Header, Reply

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOME = pytest.mark.parametrize(
    "every",
    [pytest.param(5, id="every fifth"), pytest.param(1, id="all", marks=pytest.mark.long)],
)
"""Quickly, each address gets every fifth case and each case every fifth address."""

_NO_JSON = b"{ "
_CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


def entries(ground: Ground, *methods: str) -> list[Entry]:
    """Entry points that bad input may be tried on with what lets somebody in."""
    found = ground.entries(*(methods or ("GET", *CHANGING)))
    return [each for each in found if str(each) not in NO_MORE_THAN_A_SESSION]


def proof_but(entry: Entry, ground: Ground, said: Sequence[Header]) -> list[Header]:
    """What lets somebody in, but where something else is said instead."""
    instead = {name for name, _ in said}
    return [*(each for each in ground.proof(entry) if each[0] not in instead), *said]


def bad(entry: Entry, case: str, reply: Reply) -> Iterator[str]:
    """What is wrong: looking may work, changing must not, and nothing may break."""
    least = 200 if entry.method == "GET" else 400
    if not least <= reply.status < 500:
        yield f"{entry}, {case[:40]}: {reply.status} {reply.body[:80]!r}"


def unharmed(ground: Ground, before: Mapping[str, int], found: Sequence[str]) -> None:
    """Nothing broke, nobody has to look at the log, nothing was kept."""
    assert not found, "\n".join(found[:40])
    assert ground.complaints.getvalue() == ""
    assert ground.rows() == before


@SOME
async def test_nothing_said_in_a_header_breaks_anything(ground: Ground, every: int) -> None:
    before, found = ground.rows(), list[str]()

    for number, entry in enumerate(entries(ground)):
        body = b"" if str(entry) in UPLOADS else _NO_JSON
        for case, said in list(SAID_BADLY.items())[number % every :: every]:
            headers = [*proof_but(entry, ground, said), ("Content-Type", JSON)]
            reply = await ground.wire.send(
                entry.method,
                target(entry, ground),
                headers,
                None if entry.method == "GET" else body,
            )
            found += bad(entry, case, reply)

    unharmed(ground, before, found)


@SOME
async def test_what_is_no_request_is_answered_or_dropped(ground: Ground, every: int) -> None:
    before, found = ground.rows(), list[str]()

    for number, entry in enumerate(entries(ground)):
        for case, headers in list(BROKEN.items())[number % every :: every]:
            all_headers = [*ground.proof(entry), *headers, ("Connection", "close")]
            if str(entry) in UPLOADS:
                all_headers.append(("Content-Encoding", "x"))
            reply = await ground.wire.raw(
                entry.method, target(entry, ground), all_headers, _NO_JSON
            )
            found += bad(entry, case, reply) if reply.status else ()

    unharmed(ground, before, found)


async def test_names_of_nothing_in_an_address_lead_nowhere(ground: Ground) -> None:
    before, found = ground.rows(), list[str]()

    for entry in entries(ground):
        for name in IDS if entry.parameters else ():
            address = b"/".join(
                name if part.startswith("{") else part.encode() for part in entry.path.split("/")
            )
            headers = [*ground.proof(entry), ("Content-Type", JSON)]
            body = None if entry.method == "GET" else _NO_JSON
            reply = await ground.wire.send(entry.method, address, headers, body)
            found += bad(entry, repr(name), reply)

    unharmed(ground, before, found)


@SOME
async def test_nothing_asked_for_in_an_address_breaks_anything(ground: Ground, every: int) -> None:
    before, found = ground.rows(), list[str]()
    asked = [f"{name}={value}" for name in QUERY_NAMES for value in QUERY_VALUES]

    for number, entry in enumerate(entries(ground, "GET")):
        for query in asked[number % every :: every]:
            address = f"{entry.at(ground.ids)}?{query}"
            reply = await ground.wire.send("GET", address, ground.proof(entry))
            found += bad(entry, query, reply)

    unharmed(ground, before, found)


async def test_a_body_without_end_is_cut_off(ground: Ground) -> None:
    before, found = ground.rows(), list[str]()

    for entry in entries(ground, *CHANGING):
        chunks = 500 if str(entry) in UPLOADS else 20
        headers: list[Header] = [
            *ground.proof(entry),
            ("Host", ground.wire.host),
            ("Content-Type", JSON),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "close"),
        ]
        sent = _CHUNK * chunks
        reply = await ground.wire.raw(entry.method, target(entry, ground), headers, sent)
        found += bad(entry, "without end", reply)

    unharmed(ground, before, found)
