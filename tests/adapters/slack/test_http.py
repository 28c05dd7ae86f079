"""HTTP mode believes nobody but Slack."""

import io
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.workspaces.slack.receiving.routes import decode
from bridge.adapters.workspaces.slack.receiving.signature import sign, verify
from bridge.domain.errors import InvalidSettings, StorageUnavailable, UntrustedRequest
from bridge.domain.ids import Instant
from tests.adapters.slack.receiving_rig import Rig, receiving

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = Instant(1_700_000_000_000)
STAMP = "1700000000"
BODY = b'{"type":"event_callback"}'


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path, "http") as started:
        yield started


# --- the signature ----------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [-300, -299, 0, 299, 300])
def test_a_signed_body_is_believed_for_five_minutes(ahead: int) -> None:
    now = Instant(NOW + ahead * 1_000)

    verify(SECRET, [STAMP], [sign(SECRET, STAMP, BODY)], BODY, now)


GOOD = sign(SECRET, STAMP, BODY)
FORGED: Mapping[str, tuple[list[str], list[str], bytes]] = {
    "no headers": ([], [], BODY),
    "no signature": ([STAMP], [], BODY),
    "no timestamp": ([], [GOOD], BODY),
    "empty signature": ([STAMP], [""], BODY),
    "empty timestamp": ([""], [GOOD], BODY),
    "malformed timestamp": (["abc"], [GOOD], BODY),
    "negative timestamp": (["-1700000000"], [sign(SECRET, "-1700000000", BODY)], BODY),
    "timestamp with a fraction": (["1700000000.5"], [sign(SECRET, "1700000000.5", BODY)], BODY),
    "timestamp in other digits": (["١٧٠٠٠٠٠٠٠٠"], [GOOD], BODY),
    "endless timestamp": (["1" * 5_000], [GOOD], BODY),
    "timestamp with a space": ([STAMP + " "], [GOOD], BODY),
    "non-ASCII signature": ([STAMP], ["v0=" + "é" * 64], BODY),
    "another version": ([STAMP], ["v1=" + GOOD[3:]], BODY),
    "no version": ([STAMP], [GOOD[3:]], BODY),
    "upper case": ([STAMP], [GOOD.upper()], BODY),
    "truncated": ([STAMP], [GOOD[:-1]], BODY),
    "longer": ([STAMP], [GOOD + "0"], BODY),
    "two signatures": ([STAMP], [GOOD, GOOD], BODY),
    "two timestamps": ([STAMP, STAMP], [GOOD], BODY),
    "two in one": ([STAMP], [f"{GOOD},{GOOD}"], BODY),
    "another secret": ([STAMP], [sign("other", STAMP, BODY)], BODY),
    "another body": ([STAMP], [GOOD], BODY + b" "),
    "no body": ([STAMP], [GOOD], b""),
    "another time": (["1700000001"], [GOOD], BODY),
    "old": (["1699999699"], [sign(SECRET, "1699999699", BODY)], BODY),
    "from the future": (["1700000301"], [sign(SECRET, "1700000301", BODY)], BODY),
}


@pytest.mark.parametrize("case", FORGED)
def test_nothing_else_is_believed(case: str) -> None:
    stamps, signatures, body = FORGED[case]

    with pytest.raises(UntrustedRequest):
        verify(SECRET, stamps, signatures, body, NOW)


def test_without_a_secret_nobody_is_believed() -> None:
    with pytest.raises(UntrustedRequest):
        verify("", [STAMP], [sign("", STAMP, BODY)], BODY, NOW)


@given(st.text(), st.text(), st.binary())
def test_any_headers_are_refused_without_another_error(
    stamp: str, signature: str, body: bytes
) -> None:
    with pytest.raises(UntrustedRequest):
        verify(SECRET, [stamp], [signature], body, NOW)


# --- bodies -----------------------------------------------------------------------------------


def test_events_commands_and_clicks_are_read() -> None:
    form = "application/x-www-form-urlencoded"

    assert decode(b'{"a": 1}', "application/json") == {"a": 1}
    assert decode(b"command=%2Fx&text=payload+me", form) == {"command": "/x", "text": "payload me"}
    assert decode(urlencode({"payload": '{"b": 2}'}).encode(), form) == {"b": 2}


# --- the door ---------------------------------------------------------------------------------


async def knock(rig: Rig, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of one request."""
    kind = {"Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(rig.url, data=io.BytesIO(body), headers={**kind, **headers}) as answer,
    ):
        text = await answer.text()
        return answer.status if "challenge" not in text else -answer.status


def signed(rig: Rig, body: bytes) -> dict[str, str]:
    """Slack's own headers for a body."""
    stamp = str(rig.clock.now() // 1_000)
    signature = sign(rig.app.signing_secret, stamp, body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


async def a_reply(rig: Rig) -> bytes:
    """An event that is a line for the desk."""
    root = await rig.thread()
    event = {
        "type": "message",
        "channel": root.channel,
        "user": rig.ana.id,
        "text": "hello",
        "ts": "1700000000.000100",
        "thread_ts": root.ts,
    }
    return json.dumps({"type": "event_callback", "event": event}).encode()


async def test_what_slack_signed_is_taken(rig: Rig) -> None:
    body = await a_reply(rig)

    assert await knock(rig, body, signed(rig, body)) == 200

    assert rig.desk.words() == ["hello"]


FORGERS: Mapping[str, Mapping[str, str]] = {
    "nothing": {},
    "a malformed timestamp": {"X-Slack-Request-Timestamp": "abc"},
    "an old timestamp": {"X-Slack-Request-Timestamp": "1600000000"},
    "a huge timestamp": {"X-Slack-Request-Timestamp": "9" * 400},
    "a signature that is not ASCII": {"X-Slack-Signature": "v0=ééé"},
    "another version": {"X-Slack-Signature": "v1=" + "0" * 64},
    "another signature": {"X-Slack-Signature": "v0=" + "0" * 64},
    "an empty signature": {"X-Slack-Signature": ""},
    "an encoding": {"Content-Encoding": "identity"},
}


@pytest.mark.parametrize("case", FORGERS)
async def test_a_forged_request_is_401_and_leaves_nothing(rig: Rig, case: str) -> None:
    body = await a_reply(rig)
    headers = {**signed(rig, body), **FORGERS[case]} if FORGERS[case] else {}

    assert await knock(rig, body, headers) == 401

    assert rig.desk.tried == 0


async def test_a_body_that_was_changed_is_401(rig: Rig) -> None:
    body = await a_reply(rig)

    assert await knock(rig, body.replace(b"hello", b"hullo"), signed(rig, body)) == 401

    assert rig.desk.tried == 0


async def test_a_request_that_is_played_again_is_401(rig: Rig) -> None:
    body = await a_reply(rig)
    headers = signed(rig, body)
    await knock(rig, body, headers)

    assert await knock(rig, body, headers) == 401

    assert rig.desk.tried == 1


async def test_a_request_played_again_later_is_401(rig: Rig) -> None:
    body = await a_reply(rig)
    headers = signed(rig, body)
    rig.clock.forward(301_000)

    assert await knock(rig, body, headers) == 401

    assert rig.desk.tried == 0


async def test_a_body_of_five_megabytes_is_401(rig: Rig) -> None:
    body = b'{"a":"' + b"x" * 5_000_000 + b'"}'

    assert await knock(rig, body, signed(rig, body)) == 401

    assert rig.desk.tried == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b"null", b'"x"', b""])
async def test_a_signed_body_that_nobody_can_read_is_400(rig: Rig, body: bytes) -> None:
    assert await knock(rig, body, signed(rig, body)) == 400


async def test_what_was_not_taken_may_come_again_with_the_same_signature(rig: Rig) -> None:
    body = await a_reply(rig)
    headers = signed(rig, body)
    rig.desk.fault = StorageUnavailable("full")
    first = await knock(rig, body, headers)
    rig.desk.fault = None

    assert (first, await knock(rig, body, headers)) == (503, 200)

    assert rig.desk.words() == ["hello"]


async def test_the_address_is_proved_to_slack_alone(rig: Rig) -> None:
    body = b'{"type":"url_verification","challenge":"abc"}'

    assert await rig.slack.office.verify_url(rig.app)
    assert await knock(rig, body, {}) == 401
    assert await knock(rig, body, signed(rig, body)) == -200


async def test_after_the_stop_nothing_is_taken(rig: Rig) -> None:
    body = await a_reply(rig)
    await rig.receiving.stop()

    assert await knock(rig, body, signed(rig, body)) == 503

    assert rig.desk.tried == 0


@pytest.mark.parametrize(("mode", "missing"), [("http", "signing_secret"), ("socket", "app_token")])
async def test_without_its_secret_a_workspace_does_not_start(
    tmp_path: Path, mode: str, missing: str
) -> None:
    with pytest.raises(InvalidSettings, match=missing):
        async with receiving(tmp_path, mode, **{missing: ""}):  # type: ignore[arg-type]
            pass
