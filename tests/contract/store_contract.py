"""What every store promises the engine: what is committed is there, whole, once, or not at all.

A store passes by subclassing `StoreContract` and giving a `rig` with an empty database.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from bridge.domain.agent import Membership
from bridge.domain.contact import Contact
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import Language
from bridge.domain.message import Message, Receipt
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.arrivals import Arrivals
from bridge.ports.store import (
    Changes,
    CommitRefused,
    DeskRows,
    DuplicateInbox,
    Entity,
    Needs,
    Reads,
    Store,
)
from tests.contract import full_rows, rows
from tests.contract.rows import put, touch


class StoreRig(ABC):
    """A database that can be opened again, as after a restart."""

    store: Store
    reads: Reads
    arrivals: Arrivals

    @abstractmethod
    def adapter_store(self, adapter: str) -> AdapterStore:
        """The memory of one adapter."""

    @abstractmethod
    async def reopen(self) -> None:
        """Close it and open what is on disk."""


async def open_conversation(rig: StoreRig, name: str = "Bia", **changed: object) -> Conversation:
    """A conversation of a new customer, on disk."""
    contact, identity = rows.customer(name)
    conversation = rows.conversation(identity, **changed)
    await rig.store.commit(put(contact, identity, conversation))
    return conversation


async def write_line(rig: StoreRig, of: Conversation, text: str = "hello") -> Message:
    """A line, on disk."""
    line = rows.line(of, text)
    await rig.store.commit(Changes(messages=[line]))
    return line


def brought(line: Message, name: str) -> Changes:
    """What is written of a line that a customer sent."""
    link = rows.link(line, name)
    row = replace(rows.inbox(), line=(link.scope, link.external_id))
    return Changes(inbox=[row], messages=[line], links=[link])


def both(one: Changes, other: Changes) -> Changes:
    """Two lines of one batch."""
    return Changes(
        inbox=one.inbox + other.inbox,
        messages=one.messages + other.messages,
        links=one.links + other.links,
    )


def kept(desk: DeskRows) -> list[Entity]:
    """Every entity the engine gets at its start."""
    every: list[Entity] = [
        *desk.agents,
        *desk.agent_identities,
        *desk.queues,
        *desk.memberships,
        *desk.rooms,
        *desk.templates,
        *desk.identities,
        *desk.conversations,
        *desk.holds,
        *desk.bindings,
        *desk.tickets,
        *desk.held,
    ]
    return ordered(every)


def ordered(entities: Iterable[Entity]) -> list[Entity]:
    """In an order that is the same for the same ones; not all of them can be in a set."""
    return sorted(entities, key=repr)


FULL_DESK = full_rows.full_desk()
KEPT = ordered(entity for entity in FULL_DESK if not isinstance(entity, Contact))
"""A contact is brought by whatever needs it."""


class StoreContract:
    """Promises to the engine."""

    async def test_every_field_of_every_entity_is_there_after_a_restart(
        self, rig: StoreRig
    ) -> None:
        await rig.store.commit(put(*FULL_DESK))

        await rig.reopen()

        assert kept(await rig.store.open_desk()) == KEPT

    async def test_a_contact_comes_with_each_look_at_his_identity(self, rig: StoreRig) -> None:
        contact, identity = rows.customer()
        await rig.store.commit(put(contact, identity))

        await rig.reopen()

        facts = await rig.store.load(Needs(identities=frozenset({identity.id})))
        assert (facts.contacts, facts.identities) == ((contact,), (identity,))

    async def test_entities_are_written_whatever_their_order(self, rig: StoreRig) -> None:
        await rig.store.commit(put(*reversed(FULL_DESK)))

        assert kept(await rig.store.open_desk()) == KEPT

    async def test_an_entity_put_again_is_changed_in_every_field(self, rig: StoreRig) -> None:
        contact, identity = rows.customer()
        plain = rows.conversation(identity)
        await rig.store.commit(put(contact, identity, plain))
        full = replace(full_rows.full_conversation(identity), id=plain.id)

        await rig.store.commit(put(full))

        assert (await rig.store.open_desk()).conversations == (full,)

    async def test_a_conversation_that_was_only_touched_stays_whole(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig, reason="wants a person", epoch=7)
        touched = replace(
            conversation,
            replied_at=rows.at(97),
            last_customer_at=rows.at(98),
            last_our_at=rows.at(99),
            bot_due=rows.at(100),
            bot_memory="x",
            language=Language("pt_BR"),
            warned=True,
        )

        await rig.store.commit(touch(touched))

        assert await rig.reads.find(conversation.id) == touched

    async def test_what_distribution_touched_is_written_and_all_else_stays(
        self, rig: StoreRig
    ) -> None:
        (contact, identity), ana, queue = rows.customer(), rows.agent(), rows.queue()
        member = Membership(agent=ana.id, queue=queue.id, level=2, position=3)
        talk = rows.conversation(identity)
        await rig.store.commit(put(contact, identity, ana, queue, member, talk))
        last = replace(identity, last_agent=ana.id, last_agent_at=rows.at(5))
        chosen, next_one = replace(ana, last_seq=7, idle_since=rows.at(6)), rows.agent()
        changes = put(next_one)
        for each in (last, chosen, replace(member, last_seq=8)):
            changes.touches[type(each), rows.key_of(each)] = each

        await rig.store.commit(changes)

        desk = await rig.store.open_desk()
        assert desk.identities == (last,)
        assert desk.agents == (chosen, next_one)
        assert desk.memberships == (replace(member, last_seq=8),)

    async def test_what_was_done_leaves_no_row_behind_but_what_makes_it_known(
        self, rig: StoreRig
    ) -> None:
        row = rows.inbox("a")

        await rig.store.commit(Changes(inbox=[row]))

        assert (await rig.store.open_desk()).last_id < row.id
        with pytest.raises(DuplicateInbox):
            await rig.store.commit(Changes(inbox=[row]))

    async def test_a_change_after_a_touch_is_written(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig)
        touched = replace(conversation, last_customer_at=rows.at(99))
        await rig.store.commit(touch(touched))
        notified = replace(touched, notified=True)

        await rig.store.commit(put(notified))

        assert await rig.reads.find(conversation.id) == notified

    async def test_what_is_removed_is_gone(self, rig: StoreRig) -> None:
        await rig.store.commit(put(*FULL_DESK))
        gone = [e for e in FULL_DESK if type(e).__name__ in ("Membership", "Room", "HeldReply")]

        await rig.store.commit(rows.remove(*gone))

        assert kept(await rig.store.open_desk()) == [
            entity for entity in KEPT if entity not in gone
        ]

    async def test_a_line_its_link_and_an_event_come_back_whole(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig)
        line, event = full_rows.full_line(conversation), full_rows.full_event(conversation)
        link = rows.link(line, "wamid.1", part=2)

        await rig.store.commit(Changes(messages=[line], links=[link], events=[event]))

        assert await rig.reads.lines(conversation.id, None, 9) == [line]
        assert await rig.reads.links(line.id, link.scope) == [link]
        assert await rig.reads.events(conversation.id) == [event]

    async def test_a_line_that_changes_is_changed_also_in_the_batch_that_made_it(
        self, rig: StoreRig
    ) -> None:
        conversation = await open_conversation(rig)
        line = rows.line(conversation)
        read = replace(line, receipt=Receipt.READ, content=full_rows.full_content())
        changes = put(read)
        changes.messages.append(line)

        await rig.store.commit(changes)

        assert await rig.reads.lines(conversation.id, None, 9) == [read]

    async def test_open_deliveries_come_back_whole_and_in_order(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig)
        line = await write_line(rig, conversation)
        pending, sending = rows.delivery(line), full_rows.full_delivery(line)
        over = [rows.delivery(line, state) for state in (DeliveryState.SENT, DeliveryState.DEAD)]

        await rig.store.commit(Changes(deliveries=[*over, pending, sending]))
        await rig.reopen()

        assert list(await rig.store.open_deliveries()) == [pending, sending]

    async def test_the_engine_goes_on_with_greater_numbers(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig)
        contact, _ = rows.customer()
        ticket = rows.ticket(contact)
        row = replace(rows.inbox("a", moment=77), state="dead", error="why")
        changes = put(contact, ticket)
        changes.inbox.append(row)
        await rig.store.commit(changes)

        desk = await rig.store.open_desk()

        assert desk.last_id == row.id
        assert desk.last_number == conversation.number
        assert desk.last_ticket == ticket.number
        assert desk.last_seen == 77

    async def test_only_what_is_open_is_kept_in_memory(self, rig: StoreRig) -> None:
        contact, identity = rows.customer()
        ended = rows.conversation(identity, state=State.ENDED)
        talk, ana = await open_conversation(rig), rows.agent()
        closed = rows.binding(talk, closed=20), rows.hold(talk, ana, ended=20)
        held = rows.binding(talk), rows.hold(talk, ana)

        await rig.store.commit(put(contact, identity, ended, ana, *closed, *held))

        desk = await rig.store.open_desk()
        assert desk.conversations == (talk,)
        assert (desk.bindings, desk.holds) == (held[:1], held[1:])
        assert identity not in desk.identities

    async def test_open_cases_are_kept_however_old_and_closed_ones_while_recent(
        self, rig: StoreRig
    ) -> None:
        conversation = await open_conversation(rig)
        contact = Contact(id=conversation.contact, name="Bia", created_at=rows.at(1))
        still_open = rows.ticket(contact)
        closed = [rows.ticket(contact, closed=True) for _ in range(30)]

        await rig.store.commit(put(still_open, *closed))

        tickets = (await rig.store.open_desk()).tickets
        assert still_open in tickets
        assert closed[-1] in tickets
        assert closed[0] not in tickets

    # --- once, and all or nothing -----------------------------------------------------------

    async def test_a_known_digest_names_its_row_and_nothing_is_written(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig)
        await rig.store.commit(Changes(inbox=[rows.inbox("a")]))
        again, fresh = rows.inbox("b", "a"), rows.inbox("c")
        line = rows.line(conversation)

        with pytest.raises(DuplicateInbox) as known:
            await rig.store.commit(Changes(inbox=[fresh, again], messages=[line]))

        assert known.value.rows == {again.id}
        assert await rig.reads.lines(conversation.id, None, 9) == []

    async def test_the_rest_of_a_batch_can_be_written_without_the_known_row(
        self, rig: StoreRig
    ) -> None:
        await rig.store.commit(Changes(inbox=[rows.inbox("a")]))
        with pytest.raises(DuplicateInbox):
            await rig.store.commit(Changes(inbox=[rows.inbox("a"), rows.inbox("b")]))

        await rig.store.commit(Changes(inbox=[rows.inbox("b")]))

        with pytest.raises(DuplicateInbox):
            await rig.store.commit(Changes(inbox=[rows.inbox("b")]))

    async def test_of_two_equal_rows_of_one_batch_the_later_is_the_duplicate(
        self, rig: StoreRig
    ) -> None:
        first, second, third = rows.inbox("a"), rows.inbox("a"), rows.inbox("a", "b")

        with pytest.raises(DuplicateInbox) as known:
            await rig.store.commit(Changes(inbox=[first, second, third]))

        assert known.value.rows == {second.id, third.id}

    async def test_digests_are_known_after_a_restart(self, rig: StoreRig) -> None:
        await rig.store.commit(Changes(inbox=[rows.inbox("a")]))

        await rig.reopen()

        with pytest.raises(DuplicateInbox):
            await rig.store.commit(Changes(inbox=[rows.inbox("a")]))

    async def test_a_line_whose_name_is_stored_is_a_known_row(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        await rig.store.commit(brought(rows.line(talk), "l1"))
        await rig.reopen()
        again, fresh = brought(rows.line(talk), "l1"), brought(rows.line(talk), "l2")

        with pytest.raises(DuplicateInbox) as known:
            await rig.store.commit(both(fresh, again))

        assert known.value.rows == {again.inbox[0].id}
        assert len(await rig.reads.lines(talk.id, None, 9)) == 1

    async def test_of_two_lines_of_one_name_in_a_batch_the_later_is_the_duplicate(
        self, rig: StoreRig
    ) -> None:
        talk = await open_conversation(rig)
        first, second = brought(rows.line(talk), "l1"), brought(rows.line(talk), "l1")

        with pytest.raises(DuplicateInbox) as known:
            await rig.store.commit(both(first, second))
        await rig.store.commit(first)

        assert known.value.rows == {second.inbox[0].id}
        assert await rig.reads.lines(talk.id, None, 9) == first.messages

    async def test_when_the_last_line_came_is_known_after_a_restart(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        line = rows.line(talk, moment=78)
        await rig.store.commit(brought(line, "l1"))

        await rig.reopen()

        assert (await rig.store.open_desk()).last_seen == 78

    async def test_batches_committed_at_once_are_all_written(self, rig: StoreRig) -> None:
        conversation = await open_conversation(rig)
        lines = [rows.line(conversation) for _ in range(20)]

        await asyncio.gather(*(rig.store.commit(Changes(messages=[line])) for line in lines))

        assert await rig.reads.lines(conversation.id, None, 99) == lines

    async def test_text_that_no_database_can_hold_refuses_its_batch_alone(
        self, rig: StoreRig
    ) -> None:
        conversation = await open_conversation(rig)

        with pytest.raises(CommitRefused):
            await rig.store.commit(put(replace(conversation, reason="\ud800")))

        assert await write_line(rig, conversation) is not None
