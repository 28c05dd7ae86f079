"""What the demo's people see of a page and of a stream."""

import asyncio

import aiohttp
import pytest
from aiohttp.base_protocol import BaseProtocol

from bridge.demo.surfaces.events import Told, told
from bridge.demo.surfaces.html import read_page
from bridge.demo.surfaces.patience import NotSeen, until

PAGE = """
<!doctype html><title>Home</title>
<section id="mine"><h2>Mine</h2>
<ul><li class="row hot"><b>Ana &amp; Co</b><br><img src="x.png"> waits</li>
<li class="row"><b>Bea</b></ul></section>
<section id="yours"><p>Nothing <em>here</em></p></section>
"""


def test_a_part_of_a_page_has_the_words_that_stand_in_it() -> None:
    page = read_page(PAGE)

    assert page.part("section", id="mine").part("li", css="hot").words == "Ana & Co waits"
    assert page.part(id="yours").words == "Nothing here"


def test_what_is_not_closed_ends_with_what_is_around_it() -> None:
    mine = read_page(PAGE).part(id="mine")

    assert [row.part("b").words for row in mine.parts("li", css="row")] == ["Ana & Co", "Bea"]
    assert not list(mine.parts(id="yours"))


def test_a_part_that_is_not_there_is_empty() -> None:
    nothing = read_page(PAGE).part("table", css="board")

    assert nothing.words == ""
    assert not nothing.classes


async def test_a_stream_is_read_event_by_event() -> None:
    stream = aiohttp.StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=2**16)
    stream.feed_data(b': hello\n\nid: 7\nevent: line\ndata: {"a": 1}\n\ndata: 2\n\nevent: cut')
    stream.feed_eof()

    events = [event async for event in told(stream)]

    assert events == [Told(name="line", data={"a": 1}, id="7"), Told(name="message", data=2)]


async def test_what_is_waited_for_is_what_was_seen_at_last() -> None:
    seen = iter([1, 2, 3])

    async def look() -> int:
        return next(seen)

    assert await until("three", look, lambda number: number == 3) == 3


async def test_who_waits_in_vain_says_what_was_there_instead() -> None:
    async def look() -> str:
        return "a  locked\ndoor"

    with pytest.raises(NotSeen) as failed:
        await until("an open door", look, lambda seen: "open" in seen, within=0.05)

    assert str(failed.value) == "expected an open door; observed a locked door"
