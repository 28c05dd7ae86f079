"""Which sites may embed the chat."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import ValidationError
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bridge.adapters.channels.webchat.gate import Origins
from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.adapters.channels.webchat.strangers import MOST, OTHERS, Strangers
from tests.adapters.webchat.rig import DEFAULTS, Rig, serve

OWN = "https://desk.example"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://shop.example", True),
        (OWN, True),
        ("https://chat.internal:8080", True),
        ("http://shop.example", False),
        ("https://shop.example:444", False),
        ("https://shop.example.evil.example", False),
        ("https://evil.example", False),
        ("https://sub.shop.example", False),
        ("null", False),
        ("", False),
        ("file://", False),
    ],
)
def test_only_the_exact_origin_is_allowed(origin: str, allowed: bool) -> None:
    origins = Origins(("https://shop.example",), OWN)

    assert origins.allow(origin, "chat.internal:8080") is allowed


def test_a_star_allows_every_site() -> None:
    assert Origins(("*",), OWN).allow("https://evil.example", "x")


@pytest.mark.parametrize("origin", ["https://\udcff\udcfe", "https://é.example"])
def test_what_no_header_can_say_back_is_no_origin(origin: str) -> None:
    host = origin.removeprefix("https://")

    assert not Origins(("*",), OWN).allow(origin, host)


@pytest.mark.parametrize(
    "origin",
    ["shop.example", "https://shop.example/", "https://*.shop.example", "https://", "ftp://a", ""],
)
def test_an_origin_that_is_none_is_named_at_start(origin: str) -> None:
    with pytest.raises(ValidationError, match="is not an origin"):
        WebChatSettings(origins=(origin,))


async def test_another_site_is_refused_and_may_not_even_read_why(rig: Rig) -> None:
    headers = {**rig.customer().proof, "Origin": "https://evil.example"}
    for method, path in [("POST", "/messages"), ("OPTIONS", "/messages"), ("GET", "/stream")]:
        async with rig.http.request(method, rig.url + path, headers=headers) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert answer.headers["Vary"] == "Origin"
    assert rig.core.events == []


async def test_an_allowed_site_may_ask_first_and_then_send(rig: Rig) -> None:
    origin = {"Origin": "https://shop.example"}
    async with rig.http.options(f"{rig.url}/messages", headers=origin) as asked:
        pass
    async with rig.http.post(f"{rig.url}/session", json={}, headers=origin) as answered:
        pass

    assert asked.status == 204
    assert "X-Deskbridge-Signature" in asked.headers["Access-Control-Allow-Headers"]
    assert "DELETE" in asked.headers["Access-Control-Allow-Methods"]
    for answer in (asked, answered):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Vary"] == "Origin"
    assert "Retry-After" in answered.headers["Access-Control-Expose-Headers"]


async def test_the_stream_may_be_read_by_an_allowed_site(rig: Rig) -> None:
    headers = {**rig.customer().proof, "Origin": "https://shop.example"}
    async with rig.http.get(f"{rig.url}/stream", headers=headers) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_a_refusal_can_be_read_by_an_allowed_site(rig: Rig) -> None:
    headers = {"Origin": "https://shop.example"}
    async with rig.http.post(f"{rig.url}/messages", data=b"{}", headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


@pytest.mark.parametrize(
    ("origin", "allowed"), [("https://shop.example", True), ("https://evil.example", False)]
)
async def test_any_site_may_ask_whether_it_is_welcome(rig: Rig, origin: str, allowed: bool) -> None:
    async with rig.http.get(f"{rig.url}/welcome", headers={"Origin": origin}) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-store"
        assert await answer.json() == {"allowed": allowed}


@pytest.fixture
def written() -> Iterator[list[EventDict]]:
    """What is logged meanwhile, whatever was set up before."""
    structlog.reset_defaults()
    with capture_logs() as lines:
        yield lines


async def knock(rig: Rig, *origins: str) -> None:
    for origin in origins:
        async with rig.http.get(f"{rig.url}/welcome", headers={"Origin": origin}):
            pass


async def test_a_refused_site_is_logged_once_and_counted(
    written: list[EventDict], rig: Rig
) -> None:
    await knock(rig, "https://evil.example", "https://evil.example", "https://bad.example")

    assert [line["origin"] for line in written if line["event"] == "origin_refused"] == [
        "https://evil.example",
        "https://bad.example",
    ]
    assert {line["allow_in"] for line in written} == {"[channels.site] origins"}
    assert [(dict(count.labels)["origin"], count.value) for count in rig.chat.counts()] == [
        ("https://evil.example", 2),
        ("https://bad.example", 1),
    ]


def test_sites_that_are_made_up_fill_neither_the_log_nor_the_memory(
    written: list[EventDict],
) -> None:
    strangers = Strangers("site")

    for number in range(1_000):
        strangers.note(f"https://{number}.example" + "x" * 10_000)

    assert len(written) == len(strangers.seen) == MOST + 1
    assert strangers.seen[OTHERS] == 1_000 - MOST
    assert max(map(len, strangers.seen)) == 200


async def test_doctor_names_the_sites_that_were_refused(rig: Rig) -> None:
    await knock(rig, "https://www.shop.example")

    origins, _ = await rig.chat.diagnose()

    assert origins.warning
    assert "refused since the start: https://www.shop.example" in origins.detail
    assert "[channels.site] origins" in origins.fix


async def test_doctor_warns_when_every_site_may_embed_it(tmp_path: Path) -> None:
    async with serve(tmp_path, DEFAULTS.model_copy(update={"origins": ("*",)})) as rig:
        origins, identity = await rig.chat.diagnose()

    assert (origins.ok, origins.warning) == (False, True)
    assert "channels.site" in origins.fix
    assert identity.ok
