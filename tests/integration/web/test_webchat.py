"""The web chat on a real desk: what a visitor wrote and what he was told outlive the process."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import ClientSession

from tests.integration.web.conftest import Office, Open
from tests.patience import PATIENCE

Line = dict[str, Any]  # what the stream says


async def heard(http: ClientSession, headers: Mapping[str, str], wanted: int) -> list[Line]:
    """The first lines of a new stream."""
    lines: list[Line] = []
    async with (
        asyncio.timeout(PATIENCE),
        http.get("/chat/webchat/stream", headers=headers) as answer,
    ):
        event = ""
        async for row in answer.content:
            name, _, value = row.decode().strip().partition(": ")
            event = value if name == "event" else event
            if name == "data" and event == "message":
                lines.append(msgspec.json.decode(value))
            if len(lines) == wanted:
                break
    return lines


async def test_a_visitors_line_and_the_bots_answer_are_there_in_order(office: Office) -> None:
    visitor = office.visitor()

    assert await visitor.write("hello") == 200

    own, answer = await heard(office.http, visitor.headers, 2)
    assert (own["from"], own["text"][0]["spans"][0]["text"]) == ("customer", "hello")
    assert answer["from"] == "bot"


async def test_they_are_there_after_a_restart(open_office: Open) -> None:
    first = await open_office()
    visitor = first.visitor()
    await visitor.write("hello")
    before = await heard(first.http, visitor.headers, 2)
    await first.app.stop()

    second = await open_office()

    assert await heard(second.http, visitor.headers, 2) == before


async def test_a_line_that_comes_twice_is_in_the_history_once(office: Office) -> None:
    visitor = office.visitor()
    await visitor.write("hello")
    message = {"id": "5f3c1d9e-0c1b-4a57-9a63-2f1f2b7d7c10", "text": "again"}
    url, headers = "/chat/webchat/messages", visitor.headers

    statuses = []
    for _ in range(3):
        async with office.http.post(url, json=message, headers=headers) as answer:
            statuses.append(answer.status)
    await visitor.write("last")

    lines = [line for line in await heard(office.http, headers, 4) if line["from"] == "customer"]
    assert statuses == [200] * 3
    assert [line["text"][0]["spans"][0]["text"] for line in lines][:2] == ["hello", "again"]
    assert len([line for line in lines if line["id"] == message["id"]]) == 1


async def test_the_answer_to_a_line_has_every_header_of_an_answer_once(office: Office) -> None:
    visitor = office.visitor()
    await visitor.write("hello")
    message = {"id": "5f3c1d9e-0c1b-4a57-9a63-2f1f2b7d7c11", "text": "again"}
    headers = visitor.headers | {"Origin": office.app.url}

    async with office.http.post("/chat/webchat/messages", json=message, headers=headers) as answer:
        said = answer.headers

    assert answer.status == 200
    assert said["Access-Control-Allow-Origin"] == headers["Origin"]
    assert said["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert (said["X-Content-Type-Options"], said["Cache-Control"]) == ("nosniff", "no-store")
    assert len(said["X-Request-Id"]) == 16
    assert len(said) == len(set(said))


async def test_a_visitor_who_ends_it_is_in_the_history_and_in_the_numbers(office: Office) -> None:
    visitor = office.visitor()
    await visitor.write("hello")
    end = {"id": "5f3c1d9e-0c1b-4a57-9a63-2f1f2b7d7c12"}

    for _ in range(2):
        url, headers = "/chat/webchat/end", visitor.headers
        async with office.http.post(url, json=end, headers=headers) as answer:
            assert (answer.status, await answer.json()) == (200, end)
    api = await office.token("conversations:read")
    told = await api("GET", "/v1/conversations/1/events")
    numbers = await office.http.get("/metrics")

    last = told.body["events"][-1]
    assert (last["kind"], last["cause"], last["actor"]) == ("ended", "customer_closed", "customer")
    counted = 'deskbridge_conversations_ended_total{cause="customer_closed",queue=""} 1.0'
    assert counted in await numbers.text()
