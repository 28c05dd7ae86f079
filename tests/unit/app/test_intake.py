"""What a channel hands over goes to who decides, wherever that is at the moment."""

import asyncio

import pytest

from bridge.app.intake import Door, Keeping
from bridge.domain.content import text_content
from bridge.domain.errors import NotLeading
from bridge.domain.ids import Address, ChannelId, ExternalId
from bridge.ports.channel import Accepted, ChannelEvent, MessageReceived
from bridge.ports.store import JournalEntry
from tests.fakes.arrivals import MemoryArrivals
from tests.fakes.clock import FixedClock

WEB, BIA = ChannelId("web"), Address("bia")


def line(words: str) -> MessageReceived:
    return MessageReceived(
        channel=WEB, address=BIA, external_id=ExternalId(words), content=text_content(words)
    )


class Deciding:
    """Decides when it is let."""

    def __init__(self) -> None:
        self.taken: list[ChannelEvent] = []
        self.may = asyncio.Event()

    async def accept(self, event: ChannelEvent, entry: JournalEntry | None = None) -> Accepted:
        self.taken.append(event)
        await self.may.wait()
        return Accepted()

    async def typing(self, address: Address) -> None:
        return


async def test_beside_the_leader_it_is_kept_with_its_entry() -> None:
    arrivals = MemoryArrivals()
    keeping = Keeping(arrivals, FixedClock())
    entry = JournalEntry(adapter="channels.web", journal="bia", key="k", body=b"shown")

    accepted = await keeping.accept(line("hi"), entry)

    (kept,) = arrivals.there.values()
    assert (accepted, keeping.kept) == (Accepted(), 1)
    assert (kept.at, kept.entry) == (FixedClock().now(), entry)


async def test_beside_the_leader_nobody_can_be_shown_who_types() -> None:
    keeping = Keeping(MemoryArrivals(), FixedClock())

    with pytest.raises(NotLeading):
        await Door(keeping).typing(BIA)


async def test_what_began_before_the_change_ends_where_it_began() -> None:
    before, after = Deciding(), Deciding()
    after.may.set()
    door = Door(before)
    first = asyncio.create_task(door.accept(line("first")))
    await asyncio.sleep(0)

    door.lead_to(after)
    await door.accept(line("second"))
    unfinished = not first.done()
    before.may.set()
    await first

    assert unfinished
    assert (before.taken, after.taken) == ([line("first")], [line("second")])
