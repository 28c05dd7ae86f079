"""What every store promises to boards, pages and the API."""

import pytest
from msgspec.structs import replace

from bridge.domain.contact import Contact
from bridge.domain.conversation import Conversation, Priority, State
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import AgentId, ChannelId, ConversationId, ExternalId, QueueId
from bridge.domain.message import Author, Billed
from bridge.ports.queries import ConversationFilter
from bridge.ports.store import Changes
from tests.contract import rows
from tests.contract.rows import put
from tests.contract.store_contract import StoreRig, open_conversation, write_line

URGENT, HIGH, NORMAL, LOW = Priority


async def numbers(rig: StoreRig, where: ConversationFilter) -> list[int]:
    """The list, as people see it."""
    return [found.number for found in await rig.reads.conversations(where)]


class ReadsContract:
    """Promises to readers."""

    async def test_a_conversation_is_found_by_number_and_by_id(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)

        assert await rig.reads.conversation(talk.number) == talk
        assert await rig.reads.find(talk.id) == talk
        assert await rig.reads.conversation(-1) is None

    async def test_the_list_begins_with_the_highest_priority_then_the_longest_wait(
        self, rig: StoreRig
    ) -> None:
        low = await open_conversation(rig, priority=LOW, since=rows.at(1))
        late = await open_conversation(rig, priority=HIGH, since=rows.at(9))
        early = await open_conversation(rig, priority=HIGH, since=rows.at(3))
        at_bot = await open_conversation(rig, priority=HIGH, opened_at=rows.at(5))

        listed = await rig.reads.conversations(ConversationFilter())

        assert listed == [early, at_bot, late, low]

    async def test_ended_ones_come_after_open_ones_the_last_ended_first(
        self, rig: StoreRig
    ) -> None:
        ended = [
            await open_conversation(rig, state=State.ENDED, ended_at=rows.at(moment))
            for moment in (20, 30)
        ]
        talk = await open_conversation(rig, priority=LOW)

        assert await rig.reads.conversations(ConversationFilter()) == [talk, *reversed(ended)]

    @pytest.mark.parametrize("size", [1, 2, 3, 7])
    async def test_pages_show_everything_once_in_the_order_of_the_list(
        self, rig: StoreRig, size: int
    ) -> None:
        for n in range(6):
            await open_conversation(rig, priority=Priority(n % 2), since=rows.at(n // 2))
            await open_conversation(
                rig, state=State.ENDED, priority=Priority(n % 2), ended_at=rows.at(n // 2)
            )
        whole = await numbers(rig, ConversationFilter(limit=99))

        pages: list[int] = []
        while page := await numbers(
            rig, ConversationFilter(limit=size, before=pages[-1] if pages else None)
        ):
            pages += page

        assert len(whole) == 12
        assert pages == whole

    @pytest.mark.parametrize(
        "where",
        [
            ConversationFilter(queue="vendas"),
            ConversationFilter(channel="zap"),
            ConversationFilter(queue="vendas", channel="zap"),
            ConversationFilter(states=(State.ENDED,)),
            ConversationFilter(since=rows.at(2)),
        ],
    )
    async def test_a_filter_shows_the_same_in_pages_as_at_once(
        self, rig: StoreRig, where: ConversationFilter
    ) -> None:
        queue = rows.queue("vendas")
        await rig.store.commit(put(queue))
        for n in range(12):
            await open_conversation(
                rig,
                state=State.ENDED,
                priority=Priority(n % 3),
                queue=queue.id if n % 4 else QueueId(1),
                channel=ChannelId("zap" if n % 5 else "site"),
                ended_at=rows.at(n // 3),
            )
        whole = await numbers(rig, replace(where, limit=99))

        pages: list[int] = []
        while page := await numbers(
            rig, replace(where, limit=2, before=pages[-1] if pages else None)
        ):
            pages += page

        assert len(whole) >= 6
        assert pages == whole

    async def test_of_ended_ones_no_agent_has_any(self, rig: StoreRig) -> None:
        ana = rows.agent("ana")
        await rig.store.commit(put(ana))
        held = await open_conversation(rig, state=State.ASSIGNED, agent=ana.id)
        await open_conversation(rig, state=State.ENDED, ended_at=rows.at(1))

        assert await numbers(rig, ConversationFilter(agent="ana")) == [held.number]

    async def test_a_page_after_nothing_we_know_is_the_first(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)

        assert await numbers(rig, ConversationFilter(before=-5)) == [talk.number]

    async def test_every_filter_narrows_and_they_add_up(self, rig: StoreRig) -> None:
        queue, ana = rows.queue("vendas"), rows.agent("ana")
        await rig.store.commit(put(queue, ana))
        contact, identity = rows.customer(channel=ChannelId("zap"))
        wanted = rows.conversation(
            identity,
            state=State.ASSIGNED,
            queue=queue.id,
            agent=ana.id,
            priority=HIGH,
            last_customer_at=rows.at(100),
        )
        await rig.store.commit(put(contact, identity, wanted))
        await open_conversation(rig, queue=QueueId(1), agent=AgentId(1))
        filters = {
            "states": ConversationFilter(states=(State.ASSIGNED, State.PARKED)),
            "queue": ConversationFilter(queue="vendas"),
            "agent": ConversationFilter(agent="ana"),
            "priority": ConversationFilter(priority=HIGH),
            "channel": ConversationFilter(channel="zap"),
            "since": ConversationFilter(since=rows.at(100)),
            "all": ConversationFilter(queue="vendas", agent="ana", channel="zap", text="bia"),
        }

        found = {name: await numbers(rig, where) for name, where in filters.items()}

        assert found == {name: [wanted.number] for name in filters}

    async def test_a_filter_that_nothing_meets_gives_an_empty_list(self, rig: StoreRig) -> None:
        await open_conversation(rig)

        assert await numbers(rig, ConversationFilter(queue="none")) == []
        assert await numbers(rig, ConversationFilter(agent="none")) == []
        assert await numbers(rig, ConversationFilter(states=(State.ENDED,))) == []

    @pytest.mark.parametrize("typed", ["JOÃO", "joao", "da silva", " João da Silva ", "jo"])
    async def test_a_name_is_found_without_case_and_accents(
        self, rig: StoreRig, typed: str
    ) -> None:
        talk = await open_conversation(rig, "João da Silva")
        await open_conversation(rig, "Bia")

        assert await numbers(rig, ConversationFilter(text=typed)) == [talk.number]

    @pytest.mark.parametrize("typed", ["+55 11 91234-5678", "(11) 91234-5678", "912345678"])
    async def test_a_phone_number_is_found_however_it_is_typed(
        self, rig: StoreRig, typed: str
    ) -> None:
        contact, identity = rows.customer(address="+5511912345678")
        talk = rows.conversation(identity)
        await rig.store.commit(put(contact, identity, talk))
        await open_conversation(rig)

        assert await numbers(rig, ConversationFilter(text=typed)) == [talk.number]

    async def test_nobody_is_found_by_an_address_that_was_made_up_for_him(
        self, rig: StoreRig
    ) -> None:
        contact, identity = rows.customer(address="visitor:9zo4q")
        known, signed = rows.customer(address="zoe@example.org")
        stranger, talk = replace(identity, anonymous=True), rows.conversation(signed)
        await rig.store.commit(put(contact, stranger, known, signed))
        await rig.store.commit(put(rows.conversation(stranger), talk))

        assert await numbers(rig, ConversationFilter(text="zo")) == [talk.number]
        assert await numbers(rig, ConversationFilter(text="visitor")) == []

    async def test_a_conversation_is_found_by_its_number_with_and_without_the_sign(
        self, rig: StoreRig
    ) -> None:
        contact, identity = rows.customer(address="ana@example.org")
        talk = rows.conversation(identity, number=987_654_321)
        await rig.store.commit(put(contact, identity, talk))

        for typed in ("#987654321", "987654321", "#9876"):
            assert await numbers(rig, ConversationFilter(text=typed)) == [talk.number]

    @pytest.mark.parametrize("typed", ["%", "_", "100%", "a/b", "'", '"; --', "\\", "/"])
    async def test_signs_are_looked_for_as_themselves(self, rig: StoreRig, typed: str) -> None:
        talk = await open_conversation(rig, f"x{typed}x")
        await open_conversation(rig, "Bia")

        assert await numbers(rig, ConversationFilter(text=typed)) == [talk.number]

    async def test_lines_come_in_pages_the_newest_last(self, rig: StoreRig) -> None:
        talk, other = await open_conversation(rig), await open_conversation(rig)
        lines = [await write_line(rig, talk, f"line {n}") for n in range(5)]
        await write_line(rig, other)

        newest = await rig.reads.lines(talk.id, None, 2)
        older = await rig.reads.lines(talk.id, newest[0].id, 2)

        assert (older, newest) == (lines[1:3], lines[3:])

    async def test_the_last_line_is_what_somebody_said_last(self, rig: StoreRig) -> None:
        talk, silent = await open_conversation(rig), await open_conversation(rig)
        await write_line(rig, talk, "first")
        said = await write_line(rig, talk, "last")
        await rig.store.commit(Changes(messages=[rows.line(talk, "remark", Author.SYSTEM)]))

        assert await rig.reads.last_lines([talk.id, silent.id]) == {talk.id: said}

    async def test_the_customers_last_words_come_before_what_was_answered(
        self, rig: StoreRig
    ) -> None:
        talk, begun = await open_conversation(rig), await open_conversation(rig)
        asked = await write_line(rig, talk, "where is it?")
        ours = rows.line(begun, "hello", Author.AGENT)
        answers = [rows.line(talk, "wait, please", author) for author in (Author.BOT, Author.AGENT)]
        await rig.store.commit(Changes(messages=[*answers, ours]))

        last = await rig.reads.last_lines([talk.id, begun.id])

        assert last == {talk.id: asked, begun.id: ours}

    async def test_events_are_of_one_conversation_or_of_the_whole_desk(self, rig: StoreRig) -> None:
        talk, other = await open_conversation(rig), await open_conversation(rig)
        events = [rows.event(talk), rows.event(other), rows.event(), rows.event(talk)]
        await rig.store.commit(Changes(events=events))

        assert await rig.reads.events(talk.id) == [events[0], events[3]]
        assert await rig.reads.events(talk.id, 1) == events[:1]
        assert await rig.reads.desk_events(events[0].id, 2) == events[1:3]

    async def test_bindings_are_all_that_there_ever_were(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        bindings = [rows.binding(talk, closed=20), rows.binding(talk)]
        await rig.store.commit(put(*bindings))

        assert await rig.reads.bindings(talk.id) == bindings

    async def test_customers_are_found_by_id(self, rig: StoreRig) -> None:
        contact, identity = rows.customer()
        await rig.store.commit(put(contact, identity))

        assert await rig.reads.contacts([contact.id]) == {contact.id: contact}
        assert await rig.reads.identities([identity.id]) == {identity.id: identity}
        assert await rig.reads.contacts([]) == {}

    async def test_cases_come_newest_first(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        contact = Contact(id=talk.contact, name="Bia", created_at=rows.at(1))
        old, new = rows.ticket(contact, closed=True), rows.ticket(contact)
        await rig.store.commit(put(old, new))

        assert await rig.reads.tickets(contact.id) == [new, old]

    async def test_a_split_message_has_its_parts_in_order(self, rig: StoreRig) -> None:
        line = await write_line(rig, await open_conversation(rig))
        links = [rows.link(line, external_id, part=part) for part, external_id in enumerate("zya")]
        elsewhere = rows.link(line, "b", "thread:1")
        await rig.store.commit(Changes(links=[*reversed(links), elsewhere]))

        assert await rig.reads.links(line.id, "channel:web") == links

    @pytest.mark.parametrize(
        "states",
        [
            (DeliveryState.PENDING,),
            (DeliveryState.UNKNOWN, DeliveryState.DEAD),
            (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.SENDING),
            tuple(DeliveryState),
            (),
        ],
    )
    async def test_deliveries_in_some_states_come_newest_first(
        self, rig: StoreRig, states: tuple[DeliveryState, ...]
    ) -> None:
        line = await write_line(rig, await open_conversation(rig))
        deliveries = [rows.delivery(line, state) for state in (*DeliveryState, *DeliveryState)]
        await rig.store.commit(Changes(deliveries=deliveries))

        found = await rig.reads.deliveries(states, 3)

        assert found == [each for each in reversed(deliveries) if each.state in states][:3]

    async def test_readers_see_what_is_committed_at_once(self, rig: StoreRig) -> None:
        talk: Conversation = await open_conversation(rig)

        for _ in range(20):
            line = await write_line(rig, talk)
            assert (await rig.reads.lines(talk.id, None, 1))[0] == line

    async def test_a_conversation_without_lines_has_none(self, rig: StoreRig) -> None:
        assert await rig.reads.lines(ConversationId(1), None, 9) == []
        assert await rig.reads.last_lines([]) == {}

    async def test_what_is_billed_is_counted_once_by_category(self, rig: StoreRig) -> None:
        talk, other = await open_conversation(rig), await open_conversation(rig)
        bills = [
            Billed(
                channel=rows.WEB,
                external_id=ExternalId(name),
                conversation=of.id,
                category=category,
                at=rows.at(1),
            )
            for name, of, category in (
                ("a", talk, "service"),
                ("b", talk, "utility"),
                ("c", talk, "service"),
                ("d", other, "service"),
                ("a", talk, "service"),
            )
        ]

        await rig.store.commit(Changes(billed=bills))
        await rig.store.commit(Changes(billed=bills[:2]))

        assert await rig.reads.billed(talk.id) == {"service": 2, "utility": 1}
        assert await rig.reads.billed(other.id) == {"service": 1}
        assert await rig.reads.billed(ConversationId(-1)) == {}

    async def test_a_source_is_known_once_it_was_taken(self, rig: StoreRig) -> None:
        row = rows.inbox("a" * 16)

        await rig.store.commit(Changes(inbox=[row]))

        assert await rig.reads.knows(b"a" * 16)
        assert not await rig.reads.knows(b"b" * 16)
