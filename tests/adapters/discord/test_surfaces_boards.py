"""Boards and completions on Discord: what is where, one page at a time, private."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.adapters.discord.office import (
    Office,
    button,
    open_office,
    pressable,
    usable,
    words,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


# --- boards -----------------------------------------------------------------------------------


async def test_queues_shows_who_waits_and_who_is_there(office: Office) -> None:
    talk = await office.waiting("Astrid")
    await office.used(office.bo, talk.thread, "priority", level="urgent")

    shown = await office.used(office.ana, office.lobby, "queues")

    said = words(shown)
    assert "Support" in said
    assert "Sales" in said
    assert "🟢  Bo" in said
    assert f"#{talk.number}" in said
    assert shown.only_for == office.ana.id


async def test_one_queue_alone_can_be_named(office: Office) -> None:
    shown = await office.used(office.ana, office.lobby, "queues", queue="sales")

    assert "Sales" in words(shown)
    assert "Support" not in words(shown)


async def test_the_board_is_brought_up_to_date_by_its_button(office: Office) -> None:
    shown = await office.used(office.ana, office.lobby, "queues")
    talk = await office.waiting("Agneta")
    await office.used(office.bo, talk.thread, "priority", level="urgent")
    again = next(id_ for id_, one in pressable(shown) if one.kind == "dbp")

    shown = await office.pressed(office.ana, shown, again)

    assert f"#{talk.number}" in words(shown)


async def test_the_history_has_pages_and_the_newest_comes_first(office: Office) -> None:
    talk = await office.held("Berit")
    for n in range(16):
        await office.used(office.bo, talk.thread, "note", text=f"Note number {n}")

    newest = await office.used(office.bo, talk.thread, "events")
    assert "Page 1 of 2" in words(newest)
    oldest = await office.pressed(office.bo, newest, button(newest, "events", page="1"))

    assert f"Events · #{talk.number}" in words(newest)
    assert "Page 2 of 2" in words(oldest)
    assert "<t:" in words(oldest)


async def test_a_conversation_is_taken_from_the_list(office: Office) -> None:
    talk = await office.waiting("Cilla")

    shown = await office.used(office.bo, office.lobby, "conversations", text="Cilla")
    assert f"#{talk.number} Cilla" in words(shown)
    told = await office.pressed(office.bo, shown, button(shown, "take"))

    await office.happened(talk, "assigned")
    assert f"#{talk.number} is yours" in words(told)
    assert talk.thread.id in str(told.components)


async def test_the_list_leads_to_the_thread_of_what_one_holds(office: Office) -> None:
    talk = await office.held("Carin")

    shown = await office.used(office.bo, office.lobby, "conversations", text="Carin")

    url = f"https://discord.com/channels/{office.guild.id}/{talk.thread.id}"
    assert url in str(shown.components)


async def test_the_list_is_narrowed_down_in_a_form(office: Office) -> None:
    await office.waiting("Doris")
    shown = await office.used(office.bo, office.lobby, "conversations", text="Doris")
    filter_ = next(id_ for id_, one in pressable(shown) if one.kind == "dbf")

    opened = await office.bo.presses(shown, filter_)
    assert opened.modal is not None
    fields = {str(one["custom_id"]) for one in usable(opened.modal)}
    sent = await office.bo.submits(opened.modal, state="ended")
    narrowed = await office.settled(office.bo, sent, shown)

    assert fields == {"state", "queue", "agent", "priority", "since"}
    assert "No conversation matches" in words(narrowed)


async def test_what_only_the_command_can_read_is_read_by_the_command(office: Office) -> None:
    talk = await office.waiting("Disa")

    shown = await office.used(office.bo, office.lobby, "conversations", since="2h", text="Disa")

    assert f"#{talk.number}" in words(shown)


async def test_a_customer_s_name_and_words_are_never_markup(office: Office) -> None:
    nasty = "**@everyone** <@1>"
    await office.waiting(nasty)

    shown = await office.used(office.bo, office.lobby, "conversations", text="everyone")

    parts = str(shown.components)
    assert "**@everyone**" not in parts
    assert "<@1>" not in parts
    assert not shown.mention_everyone


# --- completion -------------------------------------------------------------------------------


async def test_targets_are_completed_from_what_is_typed(office: Office) -> None:
    talk = await office.held("Elin")

    found = await office.bo.completes(talk.thread, "transfer", "target", "sal")

    assert [dict(each)["value"] for each in found if isinstance(each, dict)] == ["sales"]


async def test_conversations_are_completed_by_the_customer_s_name(office: Office) -> None:
    talk = await office.held("Erika Lund")

    found = await office.bo.completes(office.lobby, "events", "conversation", "lund")

    assert [dict(each) for each in found if isinstance(each, dict)] == [
        {"name": f"#{talk.number} Erika Lund", "value": f"#{talk.number}"}
    ]


async def test_nobody_who_is_no_agent_is_offered_anything(office: Office) -> None:
    await office.held("Elsa")

    assert await office.zoe.completes(office.lobby, "events", "conversation", "") == []
