"""A thread that goes on elsewhere is closed, and its last card leads there."""

from bridge.domain.errors import TemporaryFailure
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import Visibility
from tests.fakes.office import Office


async def held(office: Office) -> Office:
    """Ana holds Alice's conversation; nobody is in the other queue."""
    await office.queue("billing")
    await office.agent("ana", "sales")
    await office.handed_over()
    return office


async def test_the_old_threads_card_leads_to_the_new_one(office: Office) -> None:
    old = (await held(office)).work_thread()

    await office.command("ana", "transfer", "#1 billing")

    closed = office.workspace.threads[old]
    assert closed.closed
    assert not closed.hidden
    assert closed.card.moved_to == office.work_thread() != old


async def test_the_old_card_waits_until_it_can_lead_there(office: Office) -> None:
    old = (await held(office)).work_thread()
    office.workspace.failures.append(TemporaryFailure("slow down", 0.01))

    await office.command("ana", "transfer", "#1 billing")

    assert office.workspace.threads[old].card.moved_to == office.work_thread() != old


async def test_a_conversation_that_ended_goes_on_nowhere(office: Office) -> None:
    old = (await held(office)).work_thread()

    await office.command("ana", "return-to-bot", "#1", confirmed="yes")

    assert office.workspace.threads[old].closed
    assert office.workspace.threads[old].card.moved_to == ""


async def test_nobody_is_led_to_a_private_thread(office: Office) -> None:
    old = (await held(office)).work_thread()
    billing = office.engine.desk.queue_by_name("billing")
    assert billing is not None
    await office.do(ChangeQueue(queue=billing.id, visibility=Visibility.ASSIGNEE))
    await office.agent("bruno", "billing")

    await office.command("ana", "transfer", "#1 billing")

    assert office.holder() == "bruno"
    assert office.workspace.threads[office.work_thread()].members == ("u-bruno",)
    assert office.workspace.threads[old].closed
    assert office.workspace.threads[old].card.moved_to == ""
