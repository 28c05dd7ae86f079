"""A workspace that takes only so many posts gets few; what is in doubt is not done twice."""

import asyncio
from collections.abc import Callable

import pytest

from bridge.domain.content import text_content
from bridge.domain.delivery import DeliveryState, PostLine, Side
from bridge.domain.errors import StorageUnavailable, TemporaryFailure
from bridge.domain.ids import Address, ExternalId, SourceKey, ThreadRef
from bridge.ports.channel import MessageReceived
from tests.fakes.office import Office
from tests.fakes.sides import ScarceWorkspace


@pytest.fixture
async def office() -> Office:
    """Ana holds Alice's conversation in a workspace whose posts are scarce."""
    office = await Office(workspace=ScarceWorkspace()).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    return office


def scarce(office: Office) -> ScarceWorkspace:
    assert isinstance(office.workspace, ScarceWorkspace)
    return office.workspace


async def hurried(office: Office, *lines: str) -> None:
    """The customer writes on, and nobody waits until it is posted."""
    for line in lines:
        office.sources += 1
        await office.customers.accept(
            MessageReceived(
                channel=office.web,
                source=(SourceKey(f"in:{office.sources}"),),
                address=Address("addr-Alice"),
                external_id=ExternalId(f"in-{office.sources}"),
                content=text_content(line),
                name="Alice",
            )
        )


async def held_back(office: Office, *lines: str) -> None:
    """These wait together for the next turn; the first has asked for it."""
    while not scarce(office).turns.locked():
        await scarce(office).turns.acquire()
    await hurried(office, *lines)
    await until(lambda: scarce(office).waiting > 0)


async def until(true: Callable[[], bool]) -> None:
    """Wait for it; the test's own limit ends the waiting."""
    while not true():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.001)


async def turns(office: Office, count: int) -> None:
    """So many posts may be made now."""
    for _ in range(count):
        scarce(office).turns.release()
    await office.quiet()


def open_lines(office: Office) -> list[DeliveryState]:
    """The states of what was promised to the workspace and not kept."""
    return [
        each.state
        for each in office.store.all_deliveries.values()
        if each.side is Side.WORKSPACE
        and isinstance(each.body, PostLine)
        and each.state is not DeliveryState.SENT
    ]


def tried(office: Office) -> list[str]:
    """The errors of promises that are still to be kept."""
    return [each.error for each in office.store.all_deliveries.values() if each.error]


async def eventually(office: Office) -> None:
    """Wait until every line is posted."""
    await until(lambda: open_lines(office) == [])
    await office.quiet()


async def test_lines_that_wait_for_their_turn_become_one_post(office: Office) -> None:
    await held_back(office, "one", "two", "three")

    await turns(office, 1)

    assert scarce(office).together == [["one", "two", "three"]]
    assert open_lines(office) == []


async def test_a_line_is_not_begun_before_its_turn(office: Office) -> None:
    await held_back(office, "one", "two")

    assert open_lines(office) == [DeliveryState.PENDING, DeliveryState.PENDING]
    await turns(office, 1)


async def test_nothing_is_joined_while_posts_are_plenty(office: Office) -> None:
    scarce(office).crowded = False
    await held_back(office, "one", "two")

    await turns(office, 2)

    assert office.thread().words()[-2:] == ["one", "two"]
    assert scarce(office).together == []


async def test_a_post_holds_no_more_than_the_workspace_says(office: Office) -> None:
    await held_back(office, "a" * 25, "b" * 25)

    await turns(office, 2)

    assert office.thread().words()[-2:] == ["a" * 25, "b" * 25]
    assert scarce(office).together == []


async def test_a_line_posted_with_others_keeps_a_name_of_its_own(office: Office) -> None:
    await held_back(office, "one", "two")
    office.last_line = ExternalId(f"in-{office.sources}")
    await turns(office, 1)

    await office.customer_edits("two, corrected")

    posts = office.thread().posts
    assert [post.content.words() for post in posts[-2:] if post.content] == [
        "two",
        "two, corrected",
    ]
    assert posts[-1].external_id == scarce(office).by_key[posts[-2].key]


async def test_lines_that_were_refused_together_are_tried_again(office: Office) -> None:
    await held_back(office, "one", "two")
    office.workspace.failures.append(TemporaryFailure("slow down", 0.01))

    await turns(office, 2)
    await office.later(20)

    assert office.thread().words()[-2:] == ["one", "two"]
    assert open_lines(office) == []


async def test_a_lost_answer_is_looked_for_and_not_posted_twice(office: Office) -> None:
    scarce(office).lost_answers = 1

    await office.customer("are you there?")

    assert office.thread().words().count("are you there?") == 1
    assert len(scarce(office).doubted) == 1


async def test_what_was_posted_while_the_storage_was_away_is_not_posted_twice(
    office: Office,
) -> None:
    """The adapter made its call and could not keep what came back."""
    await held_back(office, "one", "two")
    scarce(office).lost, scarce(office).lost_answers = StorageUnavailable("away"), 2

    await turns(office, 8)
    await eventually(office)

    assert office.thread().words().count("one") == 1
    assert office.thread().words().count("two") == 1


async def test_what_was_in_doubt_at_a_stop_is_looked_for_at_the_next_start(office: Office) -> None:
    scarce(office).lost_answers = 1
    await hurried(office, "are you there?")
    await until(lambda: open_lines(office) == [DeliveryState.SENDING] and bool(tried(office)))
    await office.close()

    again = await Office(
        store=office.store, workspace=office.workspace, channel=office.channel
    ).open()
    await eventually(again)

    assert again.thread().words().count("are you there?") == 1
    assert len(scarce(again).doubted) == 1


class Muddled(ScarceWorkspace):
    """A workspace with a fault: it cannot tell whose turn it is."""

    async def ready(self, thread: ThreadRef) -> bool:
        raise ValueError("no idea")


async def test_an_adapter_that_cannot_tell_whose_turn_it_is_stops_no_lane() -> None:
    office = await Office(workspace=Muddled()).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()

    await office.customer("one")
    await office.customer("two")

    assert office.thread().words()[-2:] == ["one", "two"]
    await office.close()
