"""What comes to other processes is decided in its order, once, and before what comes here later."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.domain.content import text_content
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import SECOND, Address, ChannelId, ExternalId, Instant, SourceKey
from bridge.engine.batches.arriving import PAGE
from bridge.ports.channel import Accepted, ChannelEvent, MessageReceived
from tests.captured import captured_log
from tests.fakes.memory_store import MemoryStore
from tests.fakes.office import Office
from tests.patience import PATIENCE

LONG = 60 * SECOND
WEB = ChannelId("web")


def line(words: str, name: str = "Alice", channel: ChannelId = WEB) -> MessageReceived:
    """What a customer says; the same words are the same line."""
    return MessageReceived(
        channel=channel,
        address=Address(f"addr-{name}"),
        external_id=ExternalId(f"{name}: {words}"),
        source=(SourceKey(f"{name}: {words}"),),
        content=text_content(words),
        name=name,
    )


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A desk to which nothing has come."""
    office = await Office(bot=None).open()
    yield office
    await office.close()


async def elsewhere(office: Office, *events: ChannelEvent) -> None:
    """They come to another process, one after the other."""
    for event in events:
        await office.store.arrivals.keep(event, None, office.clock.now())


def lines(store: MemoryStore) -> list[str]:
    """What is stored of customers, in its order."""
    said = sorted(store.messages.values(), key=lambda message: message.id)
    return [message.content.words() for message in said if message.author == "customer"]


async def test_what_came_to_another_process_is_decided_when_the_bell_is_answered(
    office: Office,
) -> None:
    await elsewhere(office, line("one"), line("two"))

    await office.engine.arrived()

    assert lines(office.store) == ["one", "two"]
    assert not office.store.arrivals.there


async def test_a_bell_with_nothing_behind_it_writes_nothing(office: Office) -> None:
    before = office.store.commits

    await office.engine.arrived()

    assert office.store.commits == before


async def test_a_line_acknowledged_elsewhere_is_decided_before_a_later_one_that_comes_here(
    office: Office,
) -> None:
    await elsewhere(office, line("one"))

    accepted = await office.customers.accept(line("two"))

    assert lines(office.store) == ["one", "two"]
    assert (office.store.overtaken, accepted.duplicate) == (1, False)
    assert office.engine.stats.arrived_before == 1


async def test_a_line_acknowledged_here_is_decided_before_a_later_one_that_comes_elsewhere(
    office: Office,
) -> None:
    await office.customers.accept(line("one"))
    await elsewhere(office, line("two"))

    await office.customers.accept(line("three"))

    assert lines(office.store) == ["one", "two", "three"]


async def test_while_things_come_lately_nothing_is_undone(office: Office) -> None:
    await elsewhere(office, line("one"))
    await office.engine.arrived()
    await elsewhere(office, line("two"))

    await office.customers.accept(line("three"))

    assert lines(office.store) == ["one", "two", "three"]
    assert office.store.overtaken == 0


async def test_long_after_that_nothing_is_looked_for(office: Office) -> None:
    await elsewhere(office, line("one"))
    await office.engine.arrived()
    office.clock.forward(LONG)
    looks = office.store.arrivals.looks

    await office.customers.accept(line("two"))

    assert office.store.arrivals.looks == looks


async def test_what_came_while_nobody_ran_the_desk_is_decided_before_anything_else() -> None:
    office = Office(bot=None)
    await elsewhere(office, line("one"), line("two"))

    await office.open()

    assert [row.kind for row in office.store.inbox] == [*["message_received"] * 2, "desk_started"]
    assert office.store.overtaken == 0
    await office.close()


async def test_more_than_a_page_is_decided_in_order_before_what_comes_here(
    office: Office,
) -> None:
    words = [f"{number}" for number in range(2 * PAGE + 3)]
    await elsewhere(office, *(line(each) for each in words))

    await office.customers.accept(line("last"))

    assert lines(office.store) == [*words, "last"]


async def test_a_line_that_comes_through_both_doors_is_one(office: Office) -> None:
    await elsewhere(office, line("one"), line("one"), line("two"))

    accepted = await office.customers.accept(line("one"))
    again = await office.customers.accept(line("two"))

    assert lines(office.store) == ["one", "two"]
    assert (accepted.duplicate, again.duplicate) == (True, True)
    assert not office.store.arrivals.there


async def test_a_duplicate_that_is_put_behind_is_still_the_duplicate(office: Office) -> None:
    await office.customers.accept(line("known"))
    await elsewhere(office, line("one"))

    again, accepted = await asyncio.gather(
        office.customers.accept(line("known")), office.customers.accept(line("two"))
    )

    assert lines(office.store) == ["known", "one", "two"]
    assert (again.duplicate, accepted.duplicate) == (True, False)


async def test_it_came_in_when_it_was_kept_though_never_later_than_now(office: Office) -> None:
    then = office.clock.now()
    await elsewhere(office, line("one"))
    await office.store.arrivals.keep(line("two"), None, Instant(then + LONG))
    office.clock.forward(SECOND)

    await office.engine.arrived()

    at = {row.line[1]: row.at for row in office.store.inbox if row.line}
    assert at == {"Alice: one": then, "Alice: two": then + SECOND}


@pytest.mark.parametrize(
    "body", [b"", b"not json", b'{"type":"of_tomorrow"}', b"\xff\xfe", b'{"channel":"web"}']
)
async def test_what_cannot_be_read_is_kept_as_it_came_and_the_others_go_on(
    office: Office, body: bytes
) -> None:
    office.store.arrivals.add(body, None, office.clock.now())
    await elsewhere(office, line("one"))

    with captured_log():
        await office.engine.arrived()

    (dead,) = [row for row in office.store.inbox if row.state == "dead"]
    assert (dead.body, dead.kind, bool(dead.error)) == (body, "unreadable", True)
    assert lines(office.store) == ["one"]
    assert not office.store.arrivals.there


async def test_what_cannot_be_decided_is_dead_and_waits_no_more(office: Office) -> None:
    await elsewhere(office, line("one", channel=ChannelId("gone")), line("two"))

    with captured_log():
        await office.engine.arrived()

    assert [row.state for row in office.store.inbox if row.kind == "message_received"] == [
        "dead",
        "done",
    ]
    assert not office.store.arrivals.there


async def test_while_the_disk_refuses_it_waits_and_who_answers_the_bell_is_told(
    office: Office,
) -> None:
    await elsewhere(office, line("one"), line("two"))
    office.store.broken = True

    with pytest.raises(StorageUnavailable):
        await office.engine.arrived()

    assert len(office.store.arrivals.there) == 2
    office.store.broken = False
    await office.engine.arrived()
    assert lines(office.store) == ["one", "two"]


async def test_while_the_disk_refuses_a_page_the_next_one_is_not_tried(office: Office) -> None:
    await elsewhere(office, *(line(f"{number}") for number in range(PAGE + 1)))
    office.store.broken = True

    async with asyncio.timeout(PATIENCE):
        with pytest.raises(StorageUnavailable):
            await office.engine.arrived()

    assert office.store.arrivals.looks < 5


async def test_what_comes_here_while_the_disk_refuses_does_not_overtake_it(
    office: Office,
) -> None:
    await elsewhere(office, line("one"))
    office.store.broken = True
    refused = await asyncio.gather(
        office.engine.arrived(), office.customers.accept(line("two")), return_exceptions=True
    )
    office.store.broken = False

    await office.customers.accept(line("two"))

    assert [type(each) for each in refused] == [StorageUnavailable, StorageUnavailable]
    assert lines(office.store) == ["one", "two"]


async def test_several_who_answer_at_once_decide_it_once(office: Office) -> None:
    await elsewhere(office, *(line(f"{number}") for number in range(20)))

    await asyncio.gather(
        *(office.engine.arrived() for _ in range(5)),
        *(office.customers.accept(line(f"here {number}", "Bia")) for number in range(20)),
    )

    assert sorted(lines(office.store)) == sorted(
        [*(f"{number}" for number in range(20)), *(f"here {number}" for number in range(20))]
    )
    assert office.engine.stats.duplicates == 0


async def test_a_row_that_cannot_be_alone_keeps_its_place_among_the_others(
    office: Office,
) -> None:
    """The database refuses a line: all of its batch are tried alone, and none is lost."""
    await elsewhere(office, line("one"), line("refused"), line("two"))
    office.store.refuses = "refused"

    with captured_log():
        accepted = await office.customers.accept(line("three"))

    assert accepted == Accepted(message=accepted.message)
    assert lines(office.store) == ["one", "two", "three"]
    assert [row.state for row in office.store.inbox].count("dead") == 1
    assert not office.store.arrivals.there


async def test_a_refused_line_beside_one_that_was_known(office: Office) -> None:
    await office.customers.accept(line("known"))
    office.store.refuses = "refused"

    with captured_log():
        again, _, accepted = await asyncio.gather(
            *(office.customers.accept(line(each)) for each in ("known", "refused", "two"))
        )

    assert (again.duplicate, accepted.duplicate) == (True, False)
    assert lines(office.store) == ["known", "two"]


async def test_once_the_disk_refuses_a_row_alone_those_behind_it_are_not_tried(
    office: Office,
) -> None:
    await elsewhere(office, line("one"), line("refused"), line("two"))
    office.store.refuses = "refused"
    office.store.breaks_after = office.store.commits + 1

    with captured_log(), pytest.raises(StorageUnavailable):
        await office.engine.arrived()

    assert lines(office.store) == ["one"]
    assert len(office.store.arrivals.there) == 2
    office.store.breaks_after = None
    with captured_log():
        await office.engine.arrived()
    assert lines(office.store) == ["one", "two"]
