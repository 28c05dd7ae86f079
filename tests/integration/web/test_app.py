"""A whole desk: how it starts, what it shows of itself, how it stops."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app import build
from bridge.app.lock import running
from bridge.domain.errors import InvalidSettings, StorageUnavailable
from bridge.settings import load
from tests.integration.web.conftest import SETTINGS, Office, Open
from tests.patience import PATIENCE, seen


async def status(office: Office, path: str, **headers: str) -> int:
    async with office.http.get(path, headers=headers) as answer:
        return answer.status


async def test_a_customers_line_is_on_disk_before_it_is_answered(
    office: Office, settings_file: Path
) -> None:
    assert await office.visitor().write("canary 4711") == 200

    database = sqlite3.connect(settings_file.parent / "data" / "desk.db")
    with contextlib.closing(database):
        rows = database.execute("SELECT content FROM message").fetchall()
    assert any("canary 4711" in str(row[0]) for row in rows)


async def test_what_was_there_is_there_after_a_restart(
    open_office: Open, settings_file: Path
) -> None:
    first = await open_office()
    await first.operator("POST", "/v1/queues", {"name": "support", "title": "Support"})
    token = await first.token("queues:read", "conversations:read")
    await first.visitor().write("hello")
    await first.app.stop()

    second = await open_office()
    token = type(token)(second.http, token.headers["Authorization"].removeprefix("Bearer "))

    queues = (await token("GET", "/v1/queues")).body["queues"]
    conversations = (await token("GET", "/v1/conversations")).body["conversations"]
    assert [queue["name"] for queue in queues] == ["support"]
    assert [row["number"] for row in conversations] == [1]


async def test_it_says_where_it_runs_while_it_runs(open_office: Open, settings_file: Path) -> None:
    data = settings_file.parent / "data"
    office = await open_office()

    during = running(data)
    await office.app.stop()

    assert during is not None
    assert during.url == office.app.url
    assert running(data) is None


async def test_a_second_process_is_kept_out(office: Office, settings_file: Path) -> None:
    with pytest.raises(InvalidSettings, match="this desk is running already"):
        await build(load(settings_file, {}), port=0)

    assert await status(office, "/readyz") == 200


async def test_a_start_that_fails_leaves_nothing_behind(
    settings_file: Path, tmp_path: Path
) -> None:
    settings = load(settings_file, {})
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "desk.db").write_bytes(b"this is not a database" * 100)

    with pytest.raises((InvalidSettings, StorageUnavailable)):
        await build(settings, port=0)

    assert running(settings.data_dir) is None


async def test_a_disk_that_is_locked_is_not_ready_and_recovers_by_itself(
    office: Office, settings_file: Path
) -> None:
    other = sqlite3.connect(settings_file.parent / "data" / "desk.db", isolation_level=None)
    with contextlib.closing(other):
        other.execute("BEGIN IMMEDIATE")
        locked = await status(office, "/readyz")
        alive = await status(office, "/healthz")
        other.execute("ROLLBACK")
    await seen(lambda: status(office, "/readyz"), 200)

    assert (locked, alive) == (503, 200)
    assert await office.visitor().write("hello") == 200


async def test_the_front_page_links_to_what_is_configured(office: Office) -> None:
    async with office.http.get("/", headers={"Accept-Language": "pt-BR"}) as answer:
        page = await answer.text()

    assert "Acme está no ar" in page
    assert 'href="/desk"' in page
    assert 'href="/chat/webchat/try"' in page
    assert 'href="/chat/other/try"' in page


@pytest.mark.parametrize("path", ["/front.css", "/favicon.svg", "/favicon.ico", "/desk"])
async def test_serves(office: Office, path: str) -> None:
    assert await status(office, path) == 200


async def test_metrics_are_for_this_machine_or_for_a_token(office: Office) -> None:
    reader = await office.token("metrics:read")
    other = await office.token("queues:read")

    assert await status(office, "/metrics") == 200
    forwarded = {"X-Forwarded-For": "127.0.0.1"}
    assert await status(office, "/metrics", **forwarded) == 401
    assert await status(office, "/metrics", **forwarded, **other.headers) == 403
    assert await status(office, "/metrics", **forwarded, **reader.headers) == 200


async def test_metrics_tell_what_the_desk_did(office: Office) -> None:
    await office.visitor().write("hello")

    async with office.http.get("/metrics") as answer:
        text = await answer.text()

    numbers = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(numbers["deskbridge_inbox_accepted_total"]) >= 4
    assert numbers['deskbridge_conversations{state="bot"}'] == "1.0"
    assert numbers['deskbridge_agents{presence="unavailable"}'] == "1.0"
    assert numbers["deskbridge_inbox_dead_total"] == "0.0"
    assert numbers["deskbridge_inbox_arrived_before_total"] == "0.0"
    assert numbers['deskbridge_place_refuses_us{place="channels.webchat"}'] == "0.0"


async def test_metrics_name_the_sites_that_were_refused(office: Office) -> None:
    stranger = {"Origin": "https://www.shop.example"}
    for channel in ("webchat", "other"):
        async with office.http.get(f"/chat/{channel}/welcome", headers=stranger):
            pass

    async with office.http.get("/metrics") as answer:
        text = await answer.text()

    name = "deskbridge_webchat_origins_refused_total"
    assert [line for line in text.splitlines() if line.startswith(name)] == [
        f'{name}{{channel="{channel}",origin="https://www.shop.example"}} 1.0'
        for channel in ("webchat", "other")
    ]


async def test_a_channel_is_called_in_the_desks_language(
    open_office: Open, settings_file: Path
) -> None:
    text = SETTINGS.replace("[desk]", '[desk]\nlanguage = "pt-BR"')
    await asyncio.to_thread(settings_file.write_text, text, encoding="utf-8")
    office = await open_office()
    await office.visitor().write("oi")
    reader = await office.token("conversations:read")

    listed = await reader("GET", "/v1/conversations")

    assert [row["channel"] for row in listed.body["conversations"]] == ["Chat do site"]


async def test_a_stop_ends_streams_and_is_quick(office: Office) -> None:
    visitor = office.visitor()
    await visitor.write("hello")
    async with office.http.get("/chat/webchat/stream", headers=visitor.headers) as stream:
        assert stream.status == 200
        async with asyncio.timeout(PATIENCE):
            await office.app.stop()
            await stream.read()


async def test_stopping_twice_is_stopping_once(office: Office) -> None:
    await office.app.stop()

    await office.app.stop()


async def test_after_a_stop_nothing_answers(office: Office) -> None:
    url = office.app.url

    await office.app.stop()

    async with ClientSession() as http:
        with pytest.raises(OSError, match="Cannot connect"):
            await http.get(url)
