"""What people delete in Discord: a conversation goes on in another thread, with all its lines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.domain.ids import MINUTE
from bridge.simulators.discord import Channel, Message
from bridge.simulators.discord.permissions import MANAGE_MESSAGES
from tests.adapters.discord.office import Office, Talk, open_office, words
from tests.adapters.discord.test_surfaces_text_room import waiting_card


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened


def of(office: Office, name: str) -> list[Channel]:
    """The threads of a customer that are there."""
    return [one for one in office.discord.threads("support") if one.name.startswith(f"{name} ·")]


def said(lines: list[Message]) -> str:
    """Everything that stands in a thread."""
    return "\n".join(words(one) for one in lines)


async def moved(office: Office, talk: Talk, name: str) -> Channel:
    """The next thread of this customer, with his last line in it."""
    await office.until(
        lambda: any("hello?" in said(office.discord.messages(one)) for one in of(office, name))
    )
    [thread] = of(office, name)
    assert thread.id != talk.thread.id
    return thread


async def test_after_a_deleted_thread_the_next_line_opens_one_with_every_line(
    office: Office,
) -> None:
    talk = await office.held("Alma")
    office.house.clock.forward(MINUTE)
    office.discord.delete(talk.thread)

    await talk.customer.says("hello?")
    thread = await moved(office, talk, "Alma")
    await office.bo.says(thread, "I am here again")
    await talk.customer.hears("I am here again")

    there = said(office.discord.messages(thread))
    lines = ("The lamp does not work", "I am looking into it", "hello?", "Somebody deleted")
    assert [there.count(line) for line in lines] == [1, 1, 1, 1]
    assert "delivery_failed" in await office.events(talk)


async def test_who_was_told_of_a_deleted_thread_has_nothing_to_do_when_it_goes_on(
    office: Office,
) -> None:
    talk = await office.held("Berta")
    office.house.clock.forward(MINUTE)
    standing = office.workspace.site.standing
    office.discord.delete(talk.thread)
    await office.until(lambda: standing.is_wrong(f"thread {talk.thread.id}"))

    await talk.customer.says("hello?")
    await moved(office, talk, "Berta")

    # The next look of the watch finds it closed: see test_places.py.
    book = office.workspace.site.threads
    await office.until(lambda: talk.thread.id not in {each.ref for each in book.open_ones()})


async def test_a_card_that_was_deleted_is_another_one_when_it_is_taken(tmp_path: Path) -> None:
    async with open_office(tmp_path, forums=False) as office:
        card = await waiting_card(office, "Clara")
        number = words(card).partition("· #")[2].split()[0]
        office.house.clock.forward(MINUTE)
        keeper = office.discord.role(
            office.guild, "Keepers", office.ana, permissions=MANAGE_MESSAGES
        )
        assert keeper.id
        await office.ana.deletes(card)

        await office.used(office.bo, office.lobby, "take", conversation=f"#{number}")

        await office.until(lambda: of(office, "Clara"))
        [thread] = of(office, "Clara")
        assert thread.id != card.id
