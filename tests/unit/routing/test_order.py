"""Who waits in front of whom."""

import pytest
from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import MINUTE, Instant
from bridge.domain.queue import Order
from bridge.routing.facts import STARVING, QueueRule, Waiting
from tests.unit.routing.builders import (
    ANA,
    HELP,
    NOW,
    SALES,
    agent,
    pairs,
    queue,
    router,
    waiting,
)

TARGET = replace(
    queue(),
    order=Order.TARGET,
    targets={
        Priority.URGENT: 0,
        Priority.HIGH: 2 * MINUTE,
        Priority.NORMAL: 5 * MINUTE,
        Priority.LOW: 20 * MINUTE,
    },
)


def order(*facts: QueueRule | Waiting) -> list[int]:
    """The numbers of those who wait in SALES, in order."""
    return [one.conversation for one in router(*facts).waiting_in(SALES)]


def test_a_higher_priority_goes_first_however_late_it_came() -> None:
    line = order(
        waiting(1, priority=Priority.LOW, since=NOW),
        waiting(2, priority=Priority.NORMAL, since=NOW + MINUTE),
        waiting(3, priority=Priority.URGENT, since=NOW + 60 * MINUTE),
        waiting(4, priority=Priority.HIGH, since=NOW + 2 * MINUTE),
    )

    assert line == [3, 4, 2, 1]


def test_within_a_priority_who_has_waited_longer_goes_first() -> None:
    line = order(waiting(1, since=NOW + 2), waiting(2, since=NOW), waiting(3, since=NOW + 1))

    assert line == [2, 3, 1]


def test_of_two_who_came_at_once_the_first_to_be_seen_goes_first() -> None:
    line = order(waiting(2), waiting(1))

    assert line == [1, 2]


def test_a_promised_time_counts_within_its_priority_only() -> None:
    promised = replace(waiting(3), due=Instant(NOW + MINUTE))

    line = order(waiting(1, priority=Priority.HIGH), waiting(2), promised)

    assert line == [1, 3, 2]


def test_who_starves_goes_before_every_priority() -> None:
    starving = replace(waiting(2, priority=Priority.LOW), order_class=STARVING)

    line = order(waiting(1, priority=Priority.URGENT), starving)

    assert line == [2, 1]


def test_by_target_who_is_nearest_to_his_promised_time_goes_first() -> None:
    line = order(
        TARGET,
        waiting(1, priority=Priority.LOW, since=NOW),
        waiting(2, priority=Priority.URGENT, since=NOW + 21 * MINUTE),
        waiting(3, priority=Priority.NORMAL, since=NOW + 14 * MINUTE),
    )

    assert line == [3, 1, 2]


def test_a_promised_time_replaces_the_target() -> None:
    promised = replace(waiting(2, priority=Priority.LOW, since=NOW), due=Instant(NOW + MINUTE))

    line = order(TARGET, waiting(1, priority=Priority.HIGH, since=NOW), promised)

    assert line == [2, 1]


def test_a_queue_without_a_target_for_a_priority_is_refused() -> None:
    with pytest.raises(ValueError, match="no target for low"):
        QueueRule(
            id=SALES,
            targets={Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2},
        )


@pytest.mark.parametrize(
    ("priority", "first"), [(Priority.HIGH, 1), (Priority.NORMAL, 2), (Priority.LOW, 2)]
)
def test_between_queues_a_target_queue_counts_as_normal_priority(
    priority: Priority, first: int
) -> None:
    desk = router(
        queue(SALES),
        replace(TARGET, id=HELP),
        agent(ANA, SALES, HELP),
        waiting(1, SALES, priority=priority, since=NOW + 60 * MINUTE),
        waiting(2, HELP, priority=Priority.URGENT, since=NOW),
    )

    matches = desk.fill(NOW)

    assert pairs(matches) == [(first, ANA)]


def test_a_new_order_of_the_queue_holds_for_those_who_wait_already() -> None:
    desk = router(
        TARGET,
        waiting(1, priority=Priority.LOW, since=NOW),
        waiting(2, priority=Priority.HIGH, since=NOW + 60 * MINUTE),
    )

    desk.put_queue(queue())

    assert [one.conversation for one in desk.waiting_in(SALES)] == [2, 1]
    assert [desk.position(one.conversation) for one in desk.waiting_in(SALES)] == [1, 2]
