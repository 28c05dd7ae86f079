"""What a browser gets: everything once, in order, whatever happened to its line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from bridge.adapters.channels.webchat.lines import Marks
from bridge.adapters.channels.webchat.settings import Limits
from bridge.adapters.channels.webchat.streams import PAGE, Streams
from bridge.domain.content import Choice, Content, Quote
from bridge.domain.errors import DeliveryRejected, NotSupported, TemporaryFailure
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author
from bridge.domain.text import Bold, Link, Paragraph, Plain, plain
from bridge.ports.adapter_store import Entry
from bridge.ports.calls import CallKind
from tests.adapters.webchat.fakes import MemoryStore
from tests.adapters.webchat.rig import DEFAULTS, FREE, Event, Rig, serve
from tests.patience import PATIENCE

ANA = Address("ana")


async def some(stream: AsyncIterator[Event], count: int) -> list[Event]:
    """The next events."""
    async with asyncio.timeout(PATIENCE):
        return [await anext(stream) for _ in range(count)]


def texts(events: list[Event]) -> list[str]:
    """The words of the lines among these events."""
    lines = (event.data for event in events if event.name == "message")
    return [line["text"][0]["spans"][0]["text"] for line in lines]


async def test_a_line_of_ours_arrives_as_it_was_formatted(rig: Rig) -> None:
    link = Link(url="https://example.com/a", spans=(Plain(text="here"),))
    text = (Paragraph(spans=(Bold(spans=(Plain(text="Look"),)), link)),)

    await rig.say(ANA, content=Content(text=text))

    line = (await rig.customer().missed())[0].data
    here = {"type": "t", "text": "here"}
    bold = {"type": "b", "spans": [{"type": "t", "text": "Look"}]}
    linked = {"type": "a", "url": "https://example.com/a", "spans": [here]}
    assert line["text"] == [{"type": "p", "spans": [bold, linked]}]


async def test_a_line_of_ours_arrives_with_all_that_belongs_to_it(rig: Rig) -> None:
    ana = rig.customer()
    _, mine = await ana.send("question")
    file = rig.files.add(b"%PDF-1", "terms.pdf")
    quote = Quote(message=None, author="Ana", excerpt="question")
    content = Content(files=(file,), quote=quote, choices=(Choice(id="1", label="Yes"),))

    await rig.say(ANA, content=content, quoted=ExternalId(f"ana/{mine['id']}"))

    line = (await ana.missed())[1].data
    about = {"name": "terms.pdf", "type": "application/pdf", "size": 6, "kind": "document"}
    assert 0 <= rig.clock.now() - line.pop("at") < 5_000
    assert line == {
        "id": "m1",
        "from": "agent",
        "name": "Ana Lima",
        "files": [{"id": file.id, **about}],
        "quote": {"id": mine["id"], "author": "Ana", "excerpt": "question"},
        "choices": [{"id": "1", "label": "Yes"}],
    }


async def test_a_resumed_stream_brings_exactly_what_was_missed(rig: Rig) -> None:
    ana = rig.customer()
    for number in range(6):
        await rig.say(ANA, f"line {number}")
    seen = await ana.missed()

    missed = await ana.missed(last=seen[2].id)

    assert texts(missed) == ["line 3", "line 4", "line 5"]
    assert missed[-1].data.get("more") is None


async def test_nothing_is_lost_or_doubled_while_lines_arrive_at_every_moment(rig: Rig) -> None:
    ana = rig.customer()

    async def write() -> None:
        for number in range(300):
            await rig.say(ANA, f"{number}")
            await asyncio.sleep(0)

    writing = asyncio.create_task(write())
    got: list[Event] = []
    while not got or texts(got)[-1] != "299":
        last = next((event.id for event in reversed(got) if event.id), "0")
        async with ana.listen(last) as stream:
            got += await some(stream, 1)
            async with asyncio.timeout(PATIENCE):
                async for event in stream:
                    got.append(event)
                    if len(got) % 7 == 0 or texts(got[-1:]) == ["299"]:
                        break
    await writing

    assert texts(got) == [str(number) for number in range(300)]
    ids = [int(event.id) for event in got if event.id]
    assert all(before < after for before, after in pairwise(ids))


async def test_two_tabs_of_one_visitor_see_the_same(rig: Rig) -> None:
    ana = rig.customer()
    async with ana.listen() as first, ana.listen() as second:
        await some(first, 1)
        await some(second, 1)

        await ana.send("from one of them")
        await rig.say(ANA, "an answer")

        assert await some(first, 2) == await some(second, 2)


async def test_what_is_read_elsewhere_while_a_tab_begins_to_listen_is_told_to_it(rig: Rig) -> None:
    ana = rig.customer()
    await rig.say(ANA, "one")
    read = int((await ana.missed())[0].id)

    async def meanwhile(collection: str) -> None:
        if collection == "read":
            rig.store.meanwhile = before
            await ana.post("/read", {"up_to": read})

    before, rig.store.meanwhile = rig.store.meanwhile, meanwhile
    async with ana.listen() as stream:
        *_, told = await some(stream, 3)

    assert (told.name, told.data) == ("read", {"seq": read})


async def test_a_visitor_gets_nothing_of_another(rig: Rig) -> None:
    ana, bob = rig.customer("ana"), rig.customer("bob")
    async with bob.listen() as stream:
        await some(stream, 1)

        await rig.say(ANA, "for ana only")
        await rig.chat.show_typing("ana", "Lia")
        await ana.send("mine")
        await rig.say(bob.address, "for bob")

        assert texts(await some(stream, 1)) == ["for bob"]
    assert texts(await bob.missed()) == ["for bob"]


async def test_a_new_tab_begins_with_the_last_page_and_may_ask_for_older(rig: Rig) -> None:
    ana = rig.customer()
    for number in range(PAGE + 20):
        await rig.say(ANA, f"{number}")

    first = await ana.missed()
    _, older = await ana.request("GET", f"/history?before={first[0].id}")

    assert texts(first) == [str(number) for number in range(20, PAGE + 20)]
    assert first[-1].data["more"] is True
    assert [event["data"]["id"] for event in older["events"]] == [f"m{n + 1}" for n in range(20)]
    assert older["more"] is False


async def test_a_tab_that_missed_too_much_begins_anew(rig: Rig) -> None:
    ana = rig.customer()
    for number in range(600):
        await rig.say(ANA, f"{number}")

    events = await ana.missed(last="1")

    assert events[0].name == "reset"
    assert texts(events) == [str(number) for number in range(600 - PAGE, 600)]


@pytest.mark.parametrize("last", ["x", "-1", "1" * 30, "١"])
async def test_a_strange_last_id_is_refused(rig: Rig, last: str) -> None:
    answered, _ = await rig.customer().request(
        "GET", "/history?before=" + last, headers={"Last-Event-ID": last}
    )

    assert answered == 400


async def test_edits_deletions_reactions_and_typing_arrive(rig: Rig) -> None:
    ana = rig.customer()
    line = await rig.say(ANA, "helo")
    async with ana.listen() as stream:
        await some(stream, 2)

        words = Content(text=plain("hello"))
        await rig.chat.send(ANA, rig.call(CallKind.EDIT, about=line, content=words))
        await rig.chat.send(ANA, rig.call(CallKind.REACT, about=line, emoji="👍"))
        await rig.chat.send(ANA, rig.call(CallKind.UNREACT, about=line, emoji="👍"))
        await rig.chat.send(ANA, rig.call(CallKind.DELETE, about=line))
        events = await some(stream, 4)
        await rig.chat.show_typing("ana", "Lia")
        events += await some(stream, 1)

    assert [(event.name, bool(event.id)) for event in events] == [
        ("edit", True),
        ("reaction", True),
        ("reaction", True),
        ("delete", True),
        ("typing", False),
    ]
    assert {event.data.get("id", "m1") for event in events} == {"m1"}
    assert events[2].data["removed"] is True


async def test_a_repeated_call_has_one_effect(rig: Rig) -> None:
    ana = rig.customer()
    call = rig.call(CallKind.POST, content=Content(text=plain("once")))

    sent = [await rig.chat.send(ANA, call) for _ in range(3)]

    assert sent[0] == sent[1] == sent[2]
    assert texts(await ana.missed()) == ["once"]


async def test_somebody_who_never_wrote_finds_what_was_sent_to_him(rig: Rig) -> None:
    await rig.say(Address("maria@example.com"), "Your order is ready")

    assert texts(await rig.customer("maria@example.com").missed()) == ["Your order is ready"]


async def test_what_cannot_be_sent_is_refused_for_good(rig: Rig) -> None:
    other = await rig.say(Address("bob"), "for bob")
    words = Content(text=plain("x"))
    calls = [
        (ANA, rig.call(CallKind.EDIT, about=other, content=words), "unknown_message"),
        (ANA, rig.call(CallKind.DELETE), "unknown_message"),
        (Address(""), rig.call(CallKind.POST, content=words), "unknown_address"),
        (Address("a\nb"), rig.call(CallKind.POST, content=words), "unknown_address"),
        (Address("x" * 200), rig.call(CallKind.POST, content=words), "unknown_address"),
    ]

    for to, call, code in calls:
        with pytest.raises(DeliveryRejected) as refused:
            await rig.chat.send(to, call)
        assert refused.value.code == code
    with pytest.raises(NotSupported):
        await rig.chat.send(ANA, rig.call(CallKind.POST, content=Content()))


async def test_a_full_disk_is_a_failure_to_be_repeated(rig: Rig) -> None:
    rig.store.broken = True

    with pytest.raises(TemporaryFailure):
        await rig.say(ANA, "later")


async def test_a_bot_and_the_system_are_named_as_such(rig: Rig) -> None:
    await rig.say(ANA, "menu", author=Author.BOT, name="")
    await rig.say(ANA, "you are in the queue", author=Author.SYSTEM, name="")

    events = await rig.customer().missed()

    assert [event.data.get("from") for event in events[:2]] == ["bot", "system"]


async def test_a_silent_stream_is_kept_alive() -> None:
    streams = Streams(MemoryStore(), 8, 8, heartbeat=0.01)

    with streams.open(ANA) as stream:
        frames = stream.frames(None, Marks())
        got = [await anext(frames) for _ in range(4)]
        await frames.aclose()

    assert got[-1] == b":\n\n"


async def test_stopping_lets_every_tab_go(rig: Rig) -> None:
    async with rig.customer().listen() as stream:
        await some(stream, 1)

        await rig.chat.stop()

        async with asyncio.timeout(PATIENCE):
            assert [event async for event in stream] == []


async def test_the_oldest_of_too_many_tabs_makes_place(tmp_path: Path) -> None:
    limits = Limits(**{**FREE.model_dump(), "streams_per_visitor": 2})
    async with (
        serve(tmp_path, DEFAULTS.model_copy(update={"limits": limits})) as rig,
        AsyncExitStack() as tabs,
    ):
        ana = rig.customer()
        streams = []
        for _ in range(3):
            streams.append(await tabs.enter_async_context(ana.listen()))
            await some(streams[-1], 1)

        await rig.say(ANA, "hello")

        async with asyncio.timeout(PATIENCE):
            assert [event async for event in streams[0]] == []
        assert texts(await some(streams[1], 1)) == texts(await some(streams[2], 1)) == ["hello"]


async def test_too_many_streams_at_all_are_told_to_come_back(tmp_path: Path) -> None:
    limits = Limits(**{**FREE.model_dump(), "streams": 1})
    async with serve(tmp_path, DEFAULTS.model_copy(update={"limits": limits})) as rig:
        async with rig.customer("ana").listen() as stream:
            await some(stream, 1)
            refused, body = await rig.customer("bob").request("GET", "/stream")
        url, proof = f"{rig.url}/stream", rig.customer("bob").proof
        async with asyncio.timeout(PATIENCE):
            admitted = False
            while not admitted:  # the closed tab is noticed when something is written to it
                await rig.say(ANA, "is anybody there?")
                async with rig.http.get(url, headers=proof) as answer:
                    admitted = answer.status == 200

    assert (refused, body["error"]["code"]) == (503, "overloaded")


async def test_a_reader_that_falls_behind_is_let_go() -> None:
    store = MemoryStore()
    streams = Streams(store, 8, 8)
    with streams.open(ANA) as stream:
        frames = stream.frames(None, Marks())
        await anext(frames)
        for number in range(1_200):
            stream.push(Entry(seq=number + 1, body=b"message\n{}"))

        async with asyncio.timeout(PATIENCE):
            rest = [frame async for frame in frames]

    assert len(rest) < 1_100
