"""Who is believed, and who is not."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bridge.adapters.channels.webchat.identity import CUSTOMER, SIGNATURE, Identities
from bridge.domain.errors import UntrustedRequest
from bridge.ports.channel import MessageReceived
from tests.adapters.webchat.rig import SECRET, Rig, signed

LINE = "5f3c1d9e-0c1b-4a57-9a63-2f1f2b7d7c10"
IDENTITIES = Identities(b"k" * 32, (SECRET.encode(), b"the old secret of it"))
GOOD = signed("ana")[SIGNATURE]


def raw(signature: str | None, *more: tuple[str, str], customer: str = "ana") -> bytes:
    """The identity headers as bytes, so that even what no library sends can be sent."""
    rows = [f"{CUSTOMER}: {customer}"]
    if signature is not None:
        rows.append(f"{SIGNATURE}: {signature}")
    rows += [f"{name}: {value}" for name, value in more]
    return "\r\n".join(rows).encode("latin-1")


FORGED: dict[str, Callable[[], bytes]] = {
    "absent": lambda: raw(None),
    "empty": lambda: raw(""),
    "wrong": lambda: raw("0" * 64),
    "truncated": lambda: raw(GOOD[:40]),
    "of another customer": lambda: raw(signed("bob")[SIGNATURE]),
    "sha1": lambda: raw(hmac.new(SECRET.encode(), b"ana", hashlib.sha1).hexdigest()),
    "upper case": lambda: raw(GOOD.upper()),
    "not ASCII": lambda: raw("é" * 64),
    "twice": lambda: raw(GOOD, (SIGNATURE, GOOD)),
}
TOKENS = {
    "absent": b"X-Nothing: 1",
    "empty": b"Authorization:",
    "no scheme": b"Authorization: abc.def",
    "another scheme": b"Authorization: Basic abc.def",
    "no tag": b"Authorization: Bearer abcdefghijklmnopqrstuv",
    "wrong tag": b"Authorization: Bearer abcdefghijklmnopqrstuv.AAAA",
    "not ASCII": b"Authorization: Bearer ab\xff\xfe.\xe9\xe9",
    "a NUL-like name": b"Authorization: Bearer ..",
    "together with a customer": b"Authorization: Bearer a.b\r\n" + raw(GOOD),
}


async def status(rig: Rig, headers: bytes, method: str = "POST", path: str = "/messages") -> int:
    """The status of a request written byte by byte."""
    where = urlsplit(rig.url)
    body = b'{"id": "%b", "text": "hello"}' % str(uuid4()).encode()
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    start = f"{method} {where.path}{path} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\n"
    writer.write(start.encode() + headers + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    answer = await reader.readline()
    writer.close()
    return int(answer.split()[1])


async def test_a_customer_is_found_by_his_id_and_a_visitor_by_nothing_made_up(rig: Rig) -> None:
    visitor, ana = await rig.session(), rig.customer("ana")

    await visitor.send("hello")
    await ana.send("hello")

    said = {event.address: event.anonymous for event in rig.core.of(MessageReceived)}
    assert said == {visitor.address: True, ana.address: False}


@pytest.mark.parametrize("case", FORGED)
async def test_a_forged_customer_is_refused_and_nothing_is_stored(rig: Rig, case: str) -> None:
    answered = await status(rig, FORGED[case]())

    assert answered == 401
    assert rig.core.events == []
    assert await rig.store.tail("ana", None, 10) == []


@pytest.mark.parametrize("case", TOKENS)
async def test_a_forged_visitor_is_refused_and_nothing_is_stored(rig: Rig, case: str) -> None:
    answered = await status(rig, TOKENS[case])

    assert answered == 401
    assert rig.core.events == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/messages"),
        ("POST", f"/messages/{LINE}"),
        ("DELETE", f"/messages/{LINE}"),
        ("GET", "/stream"),
        ("GET", "/history?before=1"),
        ("POST", "/received"),
        ("POST", "/read"),
        ("POST", "/typing"),
        ("POST", "/files"),
        ("GET", "/files/0123456789abcdef0123456789abcdef"),
    ],
)
async def test_every_address_asks_who_it_is(rig: Rig, method: str, path: str) -> None:
    assert await status(rig, raw("0" * 64), method, path) == 401


async def test_a_genuine_customer_is_believed(rig: Rig) -> None:
    assert await status(rig, raw(GOOD)) == 200


async def test_a_visitor_is_believed_by_his_token(rig: Rig) -> None:
    visitor = await rig.session()

    answered, _ = await visitor.send("hello")

    assert answered == 200
    (event,) = rig.core.of(MessageReceived)
    assert event.address == visitor.address
    assert event.external_id.startswith(f"{visitor.address}/")


async def test_two_visitors_never_get_the_same_token(rig: Rig) -> None:
    first, second = await rig.session(), await rig.session()

    assert first.proof != second.proof
    assert first.address != second.address


def test_the_old_secret_is_accepted_beside_the_new_one() -> None:
    headers = CIMultiDict(signed("ana", "the old secret of it"))

    assert IDENTITIES.recognise(headers) == "ana"


def test_without_a_secret_no_customer_is_recognised() -> None:
    nobody = Identities(b"k" * 32, ())

    with pytest.raises(UntrustedRequest):
        nobody.recognise(CIMultiDict(signed("ana")))


def test_a_customer_cannot_be_named_like_a_visitor() -> None:
    _, address = IDENTITIES.issue(b"\0" * 16)

    with pytest.raises(UntrustedRequest):
        IDENTITIES.recognise(CIMultiDict(signed(address)))


def test_a_token_of_another_key_is_refused() -> None:
    token, _ = Identities(b"other" * 8, ()).issue(b"\0" * 16)

    with pytest.raises(UntrustedRequest):
        IDENTITIES.recognise(CIMultiDict({"Authorization": f"Bearer {token}"}))


@given(st.binary(min_size=16, max_size=16))
def test_every_token_that_was_issued_is_recognised(random: bytes) -> None:
    token, address = IDENTITIES.issue(random)

    assert IDENTITIES.recognise(CIMultiDict({"Authorization": f"Bearer {token}"})) == address


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Authorization", CUSTOMER, SIGNATURE]),
            st.text(max_size=200).map(lambda text: f"Bearer {text}") | st.text(max_size=200),
        ),
        max_size=4,
    )
)
def test_whatever_the_headers_say_the_answer_is_a_refusal(rows: list[tuple[str, str]]) -> None:
    with pytest.raises(UntrustedRequest):
        IDENTITIES.recognise(CIMultiDict(rows))
