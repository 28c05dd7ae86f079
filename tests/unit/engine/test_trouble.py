"""Failure is shown, told once, and can be mended; one bad row stops nobody."""

import asyncio

import pytest
from msgspec.structs import replace

from bridge.domain.content import text_content
from bridge.domain.delivery import DeliveryState, Mark
from bridge.domain.errors import (
    DeliveryRejected,
    OutcomeUnknown,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.domain.ids import (
    HOUR,
    MINUTE,
    SECOND,
    Address,
    ChannelId,
    ExternalId,
    SourceKey,
)
from bridge.domain.message import Receipt
from bridge.domain.moves import ChangeAgent, EndForErasure, EraseContact
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.channel import MessageReceived
from bridge.ports.store import Facts, Needs
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.fakes.sides import RecordingChannel
from tests.patience import PATIENCE


@pytest.fixture
async def held(office: Office) -> Office:
    await office.agent("ana", "sales")
    await office.handed_over()
    return office


async def test_a_refused_line_is_marked_told_and_can_be_sent_again(held: Office) -> None:
    held.channel.failures.append(DeliveryRejected("blocked by the customer", "blocked"))
    line = await held.says("ana", "hello")
    _, words, (retry,) = held.workspace.whispers[-1]

    await held.command("ana", retry.command, **retry.arguments)

    assert "did not reach" in words
    assert (line, Mark.FAILED, False) in held.thread().marks
    assert (line, Mark.FAILED, True) in held.thread().marks
    assert held.channel.words() == ["hello"]


async def test_the_reason_of_a_failure_is_told_in_the_agents_language(held: Office) -> None:
    ana = held.engine.desk.agent_by_handle("ana")
    assert ana is not None
    await held.do(ChangeAgent(agent=ana.id, language="pt_BR"))
    held.channel.failures.append(DeliveryRejected("413", "too_large"))

    await held.says("ana", "hello")

    assert held.whispered("ana")[-1] == (
        "“hello” não chegou ao cliente (o arquivo é grande demais)."
    )


async def test_an_unclear_outcome_is_never_repeated_without_being_asked(held: Office) -> None:
    held.channel.failures.append(OutcomeUnknown("no answer"))
    line = await held.says("ana", "hello")

    assert held.channel.words() == []
    assert (line, Mark.UNKNOWN, False) in held.thread().marks
    assert [m.receipt for m in held.store.messages.values() if m.agent] == [Receipt.UNKNOWN]


async def test_a_channel_that_takes_a_key_twice_as_one_is_asked_again() -> None:
    channel = RecordingChannel(capabilities=ChannelCapabilities(repeats=True))
    office = await Office(channel=channel).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    channel.failures.append(OutcomeUnknown("no answer"))

    said = office.says("ana", "hello")
    await said
    await office.later(0)

    states = {d.state for d in office.store.all_deliveries.values()}
    assert DeliveryState.UNKNOWN not in states
    assert channel.words() == ["hello"]
    await office.close()


async def test_a_temporary_failure_keeps_the_order(held: Office) -> None:
    held.channel.failures.append(TemporaryFailure("busy", retry_after=0.001))

    await held.says("ana", "first")
    await held.says("ana", "second")

    assert held.channel.words() == ["first", "second"]


async def test_a_full_disk_stores_nothing_and_goes_on_by_itself(held: Office) -> None:
    held.store.broken = True
    with pytest.raises(StorageUnavailable):
        await held.customer("anybody there?")
    held.store.broken = False

    await held.customer("hello again")

    words = [m.content.words() for m in held.store.messages.values()]
    assert "anybody there?" not in words
    assert held.thread().words()[-1] == "hello again"


async def test_the_same_source_twice_has_one_effect(held: Office) -> None:
    held.sources = 100
    await held.customer("once")
    held.sources = 100

    again = await held.customer("once")

    assert again.duplicate
    assert held.thread().words().count("once") == 1


async def test_a_restart_is_the_identity(held: Office) -> None:
    await held.says("ana", "before")
    await held.close()

    office = await Office(
        store=held.store, channel=held.channel, workspace=held.workspace, clock=held.clock
    ).open()
    office.sources = 500
    await office.customer("still here?")
    await office.says("ana", "after")

    assert office.channel.words() == ["before", "after"]
    assert office.thread().words()[-1] == "still here?"
    await office.close()


async def test_a_row_that_cannot_be_decided_is_kept_as_dead_and_stops_nobody(
    held: Office,
) -> None:
    stranger = MessageReceived(
        channel=ChannelId("nowhere"),
        source=(SourceKey("x"),),
        address=Address("a"),
        external_id=ExternalId("1"),
        content=text_content("lost?"),
    )

    both = await asyncio.gather(
        held.customers.accept(stranger), held.customer("hello"), return_exceptions=True
    )

    dead = [row for row in held.store.inbox if row.state == "dead"]
    assert not any(isinstance(each, BaseException) for each in both)
    assert [b"lost?" in row.body for row in dead] == [True]
    assert held.thread().words()[-1] == "hello"


async def test_a_line_that_comes_again_has_one_effect_whatever_its_source(held: Office) -> None:
    line = MessageReceived(
        channel=held.channel.channel_id,
        address=Address("5511"),
        external_id=ExternalId("again"),
        content=text_content("only once"),
    )
    await held.customers.accept(line)

    answer = await held.customers.accept(replace(line, source=(SourceKey("another"),)))

    assert answer.duplicate
    said = [m.content.words() for m in held.store.messages.values()]
    assert said.count("only once") == 1


async def test_a_line_that_cannot_be_decided_is_kept_once_however_often_it_comes(
    held: Office,
) -> None:
    stranger = MessageReceived(
        channel=ChannelId("nowhere"),
        address=Address("a"),
        external_id=ExternalId("1"),
        content=text_content("lost?"),
    )

    answers = [await held.customers.accept(stranger) for _ in range(2)]

    assert [answer.duplicate for answer in answers] == [False, True]
    assert [row.state for row in held.store.inbox].count("dead") == 1


async def test_what_was_due_while_the_disk_was_full_happens_once_afterwards(
    office: Office,
) -> None:
    await office.pull_only()
    await office.agent("ana", "sales")
    await office.handed_over()
    office.store.broken = True
    for _ in range(3):
        with pytest.raises(StorageUnavailable):
            await office.later(61 * SECOND)
    office.store.broken = False

    await office.later(0)
    await office.later(SECOND)

    asked = [post for thread in office.workspace.threads.values() for post in thread.posts]
    assert [post.mentions for post in asked if post.mentions] == [("u-ana",)]


async def test_whom_time_alone_would_have_freed_while_the_disk_was_full_is_found_afterwards(
    office: Office,
) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.later(3 * MINUTE)  # she stays silent, and is not asked again for a while
    silent = office.holder()
    office.store.broken = True
    with pytest.raises(StorageUnavailable):
        await office.later(HOUR)
    office.store.broken = False

    await office.later(0)

    assert (silent, office.holder()) == ("", "ana")


class PickyStore(MemoryStore):
    """A store with a fault: it cannot even look for some addresses."""

    async def load(self, needs: Needs) -> Facts:
        if any(address == "odd" for _, address in needs.addresses):
            raise ValueError("this cannot be looked for")
        return await super().load(needs)


async def test_a_row_whose_needs_cannot_be_told_is_dead_and_stops_nobody() -> None:
    office = await Office(store=PickyStore()).open()
    await office.queue("sales")
    odd = MessageReceived(
        channel=office.channel.channel_id,
        source=(SourceKey("x"),),
        address=Address("odd"),
        external_id=ExternalId("1"),
        content=text_content("lost?"),
    )

    async with asyncio.timeout(PATIENCE):
        both = await asyncio.gather(
            office.customers.accept(odd), office.customer("hello"), return_exceptions=True
        )

    dead = [row for row in office.store.inbox if row.state == "dead"]
    assert not any(isinstance(each, BaseException) for each in both)
    assert [b"lost?" in row.body for row in dead] == [True]
    assert "hello" in [m.content.words() for m in office.store.messages.values()]
    await office.close()


async def test_only_what_could_not_be_decided_is_kept_as_it_came(held: Office) -> None:
    await held.customer("decided and written once")

    kept = [row.body for row in held.store.inbox]

    assert kept
    assert not any(kept)


async def test_after_a_restart_what_is_older_goes_first(held: Office) -> None:
    held.channel.failures.append(TemporaryFailure("busy", retry_after=0.2))
    await held.tries("ana", "older")
    await held.close()
    office = Office(
        store=held.store, channel=held.channel, workspace=held.workspace, clock=held.clock
    )
    office.sources = 500

    before = await office.start()
    await office.says("ana", "newer")
    office.dispatcher.resume(before)
    await office.quiet()

    assert office.channel.words() == ["older", "newer"]
    await office.close()


@pytest.mark.parametrize(
    ("state", "failure", "mark"),
    [
        pytest.param(DeliveryState.SENDING, None, Mark.UNKNOWN, id="killed while it was sent"),
        pytest.param(
            DeliveryState.PENDING,
            DeliveryRejected("blocked by the customer", "blocked"),
            Mark.FAILED,
            id="refused at the next start",
        ),
    ],
)
async def test_what_fails_after_a_restart_is_told_as_well(
    held: Office, state: DeliveryState, failure: DeliveryRejected | None, mark: Mark
) -> None:
    held.channel.failures.append(TemporaryFailure("busy", retry_after=60))
    await held.tries("ana", "hello")
    await held.close()
    (left,) = await held.store.open_deliveries()
    held.store.all_deliveries[left.id] = replace(left, state=state, due_at=None)
    held.channel.failures.extend(() if failure is None else (failure,))

    office = await Office(
        store=held.store, channel=held.channel, workspace=held.workspace, clock=held.clock
    ).open()
    await office.quiet()

    assert [shown for _, shown, _ in office.thread().marks] == [mark]
    assert "hello" in office.workspace.whispers[-1][1]
    await office.close()


async def test_who_could_not_be_erased_is_known_by_every_name(held: Office) -> None:
    desk, talk = held.engine.desk, held.conversation()
    alice = desk.identities[talk.identity]
    await held.do(EndForErasure(contact=talk.contact))
    held.store.broken = True

    with pytest.raises(StorageUnavailable):
        await held.do(EraseContact(contact=talk.contact))

    assert not desk.erased.has(alice.channel, [alice.address])
    held.store.broken = False
    assert (await held.do(EraseContact(contact=talk.contact))).ok
    assert desk.erased.has(alice.channel, [alice.address])
