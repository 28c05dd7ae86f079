"""What a whole desk writes into its log: facts, and nothing that is somebody's."""

import io
import json
from collections.abc import Iterator

import pytest

from tests.captured import captured_log
from tests.integration.web.conftest import Open


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    with captured_log("debug") as stream:
        yield stream


async def test_no_word_name_token_or_address_of_anybody_is_in_the_log(
    open_office: Open, log: io.StringIO
) -> None:
    office = await open_office()
    await office.operator("POST", "/v1/queues", {"name": "support", "title": "Support"})
    await office.operator("POST", "/v1/agents", {"handle": "ana", "name": "Ana Canary"})
    invitation = await office.operator(
        "POST", "/v1/agents/ana/invitation", {"email": "ana.canary@acme.example"}
    )
    reader = await office.token("conversations:read")
    visitor = office.visitor()
    await visitor.write("my card is canary-4242")
    await visitor.write("talk to a person, call +55 11 91234-5678")
    await reader("GET", "/v1/conversations", params={"text": "canary-search"})
    await reader("GET", "/v1/conversations/77", headers={"X-Canary": "canary-header"})
    await office.operator("POST", "/v1/queues", {"name": "canary name", "title": "x"})
    async with office.http.get("/nowhere/canary-path?token=canary-query"):
        pass
    await office.app.stop()

    written = log.getvalue()
    secrets = {
        office.app.operator,
        reader.headers["Authorization"].removeprefix("Bearer "),
        visitor.headers["Authorization"].removeprefix("Bearer "),
        invitation.body["url"].rsplit("/", 1)[1],
    }
    assert len(written.splitlines()) >= 4
    assert all(json.loads(line)["event"] for line in written.splitlines())
    assert [each for each in secrets if each in written] == []
    assert "canary" not in written.lower()
    assert "91234-5678" not in written
    assert "127.0.0.1" not in written.replace(office.app.url, "")


async def test_no_token_is_readable_in_the_database(open_office: Open) -> None:
    office = await open_office()
    reader = await office.token("conversations:read")
    invited = await office.operator("POST", "/v1/agents", {"handle": "ana", "name": "Ana"})
    invitation = await office.operator(
        "POST", "/v1/agents/ana/invitation", {"email": "ana@acme.example"}
    )
    await office.app.stop()

    data = office.app.parts.settings.data_dir
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert invited.status == 200
    assert b"Ana" in kept
    for token in (
        reader.headers["Authorization"].removeprefix("Bearer "),
        invitation.body["url"].rsplit("/", 1)[1],
        office.app.operator.removeprefix("dk_"),
    ):
        assert token.encode() not in kept
