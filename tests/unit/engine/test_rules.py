"""Every rule of a queue reaches those who decide by it."""

from bridge.domain.conversation import Priority
from bridge.domain.ids import MINUTE, QueueId
from bridge.domain.moves import ChangeAgent, ChangeQueue
from bridge.domain.queue import TARGETS, Order, Queue, Strategy
from bridge.domain.text import to_plain
from bridge.engine.control.distribute import rule
from tests.fakes.office import Office


def test_distribution_is_told_every_rule_that_it_knows() -> None:
    queue = Queue(
        id=QueueId(1),
        name="sales",
        title="Sales",
        active=False,
        strategy=Strategy.ROUND_ROBIN,
        order=Order.TARGET,
        targets={Priority.HIGH: MINUTE},
        sticky_wait=2 * MINUTE,
        require_connected=True,
        escalate_after=3 * MINUTE,
        specialist_first=False,
    )

    told = rule(queue)

    assert dict(told.targets) == {**TARGETS, Priority.HIGH: MINUTE}
    for name in set(told.__struct_fields__) - {"targets"}:
        assert getattr(told, name) == getattr(queue, name), name


async def test_a_new_order_holds_for_those_who_wait_already(office: Office) -> None:
    ana = await office.agent("ana", "sales", available=False)
    await office.handed_over("first", "Alice")
    await office.later(20 * MINUTE)
    await office.handed_over("second", "Bob")
    await office.command("ana", "priority", "#2 urgent")
    sales = office.engine.desk.queue_by_name("sales")
    assert sales is not None

    await office.do(
        ChangeQueue(queue=sales.id, order=Order.TARGET, targets={Priority.URGENT: 15 * MINUTE})
    )
    await office.command("ana", "available", "on")

    events = [each for each in office.store.history if each.agent == ana.id and each.conversation]
    first = office.conversation(1).id
    assert events[0].conversation == first


async def test_a_target_that_is_not_named_stays(office: Office) -> None:
    await office.agent("rita", admin=True)

    await office.command("rita", "queues", "set sales targets high 1m")
    await office.command("rita", "queues", "set sales targets low 5m")

    sales = office.engine.desk.queue_by_name("sales")
    assert sales is not None
    assert sales.targets == {Priority.HIGH: MINUTE, Priority.LOW: 5 * MINUTE}


async def test_an_admin_sees_every_rule_as_it_stands(office: Office) -> None:
    await office.agent("rita", admin=True)
    await office.command("rita", "queues", "set sales hours seg-sex 8h-18h, America/Sao_Paulo, BR")

    answer = await office.command("rita", "queues", "set sales")

    assert answer.ok
    assert "hours mon-fri 08:00-18:00, America/Sao_Paulo, BR" in to_plain(answer.text)


async def test_who_waited_for_the_time_of_the_guard_goes_before_every_priority(
    office: Office,
) -> None:
    ana = await office.agent("ana", "sales", available=False)
    await office.do(ChangeAgent(agent=ana.id, capacity=1))
    await office.handed_over("first", "Alice")
    await office.command("ana", "priority", "#1 low")
    await office.later(20 * MINUTE)
    await office.handed_over("second", "Bob")
    await office.command("ana", "priority", "#2 urgent")
    await office.later(11 * MINUTE)

    await office.command("ana", "available", "on")

    assert office.events(1).count("escalated") == 1
    assert (office.holder(1), office.holder(2)) == ("ana", "")
