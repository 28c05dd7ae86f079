"""Who is not in control changes nothing that the customer sees, not even his own old lines."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import pytest

from bridge.domain.delivery import Mark
from bridge.domain.ids import SECOND, ExternalId, ThreadRef
from bridge.domain.moves import ChangeAgent
from bridge.ports.calls import CallKind
from tests.fakes.office import Office

Lost = Callable[[Office], Awaitable[object]]
Former: TypeAlias = tuple[Office, ExternalId, ThreadRef]


async def _transferred(office: Office) -> object:
    return await office.command("ana", "transfer", "#1 @bruno")


async def _returned(office: Office) -> object:
    return await office.command("ana", "return-to-bot", "#1", confirmed="yes")


async def _back_in_line(office: Office) -> object:
    await office.command("bruno", "available", "off")
    return await office.command("ana", "transfer", "#1 later")


async def _taken_by_force(office: Office) -> object:
    return await office.command("rita", "take", "#1", force="yes")


@pytest.fixture(params=[_transferred, _returned, _back_in_line, _taken_by_force])
async def former(office: Office, request: pytest.FixtureRequest) -> Former:
    """Ana answered while she held the conversation, and lost it after that."""
    await office.queue("later")
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    await office.agent("rita", admin=True, available=False)
    line = await office.says("ana", "it costs 10")
    thread = office.work_thread()
    lose: Lost = request.param
    await lose(office)
    assert office.holder() != "ana"
    return office, line, thread


def reached(office: Office) -> list[CallKind]:
    """The kinds of calls that the customer's side had."""
    return [call.kind for _, call in office.channel.calls]


async def test_a_former_holder_does_not_edit_what_the_customer_reads(
    former: Former,
) -> None:
    office, line, thread = former

    await office.edits("ana", line, "it is free", thread)

    assert reached(office) == [CallKind.POST]
    assert (line, Mark.NOT_CROSSED, False) in office.workspace.threads[thread].marks
    assert "still has the old words" in office.whispered("ana")[-1]
    assert "it is free" not in [m.content.words() for m in office.store.messages.values()]


async def test_a_former_holder_does_not_delete_what_the_customer_reads(
    former: Former,
) -> None:
    office, line, thread = former

    await office.deletes("ana", line, thread)

    assert reached(office) == [CallKind.POST]
    assert (line, Mark.NOT_CROSSED, False) in office.workspace.threads[thread].marks
    assert "still has this message" in office.whispered("ana")[-1]
    assert not any(m.deleted_at for m in office.store.messages.values())


async def test_a_former_holders_reaction_stays_inside(former: Former) -> None:
    office, line, thread = former

    await office.reacts("ana", line, thread)

    assert reached(office) == [CallKind.POST]
    assert "does not see your reaction" in office.whispered("ana")[-1]


async def test_the_holders_reaction_reaches_the_customer(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    line = await office.says("ana", "it costs 10")

    await office.reacts("ana", line)
    await office.reacts("ana", line, removed=True)

    assert reached(office) == [CallKind.POST, CallKind.REACT, CallKind.UNREACT]


async def test_an_agent_who_was_let_go_changes_nothing(office: Office) -> None:
    ana = await office.agent("ana", "sales")
    await office.handed_over()
    line = await office.says("ana", "it costs 10")
    await office.do(ChangeAgent(agent=ana.id, active=False))

    await office.edits("ana", line, "it is free")
    await office.deletes("ana", line)
    await office.reacts("ana", line)

    assert reached(office) == [CallKind.POST]


async def test_a_kept_back_reply_that_went_out_at_a_transfer_is_not_changed_any_more() -> None:
    office = await Office(reply_hold=60 * SECOND).open()
    await office.queue("sales")
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.agent("bruno", "sales")
    line = await office.says("ana", "it costs 10")
    await office.command("ana", "transfer", "#1 @bruno")

    await office.edits("ana", line, "it is free")
    await office.deletes("ana", line)

    assert office.channel.words() == ["it costs 10"]
    assert reached(office) == [CallKind.POST]
    await office.close()
