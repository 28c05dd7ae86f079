"""In an ordered queue the first of the list gets it, as long as he can."""

from bridge.domain.moves import ChangeAgent, ChangeQueue, SetMember
from bridge.domain.queue import Strategy
from tests.fakes.office import Office


async def ordered(office: Office) -> None:
    """Ana was there before Bruno, but he is the first of the list."""
    queue = office.engine.desk.queue_by_name("sales")
    assert queue is not None
    await office.do(ChangeQueue(queue=queue.id, strategy=Strategy.ORDERED))
    for handle, position in (("ana", 2), ("bruno", 1)):
        agent = await office.agent(handle, "sales")
        await office.do(ChangeAgent(agent=agent.id, capacity=2))
        await office.do(SetMember(queue=queue.id, agent=agent.id, position=position))


async def test_the_first_of_the_list_gets_it_until_he_is_full(office: Office) -> None:
    await ordered(office)

    for name in ("Alice", "Bia", "Caio"):
        await office.handed_over(name=name)

    assert [office.holder(number) for number in (1, 2, 3)] == ["bruno", "bruno", "ana"]


async def test_a_place_is_kept_when_only_the_level_changes_and_over_a_restart(
    office: Office,
) -> None:
    await ordered(office)
    queue, bruno = (
        office.engine.desk.queue_by_name("sales"),
        office.engine.desk.agent_by_handle("bruno"),
    )
    assert queue is not None
    assert bruno is not None
    await office.do(SetMember(queue=queue.id, agent=bruno.id, level=0))
    await office.close()
    left = await office.start()
    office.dispatcher.resume(left)

    await office.handed_over()

    assert office.holder() == "bruno"
    assert office.engine.desk.members[(bruno.id, queue.id)].position == 1


async def test_a_command_gives_a_place(office: Office) -> None:
    await ordered(office)
    await office.agent("rita", admin=True)

    answer = await office.command("rita", "queues", "add sales @ana 0 0")
    await office.handed_over()

    assert answer.ok
    assert office.holder() == "ana"
