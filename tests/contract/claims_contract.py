"""What every store promises where two want the same: a delivery, a slot, a room, a name."""

import asyncio

from msgspec.structs import replace

from bridge.domain.binding import Purpose
from bridge.domain.conversation import State
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import DeliveryId, Instant
from bridge.ports.store import Changes, DeliveryMark
from tests.contract import rows
from tests.contract.rows import put
from tests.contract.store_contract import StoreRig, open_conversation, write_line

PENDING, SENDING, SENT = DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.SENT


def mark(delivery: DeliveryId, *when: DeliveryState, to: DeliveryState = SENDING) -> DeliveryMark:
    """A compare-and-set."""
    return DeliveryMark(id=delivery, when=when, state=to, at=rows.at(50), attempts=1)


class ClaimsContract:
    """Of those who want the same, one gets it."""

    # --- compare and set --------------------------------------------------------------------

    async def test_a_mark_changes_what_it_says_and_nothing_else(self, rig: StoreRig) -> None:
        line = await write_line(rig, await open_conversation(rig))
        delivery = rows.delivery(line)
        await rig.store.commit(Changes(deliveries=[delivery]))
        changed = DeliveryMark(
            id=delivery.id,
            when=(PENDING,),
            state=SENDING,
            at=rows.at(50),
            attempts=3,
            due_at=rows.at(60),
            error="busy",
        )

        await rig.store.commit(Changes(marks=[changed]))

        wanted = replace(delivery, state=SENDING, attempts=3, due_at=rows.at(60), error="busy")
        assert list(await rig.store.open_deliveries()) == [wanted]

    async def test_a_mark_that_comes_too_late_is_lost_and_the_rest_is_written(
        self, rig: StoreRig
    ) -> None:
        line = await write_line(rig, await open_conversation(rig))
        first, second = rows.delivery(line), rows.delivery(line)
        await rig.store.commit(Changes(deliveries=[first, second]))
        await rig.store.commit(Changes(marks=[mark(first.id, PENDING, to=SENT)]))

        marks = [mark(first.id, PENDING, SENDING), mark(second.id, PENDING, SENDING)]
        committed = await rig.store.commit(Changes(marks=marks))

        assert committed.lost_marks == {first.id}
        assert [d.id for d in await rig.store.open_deliveries()] == [second.id]

    async def test_beside_a_lost_mark_the_others_are_made_in_their_order(
        self, rig: StoreRig
    ) -> None:
        line = await write_line(rig, await open_conversation(rig))
        first, second, third = (rows.delivery(line) for _ in range(3))
        await rig.store.commit(Changes(deliveries=[first, second, third]))

        marks = [
            mark(first.id, PENDING),
            mark(second.id, SENT),
            mark(first.id, SENDING, to=SENT),
            mark(third.id, PENDING),
        ]
        committed = await rig.store.commit(Changes(marks=marks))

        assert committed.lost_marks == {second.id}
        left = {d.id: d.state for d in await rig.store.open_deliveries()}
        assert left == {second.id: PENDING, third.id: SENDING}

    async def test_of_many_who_claim_a_delivery_one_gets_it(self, rig: StoreRig) -> None:
        line = await write_line(rig, await open_conversation(rig))
        delivery = rows.delivery(line)
        await rig.store.commit(Changes(deliveries=[delivery]))

        claims = (rig.store.commit(Changes(marks=[mark(delivery.id, PENDING)])) for _ in range(50))
        answers = await asyncio.gather(*claims)

        assert sum(not answer.lost_marks for answer in answers) == 1

    async def test_a_mark_reaches_a_delivery_of_the_same_batch(self, rig: StoreRig) -> None:
        line = await write_line(rig, await open_conversation(rig))
        delivery = rows.delivery(line)
        cancelled = mark(delivery.id, PENDING, to=DeliveryState.CANCELLED)

        committed = await rig.store.commit(Changes(deliveries=[delivery], marks=[cancelled]))

        assert committed.lost_marks == frozenset()
        assert list(await rig.store.open_deliveries()) == []

    # --- places that one may take only when another has left --------------------------------

    async def test_a_hold_may_end_and_the_next_begin_in_one_batch(self, rig: StoreRig) -> None:
        talk, ana, bob = await open_conversation(rig), rows.agent(), rows.agent()
        first, second = rows.hold(talk, ana), rows.hold(talk, bob)
        await rig.store.commit(put(ana, bob, first))

        await rig.store.commit(put(second, replace(first, ended_at=rows.at(20))))

        assert (await rig.store.open_desk()).holds == (second,)

    async def test_a_conversation_may_end_and_the_next_begin_in_one_batch(
        self, rig: StoreRig
    ) -> None:
        contact, identity = rows.customer()
        first, second = rows.conversation(identity), rows.conversation(identity)
        await rig.store.commit(put(contact, identity, first))

        ended = replace(first, state=State.ENDED, ended_at=Instant(20))
        await rig.store.commit(put(second, ended))

        assert (await rig.store.open_desk()).conversations == (second,)

    async def test_a_thread_may_close_and_the_next_open_in_one_batch(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        first, second = rows.binding(talk), rows.binding(talk)
        await rig.store.commit(put(first))

        await rig.store.commit(put(second, replace(first, closed_at=rows.at(20))))

        assert (await rig.store.open_desk()).bindings == (second,)

    async def test_cards_wait_in_several_rooms_at_once(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        cards = [rows.binding(talk, Purpose.WAITING, room) for room in ("a", "b")]

        await rig.store.commit(put(*cards))

        assert (await rig.store.open_desk()).bindings == tuple(cards)

    async def test_a_hold_without_a_slot_does_not_count(self, rig: StoreRig) -> None:
        ana, talks = rows.agent(), [await open_conversation(rig) for _ in range(2)]
        holds = [rows.hold(talk, ana, slot=None) for talk in talks]

        await rig.store.commit(put(ana, *holds))

        assert (await rig.store.open_desk()).holds == tuple(holds)

    async def test_the_same_link_again_is_well(self, rig: StoreRig) -> None:
        line = await write_line(rig, await open_conversation(rig))
        link = rows.link(line, "wamid.1")
        await rig.store.commit(Changes(links=[link]))

        await rig.store.commit(Changes(links=[link]))

        assert await rig.reads.links(line.id, link.scope) == [link]
