"""What a visitor sends: taken once, in order, or refused without a trace."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from bridge.adapters.channels.webchat.settings import Limits
from bridge.domain.content import Content
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import ExternalId, Language, SourceKey
from bridge.domain.message import Receipt
from bridge.domain.text import plain
from bridge.ports.calls import CallKind
from bridge.ports.channel import (
    CustomerLeft,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReceiptChanged,
)
from tests.adapters.webchat.rig import DEFAULTS, Rig, serve

LINE = "5f3c1d9e-0c1b-4a57-9a63-2f1f2b7d7c10"


def lines_of(rig: Rig) -> list[MessageReceived]:
    """The customers' lines that the core took."""
    return [event for event in rig.core.events if isinstance(event, MessageReceived)]


async def test_a_line_reaches_the_core_whole(rig: Rig) -> None:
    ana = rig.customer("ana")
    quoted = await rig.say(ana.address, "How many?")
    quoted_line = quoted.rpartition("/")[2]

    answered, body = await ana.send(
        "two", reply_to=quoted_line, choice="c2", name=" Ana\n Lima ", language="pt-BR"
    )

    assert answered == 200
    assert lines_of(rig) == [
        MessageReceived(
            channel=rig.chat.channel_id,
            address=ana.address,
            external_id=ExternalId(f"ana/{body['id']}"),
            content=Content(text=plain("two"), chosen="c2"),
            name="Ana Lima",
            language=Language("pt_BR"),
            at=lines_of(rig)[0].at,
            quoted=quoted,
        )
    ]


async def test_the_same_id_again_is_one_line_with_the_same_answer(rig: Rig) -> None:
    ana = rig.customer()
    message = {"id": str(uuid4()), "text": "hello"}

    answers = await asyncio.gather(*(ana.post("/messages", message) for _ in range(20)))

    assert len(lines_of(rig)) == 1
    assert {status for status, _ in answers} == {200}
    assert {body["id"] for _, body in answers} == {message["id"]}
    assert [event.name for event in await ana.missed()] == ["message", "ready"]


async def test_two_visitors_may_use_the_same_id(rig: Rig) -> None:
    message = {"id": str(uuid4()), "text": "hello"}

    await rig.customer("ana").post("/messages", message)
    await rig.customer("bob").post("/messages", message)

    assert [line.address for line in lines_of(rig)] == ["ana", "bob"]


async def test_what_the_journal_cannot_take_the_core_does_not_have_either(rig: Rig) -> None:
    ana = rig.customer()
    message = {"id": str(uuid4()), "text": "hello"}
    rig.store.broken = True
    first, _ = await ana.post("/messages", message)
    rig.store.broken = False
    lost = list(rig.core.events)

    second, _ = await ana.post("/messages", message)

    assert (first, lost, second) == (503, [], 200)
    assert (await ana.missed())[0].data["id"] == message["id"]


@pytest.mark.parametrize("fault", [StorageUnavailable("full"), Overloaded("busy", 3)])
async def test_what_is_not_stored_is_never_acknowledged(rig: Rig, fault: Exception) -> None:
    rig.core.fault = fault
    ana = rig.customer()
    url, headers = f"{rig.url}/messages", ana.proof

    async with rig.http.post(url, json={"id": LINE, "text": "x"}, headers=headers) as answer:
        body = await answer.json()

    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert set(body["error"]) == {"code", "message"}
    assert await rig.store.tail("ana", None, 10) == []


BAD: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{hello",
    "not an object": b"[]",
    "a number": b"1",
    "bytes that are no text": b"\xff\xfe\x00",
    "no id": b'{"text": "x"}',
    "an id that is none": b'{"id": "1", "text": "x"}',
    "an id of another type": b'{"id": 1, "text": "x"}',
    "a text of another type": b'{"id": "%b", "text": 1}',
    "a text that is null": b'{"id": "%b", "text": null}',
    "an unknown field": b'{"id": "%b", "text": "x", "role": "agent"}',
    "an empty text": b'{"id": "%b", "text": ""}',
    "only blanks": b'{"id": "%b", "text": " \\n\\t "}',
    "a NUL": b'{"id": "%b", "text": "a\\u0000b"}',
    "a NUL after backslashes": b'{"id": "%b", "text": "a\\\\\\u0000b"}',
    "a NUL in a name": b'{"id": "%b", "text": "x", "name": "a\\u0000b"}',
    "a NUL in a language": b'{"id": "%b", "text": "x", "language": "e\\u0000n"}',
    "a NUL in a choice": b'{"id": "%b", "text": "x", "choice": "a\\u0000b"}',
    "a NUL in a quote": b'{"id": "%b", "text": "x", "reply_to": "a\\u0000b"}',
    "a NUL in a file": b'{"id": "%b", "files": ["a\\u0000b"]}',
    "a lone surrogate": b'{"id": "%b", "text": "a\\ud800b"}',
    "a low surrogate": b'{"id": "%b", "text": "a\\udc00b"}',
    "an encoded surrogate": b'{"id": "%b", "text": "a\xed\xa0\x80b"}',
    "a reversed pair": b'{"id": "%b", "text": "\\ude00\\ud83d"}',
    "too long a text": b'{"id": "%b", "text": "' + b"x" * 4_001 + b'"}',
    "5 MB of text": b'{"id": "%b", "text": "' + b"x" * 5_000_000 + b'"}',
    "deep nesting": b'{"id": "%b", "text": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "a huge number": b'{"id": "%b", "text": ' + b"9" * 5_000 + b"}",
    "files that are no list": b'{"id": "%b", "files": "x"}',
    "too many files": b'{"id": "%b", "files": [' + b'"x",' * 10 + b'"x"]}',
    "a file of nobody": b'{"id": "%b", "files": ["0123456789abcdef0123456789abcdef"]}',
    "a path for a file": b'{"id": "%b", "files": ["../../etc/passwd"]}',
    "two objects": b'{"id": "%b", "text": "x"}{}',
    "too long a name": b'{"id": "%b", "text": "x", "name": "' + b"n" * 101 + b'"}',
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_is_refused_in_json_and_leaves_nothing(rig: Rig, case: str) -> None:
    body = BAD[case].replace(b"%b", str(uuid4()).encode())

    answered, said = await rig.customer().request("POST", "/messages", data=body)

    assert 400 <= answered < 500, said
    assert set(said["error"]) == {"code", "message"}
    assert rig.core.events == []
    assert await rig.store.tail("ana", None, 10) == []


@pytest.mark.parametrize("path", ["/session", "/received", "/read", "/typing", f"/messages/{LINE}"])
async def test_bad_input_is_refused_at_every_address(rig: Rig, path: str) -> None:
    ana = rig.customer()
    await ana.post("/messages", {"id": LINE, "text": "hello"})

    answers = [await ana.request("POST", path, data=body) for body in BAD.values()]

    assert {status for status, _ in answers} <= {400, 413}
    assert len(rig.core.events) == 1


async def test_somebody_may_write_about_a_nul(rig: Rig) -> None:
    answered, _ = await rig.customer().post("/messages", {"id": LINE, "text": "it says \\u0000"})

    assert answered == 200


async def test_an_endless_body_is_cut_off(rig: Rig) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100_000_000:
            sent += 65_536
            yield b"x" * 65_536

    answered, _ = await rig.customer().request("POST", "/messages", data=endless())

    assert answered == 413
    assert sent < 20_000_000


async def test_a_compressed_body_is_not_even_unpacked(rig: Rig) -> None:
    answered, body = await rig.customer().request(
        "POST", "/messages", data=b"\x1f\x8b" + b"x" * 100, headers={"Content-Encoding": "gzip"}
    )

    assert (answered, body["error"]["code"]) == (415, "encoded")


async def test_bad_input_disturbs_nobody_else(rig: Rig) -> None:
    bob = rig.customer("bob")
    bad = (rig.customer().request("POST", "/messages", data=body) for body in BAD.values())

    answers = await asyncio.gather(*bad, *(bob.send(f"line {n}") for n in range(20)))

    assert [status for status, _ in answers[-20:]] == [200] * 20
    assert len(lines_of(rig)) == 20


async def test_an_edit_reaches_the_core_and_the_other_tabs(rig: Rig) -> None:
    ana = rig.customer()
    await ana.post("/messages", {"id": LINE, "text": "one"})
    edit = str(uuid4())

    answers = [await ana.post(f"/messages/{LINE}", {"id": edit, "text": "two"}) for _ in range(2)]

    assert [status for status, _ in answers] == [200, 200]
    assert rig.core.events[1:] == [
        MessageEdited(
            channel=rig.chat.channel_id,
            source=(SourceKey(f"site/ana/edit/{edit}"),),
            address=ana.address,
            external_id=ExternalId(f"ana/{LINE}"),
            content=Content(text=plain("two")),
        )
    ]
    assert [event.name for event in await ana.missed()] == ["message", "edit", "ready"]


async def test_a_deletion_reaches_the_core_and_the_other_tabs(rig: Rig) -> None:
    ana = rig.customer()
    await ana.post("/messages", {"id": LINE, "text": "one"})

    answers = [await ana.request("DELETE", f"/messages/{LINE}") for _ in range(2)]

    assert [status for status, _ in answers] == [200, 200]
    assert [type(event) for event in rig.core.events] == [MessageReceived, MessageDeleted]
    assert (await ana.missed())[1].data == {"id": LINE}


@pytest.mark.parametrize("line", ["of another visitor", "of ours", "of nobody", "no id"])
async def test_only_ones_own_lines_can_be_changed(rig: Rig, line: str) -> None:
    ana, bob = rig.customer("ana"), rig.customer("bob")
    await bob.post("/messages", {"id": LINE, "text": "bob's"})
    ours = (await rig.say(ana.address, "hello")).rpartition("/")[2]
    target = {
        "of another visitor": LINE,
        "of ours": ours,
        "of nobody": str(uuid4()),
        "no id": "..%2F..",
    }[line]

    edited, _ = await ana.post(f"/messages/{target}", {"id": str(uuid4()), "text": "mine now"})
    deleted, _ = await ana.request("DELETE", f"/messages/{target}")

    assert (edited, deleted) == (404, 404)
    assert len(rig.core.events) == 1


async def test_what_was_on_the_screen_is_reported_read_once(rig: Rig) -> None:
    ana = rig.customer()
    first = await rig.say(ana.address, "one")
    await ana.send("mine")
    second = await rig.say(ana.address, "two")
    await rig.say(ana.address, "three")
    events = await ana.missed()

    for _ in range(2):
        await ana.post("/read", {"up_to": int(events[2].id)})

    receipts = [event for event in rig.core.events if isinstance(event, ReceiptChanged)]
    assert [(event.external_id, event.receipt) for event in receipts] == [
        (first, Receipt.READ),
        (second, Receipt.READ),
    ]
    assert (await ana.missed())[-1].data["read"] == int(events[2].id)


async def test_what_came_to_the_browser_is_reported_delivered_once(rig: Rig) -> None:
    ana = rig.customer()
    first = await rig.say(ana.address, "one")
    await ana.send("mine")
    second = await rig.say(ana.address, "two")
    events = await ana.missed()

    for _ in range(2):
        await ana.post("/received", {"up_to": int(events[-2].id)})

    assert [(event.external_id, event.receipt) for event in rig.core.of(ReceiptChanged)] == [
        (first, Receipt.DELIVERED),
        (second, Receipt.DELIVERED),
    ]
    assert (await ana.missed())[-1].data["received"] == int(events[-2].id)


async def test_what_was_seen_is_not_reported_as_merely_delivered_afterwards(rig: Rig) -> None:
    ana = rig.customer()
    line = await rig.say(ana.address, "one")
    seen = int((await ana.missed())[0].id)

    await ana.post("/read", {"up_to": seen})
    await ana.post("/received", {"up_to": seen})

    assert [(event.external_id, event.receipt) for event in rig.core.of(ReceiptChanged)] == [
        (line, Receipt.READ)
    ]


async def test_what_came_is_reported_read_when_it_is_seen(rig: Rig) -> None:
    ana = rig.customer()
    await rig.say(ana.address, "one")
    came = int((await ana.missed())[0].id)

    await ana.post("/received", {"up_to": came})
    await ana.post("/read", {"up_to": came})

    assert [event.receipt for event in rig.core.of(ReceiptChanged)] == [
        Receipt.DELIVERED,
        Receipt.READ,
    ]


async def test_typing_is_passed_on_and_never_stored(rig: Rig) -> None:
    ana = rig.customer()

    answered, _ = await ana.post("/typing", {})

    assert answered == 200
    assert rig.core.typists == [ana.address]
    assert rig.core.events == []


async def test_addresses_that_do_not_exist_answer_in_json(rig: Rig) -> None:
    ana = rig.customer()

    answers = [
        await ana.request(method, path)
        for method, path in [("GET", "/"), ("GET", "/messages"), ("PUT", "/read"), ("GET", "/x/y")]
    ]

    assert [status for status, _ in answers] == [404] * 4
    assert all(body["error"]["code"] == "not_found" for _, body in answers)


async def test_before_it_starts_and_after_it_stops_nothing_is_taken(rig: Rig) -> None:
    await rig.chat.stop()

    answered, body = await rig.customer().send("hello")

    assert (answered, body["error"]["code"]) == (503, "overloaded")


SLOW = Limits(
    visitor_per_second=1, network_per_second=2, total_per_second=0, new_visitors_per_second=0.1
)


async def test_one_visitor_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with serve(tmp_path, DEFAULTS.model_copy(update={"limits": SLOW})) as rig:
        ana = rig.customer()

        answers = [(await ana.send("hello"))[0] for _ in range(12)]
        async with rig.http.post(f"{rig.url}/typing", json={}, headers=ana.proof) as refused:
            wait = int(refused.headers["Retry-After"])
        rig.clock.forward(wait * 1_000)
        again, _ = await ana.send("hello")

    assert answers == [200] * 10 + [429] * 2
    assert (refused.status, again) == (429, 200)
    assert len(rig.core.events) == 11


async def test_a_network_is_limited_as_one_and_others_are_not(tmp_path: Path) -> None:
    async with serve(tmp_path, DEFAULTS.model_copy(update={"limits": SLOW})) as rig:
        flood = []
        for number in range(30):
            rig.address = f"203.0.113.{number}"
            flood.append((await rig.customer(f"robot{number}").send("x"))[0])
        rig.address = "198.51.100.1"
        other, _ = await rig.customer().send("hello")

    assert flood == [200] * 20 + [429] * 10
    assert other == 200


async def test_new_visitors_are_limited_by_network(tmp_path: Path) -> None:
    async with serve(tmp_path, DEFAULTS.model_copy(update={"limits": SLOW})) as rig:
        url = f"{rig.url}/session"
        statuses = []
        for _ in range(3):
            async with rig.http.post(url, json={}) as answer:
                statuses.append(answer.status)

    assert statuses == [200, 429, 429]


async def test_everybody_together_is_limited(tmp_path: Path) -> None:
    limits = SLOW.model_copy(update={"total_per_second": 0.5, "network_per_second": 0})
    async with serve(tmp_path, DEFAULTS.model_copy(update={"limits": limits})) as rig:
        answers = [(await rig.customer(f"c{n}").send("x"))[0] for n in range(8)]

    assert answers == [200] * 5 + [429] * 3


async def test_a_refusal_says_what_is_wrong_with_the_shape(rig: Rig) -> None:
    answered, body = await rig.customer().post("/messages", {"id": LINE, "txt": "typo"})

    assert answered == 400
    assert "txt" in body["error"]["message"]
    assert msgspec.json.encode(body)


async def test_ours_cannot_be_written_by_a_visitor(rig: Rig) -> None:
    ana = rig.customer()
    call = rig.call(CallKind.POST, content=Content(text=plain("ours")))
    await rig.chat.send(ana.address, call)

    answered, _ = await ana.post("/messages", {"id": f"m{call.key}", "text": "forged"})

    assert answered == 400
    assert rig.core.events == []


# --- the end ----------------------------------------------------------------------------------


async def test_a_visitor_ends_it_once_however_often_he_is_heard(rig: Rig) -> None:
    ana = rig.customer("ana")
    await ana.send("hello")
    ended = {"id": LINE}

    answers = await asyncio.gather(*(ana.post("/end", ended) for _ in range(5)))

    assert answers == [(200, {"id": LINE})] * 5
    (left,) = rig.core.of(CustomerLeft)
    assert (left.address, left.blocked) == (ana.address, False)


async def test_the_end_is_in_the_history_of_all_his_tabs(rig: Rig) -> None:
    ana = rig.customer("ana")
    await ana.send("hello")
    await ana.post("/end", {"id": LINE})
    await ana.send("one more thing")

    _, page = await ana.request("GET", "/history?before=99")

    assert [event["event"] for event in page["events"]] == ["message", "ended", "message"]
    assert page["events"][1]["data"] == {"id": LINE, "at": rig.clock.now()}


@pytest.mark.parametrize("body", [{}, {"id": "x"}, {"id": LINE, "why": "bored"}])
async def test_an_end_that_nobody_can_mean_is_refused(rig: Rig, body: dict[str, str]) -> None:
    status, said = await rig.customer("ana").post("/end", body)

    assert (status, said["error"]["code"]) == (400, "malformed")
    assert not rig.core.events


async def test_an_end_that_could_not_be_stored_is_tried_again(rig: Rig) -> None:
    ana = rig.customer("ana")
    rig.core.fault = StorageUnavailable("the disk is full")
    status, _ = await ana.post("/end", {"id": LINE})

    rig.core.fault = None
    again, _ = await ana.post("/end", {"id": LINE})

    assert (status, again) == (503, 200)
    assert len(rig.core.of(CustomerLeft)) == 1


async def test_the_end_of_a_conversation_is_no_line_to_change(rig: Rig) -> None:
    ana = rig.customer("ana")
    await ana.post("/end", {"id": LINE})

    status, _ = await ana.post(f"/messages/{LINE}", {"id": str(uuid4()), "text": "x"})

    assert status == 404


async def test_a_site_may_do_without_the_button(rig: Rig, tmp_path: Path) -> None:
    without = DEFAULTS.model_copy(update={"may_end": False})

    async with serve(tmp_path / "without", without) as other:
        scripts = [await _script(each) for each in (rig, other)]

    assert ['"no_end":true' in script for script in scripts] == [False, True]


async def _script(rig: Rig) -> str:
    async with rig.http.get(f"{rig.url}/widget.js") as answer:
        return await answer.text()
