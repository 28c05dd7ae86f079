"""The log: facts with keys, and nothing that is nobody's business."""

import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest
import structlog

from tests.captured import captured_log

Lines = Callable[[], list[dict[str, object]]]

SECRETS = {
    "a Slack token": "xoxb-123456789012-abcdefghijkl",
    "a Telegram address": "https://api.example/bot123456789:AAabcdefghijklmnopqrstuvwxyz0123456/send",
    "a Telegram token": "123456789:AAabcdefghijklmnopqrstuvwxyz0123456",
    "a Meta token": "EAAabcdefghijklmnopqrstuvwxyz",
    "a Discord token": "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123",
    "a token of ours": "dk_abcdefghijklmnopqrstuvwxyz0123456789",
    "a bearer header": "Bearer abc.def-opaque-header-value",
    "an e-mail address": "ana.silva@example.com.br",
    "a phone number": "+55 11 91234-5678",
    "a secret of the settings": "hunter2-hunter2",
}


@pytest.fixture
def lines() -> Iterator[Lines]:
    with captured_log(secrets=["hunter2-hunter2"]) as stream:
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_blots_out(lines: Lines, secret: str) -> None:
    hidden = max(re.split(r"bot|/send|Bearer ", secret), key=len)

    structlog.get_logger("t").info("sent", detail=f"to {secret} now", deep=[{"x": secret}])
    logging.getLogger("library").warning("calling %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        structlog.get_logger("t").exception("failed")

    assert len(lines()) == 3
    assert hidden not in json.dumps(lines())


@pytest.mark.parametrize(
    "key", ["token", "webhook_secret", "Password", "authorization", "set-cookie", "api_key"]
)
def test_hides_whatever_is_called(lines: Lines, key: str) -> None:
    structlog.get_logger("t").info("event", **{key: "abcdef", "inside": {key: "abcdef"}})

    assert "abcdef" not in json.dumps(lines())


@pytest.mark.parametrize("key", ["text", "content", "excerpt", "body", "summary", "note"])
def test_hides_what_people_wrote(lines: Lines, key: str) -> None:
    structlog.get_logger("t").info("event", **{key: "my account is 1234"})

    assert "my account" not in json.dumps(lines())


def test_keeps_facts_with_their_keys(lines: Lines) -> None:
    structlog.get_logger("bridge.x").info("delivered", conversation=1042, ms=3.5, ok=True)

    (line,) = lines()
    assert (line["event"], line["conversation"], line["ms"], line["ok"]) == (
        "delivered",
        1042,
        3.5,
        True,
    )
    assert (line["level"], line["logger"]) == ("info", "bridge.x")
    assert str(line["timestamp"]).endswith("Z")


def test_one_entry_is_one_line_whatever_it_holds(lines: Lines) -> None:
    structlog.get_logger("t").info("event", name='a\nlevel="error"\x1b[31m\u2028b')

    (line,) = lines()
    assert line["name"] == 'a\nlevel="error"\x1b[31m\u2028b'


def test_writes_nothing_below_its_level(lines: Lines) -> None:
    structlog.get_logger("t").debug("quiet")

    assert lines() == []


def test_a_terminal_never_gets_an_escape_sequence_or_a_forged_line() -> None:
    with captured_log(format="text") as stream:
        logging.getLogger("library").warning("name \x1b[2J\n2026 [error] forged")

    assert "\x1b" not in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 1


def test_nobody_is_louder_than_the_level_that_was_asked_for() -> None:
    with captured_log("error") as stream:
        logging.getLogger("asyncio").warning("this took a while")
        structlog.get_logger("t").warning("and this")
        logging.getLogger("asyncio").error("this went wrong")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "this went wrong"
    ]
