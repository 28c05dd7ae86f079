"""What every database promises of what comes to processes that do not run the desk."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from bridge.domain.content import text_content
from bridge.domain.ids import Address, ExternalId
from bridge.ports.arrivals import Arrival
from bridge.ports.channel import ChannelEvent, MessageReceived
from bridge.ports.store import ArrivedBefore, Changes, CommitRefused, DuplicateInbox, JournalEntry
from tests.contract import rows
from tests.contract.rows import WEB
from tests.contract.store_contract import StoreRig

PAGE = 100
ENTRY = JournalEntry(adapter="web", journal="visitor:ana", key="k", body=b"\x00\xff")


def line(name: str, text: str = "hello") -> MessageReceived:
    """A customer's."""
    return MessageReceived(
        channel=WEB,
        address=Address("ana"),
        external_id=ExternalId(name),
        content=text_content(text),
        also=(Address("+55 11 91234-5678"),),
    )


async def keep(rig: StoreRig, *names: str) -> Sequence[Arrival]:
    """One after the other, each when the one before is on disk; gives all that waits."""
    for name in names:
        await rig.arrivals.keep(line(name), None, rows.at(10))
    return await rig.arrivals.waiting(PAGE)


def said(waiting: Sequence[Arrival]) -> list[str]:
    """The names of the lines that wait, in their order."""
    return [msgspec.json.decode(each.body, type=MessageReceived).external_id for each in waiting]


async def left(rig: StoreRig) -> list[str]:
    """The names of what waits now."""
    return said(await rig.arrivals.waiting(PAGE))


class ArrivalsContract:
    """Kept durably, read in order, gone with what was decided of them."""

    async def test_at_first_nothing_waits(self, rig: StoreRig) -> None:
        assert list(await rig.arrivals.waiting(PAGE)) == []

    async def test_what_was_kept_waits_whole(self, rig: StoreRig) -> None:
        event = line("a", "ol\u00e1 \0 \U0001f600")

        await rig.arrivals.keep(event, ENTRY, rows.at(10))
        await rig.arrivals.keep(line("b"), None, rows.at(11))

        first, second = await rig.arrivals.waiting(PAGE)
        decoded: ChannelEvent = msgspec.json.decode(first.body, type=ChannelEvent)
        assert (decoded, first.entry, first.at) == (event, ENTRY, rows.at(10))
        assert (second.entry, second.at) == (None, rows.at(11))

    async def test_what_waits_is_in_the_order_in_which_it_was_kept(self, rig: StoreRig) -> None:
        waiting = await keep(rig, "a", "b", "c")

        assert said(waiting) == ["a", "b", "c"]
        assert [each.id for each in waiting] == sorted({each.id for each in waiting})

    async def test_what_many_keep_at_once_is_all_there_in_the_order_of_the_calls(
        self, rig: StoreRig
    ) -> None:
        names = [f"{number}" for number in range(60)]

        await asyncio.gather(*(rig.arrivals.keep(line(name), None, rows.at(10)) for name in names))

        assert await left(rig) == names

    async def test_at_most_so_many_are_read_the_first_ones(self, rig: StoreRig) -> None:
        await keep(rig, "a", "b", "c")

        assert said(await rig.arrivals.waiting(2)) == ["a", "b"]

    async def test_what_waits_does_so_over_a_restart(self, rig: StoreRig) -> None:
        before = await keep(rig, "a", "b")

        await rig.reopen()

        assert list(await rig.arrivals.waiting(PAGE)) == list(before)

    async def test_what_is_kept_after_a_restart_comes_behind(self, rig: StoreRig) -> None:
        await keep(rig, "a", "b")

        await rig.reopen()

        assert said(await keep(rig, "c")) == ["a", "b", "c"]

    async def test_what_is_decided_is_gone_and_what_follows_stays(self, rig: StoreRig) -> None:
        first, _ = await keep(rig, "a", "b")

        await rig.store.commit(Changes(inbox=[rows.inbox("a")], arrived=[first.id]))

        assert await left(rig) == ["b"]
        await rig.reopen()
        assert await left(rig) == ["b"]

    async def test_a_duplicate_is_gone_though_nothing_else_is_written(self, rig: StoreRig) -> None:
        (only,) = await keep(rig, "a")

        await rig.store.commit(Changes(arrived=[only.id]))

        assert await left(rig) == []

    async def test_what_cannot_be_written_leaves_it_waiting(self, rig: StoreRig) -> None:
        (only,) = await keep(rig, "a")
        await rig.store.commit(Changes(inbox=[rows.inbox("known")]))
        orphan = rows.line(rows.conversation(rows.customer("Bia")[1]))

        with pytest.raises(DuplicateInbox):
            await rig.store.commit(Changes(inbox=[rows.inbox("known")], arrived=[only.id]))
        with pytest.raises(CommitRefused):
            await rig.store.commit(Changes(messages=[orphan], arrived=[only.id]))

        assert await left(rig) == ["a"]

    async def test_what_is_gone_may_be_named_again(self, rig: StoreRig) -> None:
        (only,) = await keep(rig, "a")
        await rig.store.commit(Changes(arrived=[only.id]))

        await rig.store.commit(Changes(inbox=[rows.inbox("a")], arrived=[only.id]))

        assert await rig.reads.knows(rows.inbox("a").digests[0])


class OrderContract:
    """What was acknowledged before is decided before."""

    async def test_while_something_waits_nothing_is_written_that_must_come_after(
        self, rig: StoreRig
    ) -> None:
        (only,) = await keep(rig, "a")
        after = Changes(inbox=[rows.inbox("b")], unless_arrived=True)

        with pytest.raises(ArrivedBefore):
            await rig.store.commit(after)

        assert not await rig.reads.knows(rows.inbox("b").digests[0])
        await rig.store.commit(Changes(inbox=[rows.inbox("a")], arrived=[only.id]))
        await rig.store.commit(after)
        assert await rig.reads.knows(rows.inbox("b").digests[0])

    async def test_so_it_is_after_a_restart(self, rig: StoreRig) -> None:
        await keep(rig, "a")

        await rig.reopen()

        with pytest.raises(ArrivedBefore):
            await rig.store.commit(Changes(inbox=[rows.inbox("b")], unless_arrived=True))

    async def test_who_has_looked_before_writes_whatever_comes_meanwhile(
        self, rig: StoreRig
    ) -> None:
        first, _ = await keep(rig, "a", "b")

        await rig.store.commit(Changes(inbox=[rows.inbox("a")], arrived=[first.id]))

        assert await rig.reads.knows(rows.inbox("a").digests[0])

    async def test_what_an_adapter_writes_meanwhile_is_written(self, rig: StoreRig) -> None:
        await keep(rig, "a")
        memory = rig.adapter_store("web")

        refused, _ = await asyncio.gather(
            rig.store.commit(Changes(inbox=[rows.inbox("b")], unless_arrived=True)),
            memory.put("c", "k", b"v"),
            return_exceptions=True,
        )

        assert isinstance(refused, ArrivedBefore)
        assert await memory.get("c", "k") == b"v"
