"""Laws that hold exactly, on every path: not on average, not nearly."""

import random
from collections.abc import Mapping
from dataclasses import replace as changed
from heapq import heapreplace
from itertools import islice

import pytest
from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import AgentId, QueueId
from bridge.domain.queue import Order, Strategy
from bridge.routing.facts import AgentFacts, QueueRule
from tests.unit.routing.desk import SALES, UNIT, Customer, Desk, Served, arrivals, handles, team

HELP = QueueId(2)
COUNT = 1_000
PUSHING = [one for one in Strategy if one is not Strategy.MANUAL]


def crowd(rate: float = 8.5, seed: int = 1, count: int = COUNT) -> list[Customer]:
    """Customers who bring their handle times, all of one kind."""
    times = handles(seed + 1_000)
    return [changed(customer, handle=next(times)) for customer in arrivals(rate, count, seed)]


def mixed_crowd(seed: int, rate: float = 8.5) -> list[Customer]:
    """Customers of all priorities whose handle times are drawn when they are served."""
    draw = random.Random(seed)
    return [
        changed(customer, priority=draw.choice(list(Priority)))
        for customer in arrivals(rate, COUNT, seed)
    ]


def waits(served: list[Served]) -> dict[int, int]:
    """How long each customer waited."""
    return {one.customer.number: one.waited for one in served}


def sales(strategy: Strategy = Strategy.LEAST_LOADED, order: Order = Order.STRICT) -> QueueRule:
    """The one queue of these desks."""
    targets = {priority: UNIT // 10 * priority for priority in Priority}
    return QueueRule(id=SALES, strategy=strategy, order=order, targets=targets)


# ---------------------------------------------------------------- waits do not depend on whom


def test_waits_are_those_of_a_plain_multi_server_queue() -> None:
    customers = crowd()
    free_at = [0] * 10
    expected = {}
    for customer in customers:
        began = max(customer.at, free_at[0])
        expected[customer.number] = began - customer.at
        heapreplace(free_at, began + (customer.handle or 0))

    served = Desk([sales()], team(*[2] * 5)).serve(customers)

    assert waits(served) == expected
    assert sum(expected.values()) > 0


def test_m1_waits_are_the_same_under_every_strategy_though_others_serve() -> None:
    agents = [replace(facts, positions={SALES: -facts.id}) for facts in team(1, 2, 3, 4)]

    served = [Desk([sales(strategy)], agents).serve(crowd()) for strategy in PUSHING]

    assert all(waits(one) == waits(served[0]) for one in served)
    assert len({tuple(one.agent for one in each) for each in served}) == len(PUSHING)


@pytest.mark.parametrize("split", [[2] * 5, [1, 2, 3, 4], [10]])
def test_m2_waits_are_the_same_however_the_slots_are_split(split: list[int]) -> None:
    singles = Desk([sales()], team(*[1] * 10)).serve(crowd())

    served = Desk([sales()], team(*split)).serve(crowd())

    assert waits(served) == waits(singles)


@pytest.mark.parametrize("seed", range(5))
def test_m3_one_more_slot_delays_nobody(seed: int) -> None:
    before = waits(Desk([sales()], team(3, 3, 3)).serve(crowd(seed=seed)))

    after = waits(Desk([sales()], team(3, 3, 4)).serve(crowd(seed=seed)))

    assert all(after[number] <= before[number] for number in before)
    assert after != before


# ---------------------------------------------------------------- decisions do not depend on how


def busy_desk(*, forgetful: bool) -> list[Served]:
    """Two queues, three kinds of agents, all priorities."""
    draw = random.Random(7)
    customers = [
        changed(customer, queue=draw.choice([SALES, HELP])) for customer in mixed_crowd(seed=7)
    ]
    rules = [sales(Strategy.ROUND_ROBIN), QueueRule(id=HELP, strategy=Strategy.LONGEST_IDLE)]
    kinds: list[Mapping[QueueId, int]] = [{SALES: 0}, {HELP: 0}, {SALES: 1, HELP: 0}]
    agents = [
        AgentFacts(id=AgentId(number), capacity=2, memberships=kinds[number % 3])
        for number in range(1, 6)
    ]
    return Desk(rules, agents, handles(7), forgetful=forgetful).serve(customers)


def test_m4_a_router_rebuilt_at_every_event_takes_the_same_decisions() -> None:
    assert busy_desk(forgetful=True) == busy_desk(forgetful=False)


@pytest.mark.parametrize("factor", [2, 7])
def test_m5_in_slow_motion_the_same_happens(factor: int) -> None:
    slow = [changed(one, at=one.at * factor, handle=(one.handle or 0) * factor) for one in crowd()]

    served, slowed = (Desk([sales()], team(3, 3, 4)).serve(each) for each in (crowd(), slow))

    assert waits(slowed) == {number: wait * factor for number, wait in waits(served).items()}
    assert [one.agent for one in slowed] == [one.agent for one in served]


def test_m6_new_numbers_in_the_same_order_change_nothing() -> None:
    renamed = [changed(one, number=one.number * 3 + 50) for one in crowd()]
    agents = [replace(facts, id=AgentId(facts.id * 10)) for facts in team(3, 3, 4)]

    served = Desk([sales()], team(3, 3, 4)).serve(crowd())
    again = Desk([sales()], agents).serve(renamed)

    assert [(one.customer.number * 3 + 50, one.agent * 10) for one in served] == [
        (one.customer.number, one.agent) for one in again
    ]


def test_m6_other_names_for_the_agents_change_nobodys_wait() -> None:
    agents = [replace(facts, id=AgentId(100 - facts.id)) for facts in team(3, 3, 4)]

    served = Desk([sales()], team(3, 3, 4)).serve(crowd())
    again = Desk([sales()], agents).serve(crowd())

    assert waits(served) == waits(again)


# ---------------------------------------------------------------- priority only moves waiting


def total(served: list[Served], of: Priority | None = None) -> int:
    """How long all customers (of one priority) waited together."""
    return sum(one.waited for one in served if of is None or one.customer.priority is of)


@pytest.mark.parametrize("seed", range(4))
def test_m7_raising_a_class_never_lengthens_its_wait(seed: int) -> None:
    customers = mixed_crowd(seed)
    raised = [
        changed(one, priority=Priority.URGENT) if one.priority is Priority.LOW else one
        for one in customers
    ]
    numbers = {one.number for one in customers if one.priority is Priority.LOW}

    before = waits(Desk([sales()], team(3, 3, 4), handles(seed)).serve(customers))
    after = waits(Desk([sales()], team(3, 3, 4), handles(seed)).serve(raised))

    assert sum(after[one] for one in numbers) < sum(before[one] for one in numbers)


@pytest.mark.parametrize("seed", range(4))
def test_m8_the_order_moves_waiting_but_makes_none(seed: int) -> None:
    customers = mixed_crowd(seed)
    equal = [changed(one, priority=Priority.NORMAL) for one in customers]

    strict = Desk([sales()], team(3, 3, 4), handles(seed)).serve(customers)
    target = Desk([sales(order=Order.TARGET)], team(3, 3, 4), handles(seed)).serve(customers)
    fcfs = Desk([sales()], team(3, 3, 4), handles(seed)).serve(equal)

    assert total(strict) == total(target) == total(fcfs)
    urgent = [total(each, Priority.URGENT) for each in (strict, target)]
    assert urgent[0] < urgent[1]
    assert total(strict, Priority.LOW) > total(target, Priority.LOW)


def test_handle_times_are_drawn_in_the_order_of_service() -> None:
    served = Desk([sales()], team(3, 3, 4), handles(3)).serve(mixed_crowd(seed=3))

    assert [one.ended - one.began for one in served] == list(islice(handles(3), COUNT))
