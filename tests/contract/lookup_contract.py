"""What every store promises when a batch asks for what memory lacks."""

from msgspec.structs import replace

from bridge.domain.contact import Contact
from bridge.domain.conversation import State
from bridge.domain.delivery import DeliveryState
from bridge.domain.ids import Address, ExternalId, MessageId, ThreadRef, WorkspaceId
from bridge.ports.store import Changes, Merged, Needs
from tests.contract import rows
from tests.contract.rows import LOCAL, WEB, put
from tests.contract.store_contract import StoreRig, open_conversation, write_line


class LookUpContract:
    """What a batch may ask for."""

    async def test_a_customer_is_found_by_his_own_address_and_by_one_learnt(
        self, rig: StoreRig
    ) -> None:
        contact, identity = rows.customer(address="+5511")
        changes = put(contact, identity)
        changes.addresses.append((WEB, Address("bsuid-1"), identity.id))
        await rig.store.commit(changes)
        wanted = frozenset({(WEB, Address("+5511")), (WEB, Address("bsuid-1"))})

        facts = await rig.store.load(Needs(addresses=wanted))

        assert facts.identities == (identity,)
        assert facts.contacts == (contact,)
        assert {(channel, address) for channel, address, _ in facts.aliases} == wanted

    async def test_an_address_that_moved_leads_to_its_new_owner(self, rig: StoreRig) -> None:
        old, new = rows.customer(), rows.customer()
        changes = put(*old, *new)
        changes.addresses.append((WEB, Address("shared"), old[1].id))
        await rig.store.commit(changes)

        await rig.store.commit(Changes(addresses=[(WEB, Address("shared"), new[1].id)]))

        facts = await rig.store.load(Needs(addresses=frozenset({(WEB, Address("shared"))})))
        assert facts.identities == (new[1],)

    async def test_whoever_turned_out_to_be_another_leads_to_him_with_his_names_and_cases(
        self, rig: StoreRig
    ) -> None:
        into, gone = rows.customer(address="+5511"), rows.customer(address="BR.1")
        case = rows.ticket(gone[0])
        changes = put(*into, *gone, case)
        changes.addresses.append((WEB, Address("+551199"), gone[1].id))
        await rig.store.commit(changes)

        empty = replace(gone[1], merged=into[1].id, contact=into[0].id)
        merging = put(empty)
        merging.merged.append(Merged(gone=gone[1], into=into[1]))
        await rig.store.commit(merging)

        names = ("+5511", "BR.1", "+551199")
        wanted = frozenset((WEB, Address(name)) for name in names)
        facts = await rig.store.load(Needs(addresses=wanted))
        assert facts.identities == (into[1],)
        assert {name for _, name, _ in facts.aliases} == set(names)
        assert facts.tickets == (replace(case, contact=into[0].id),)

    async def test_a_link_brings_its_line_and_what_that_belongs_to(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig, state=State.ENDED)
        line, other = await write_line(rig, talk), await write_line(rig, talk)
        link, binding = rows.link(line, "wamid.1"), rows.binding(talk, closed=30)
        changes = put(binding)
        changes.links += [link, rows.link(other, "wamid.2")]
        await rig.store.commit(changes)
        key = (link.scope, link.external_id)

        facts = await rig.store.load(Needs(links=frozenset({key})))

        assert (facts.links, facts.messages) == ((link,), (line,))
        assert (facts.conversations, facts.bindings) == ((talk,), (binding,))
        assert [identity.id for identity in facts.identities] == [talk.identity]
        assert [contact.id for contact in facts.contacts] == [talk.contact]

    async def test_a_thread_brings_its_conversation_also_when_both_are_over(
        self, rig: StoreRig
    ) -> None:
        talk = await open_conversation(rig, state=State.ENDED)
        binding = rows.binding(talk, thread="t1", closed=30)
        await rig.store.commit(put(binding))

        facts = await rig.store.load(Needs(threads=frozenset({(LOCAL, ThreadRef("t1"))})))

        assert (facts.bindings, facts.conversations) == ((binding,), (talk,))

    async def test_a_number_brings_the_conversation_and_the_contacts_cases(
        self, rig: StoreRig
    ) -> None:
        talk = await open_conversation(rig)
        ticket = rows.ticket(Contact(id=talk.contact, name="Bia", created_at=rows.at(1)))
        await rig.store.commit(put(ticket))

        facts = await rig.store.load(Needs(numbers=frozenset({talk.number})))

        assert (facts.conversations, facts.tickets) == ((talk,), (ticket,))

    async def test_a_line_brings_its_names_on_every_side(self, rig: StoreRig) -> None:
        line = await write_line(rig, await open_conversation(rig))
        links = [rows.link(line, "1", "channel:web"), rows.link(line, "2", "thread:7")]
        await rig.store.commit(Changes(links=links))

        facts = await rig.store.load(Needs(messages=frozenset({line.id})))

        assert facts.messages == (line,)
        assert set(facts.links) == set(links)

    async def test_deliveries_and_identities_are_found_by_id(self, rig: StoreRig) -> None:
        talk = await open_conversation(rig)
        delivery = rows.delivery(await write_line(rig, talk), DeliveryState.SENT)
        await rig.store.commit(Changes(deliveries=[delivery]))

        facts = await rig.store.load(
            Needs(deliveries=frozenset({delivery.id}), identities=frozenset({talk.identity}))
        )

        assert facts.deliveries == (delivery,)
        assert [identity.id for identity in facts.identities] == [talk.identity]

    async def test_what_is_not_there_is_left_out(self, rig: StoreRig) -> None:
        await open_conversation(rig)
        nothing = Needs(
            addresses=frozenset({(WEB, Address("'; DROP TABLE contact; --\0\"]"))}),
            links=frozenset({("channel:web", ExternalId("none"))}),
            threads=frozenset({(WorkspaceId("gone"), ThreadRef("t"))}),
            numbers=frozenset({-1, 2**62}),
            messages=frozenset({MessageId(5)}),
        )

        facts = await rig.store.load(nothing)

        assert not any(getattr(facts, name) for name in facts.__struct_fields__)

    async def test_a_hostile_address_is_only_a_name(self, rig: StoreRig) -> None:
        address = Address('"]}\\ \u202e%_/*')
        contact, identity = rows.customer(address=address)
        await rig.store.commit(put(contact, identity))

        facts = await rig.store.load(Needs(addresses=frozenset({(WEB, address)})))

        assert facts.identities == (identity,)

    async def test_nobody_is_found_by_the_beginning_of_an_address(self, rig: StoreRig) -> None:
        contact, identity = rows.customer(address="bia")
        await rig.store.commit(put(contact, identity))
        addresses = {(WEB, Address("bia\0x")), (WEB, Address("bi")), (WEB, Address("bia "))}

        facts = await rig.store.load(Needs(addresses=frozenset(addresses)))

        assert facts.identities == ()
