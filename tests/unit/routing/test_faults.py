"""What other desks got wrong, by the name under which their users complained.

Each test names the product and the report. Those that need more than distribution (visibility
after a transfer, two processes at once) are tested where that lives.
"""

from msgspec.structs import replace

from bridge.domain.conversation import Priority
from bridge.domain.ids import Instant
from bridge.domain.queue import Strategy
from bridge.routing.facts import AgentFacts, Refusal
from bridge.routing.router import Router
from tests.unit.routing.builders import (
    ANA,
    BILLING,
    BRUNO,
    CLARA,
    HELP,
    NOW,
    SALES,
    agent,
    pairs,
    queue,
    router,
    waiting,
)

LATER = Instant(NOW + 30_000)


# ---------------------------------------------------------------- stuck in the queue


def test_rocketchat_one_per_cycle_all_who_can_be_served_are_served_at_once() -> None:
    desk = router(*(agent(number, capacity=5) for number in range(1, 11)))
    for number in range(1, 61):
        desk.put_waiting(waiting(number))

    matches = desk.fill(NOW)

    assert [match.conversation for match in matches] == list(range(1, 51))
    assert len(desk.waiting_in(SALES)) == 10


def test_rocketchat_head_of_line_who_cannot_be_served_does_not_hold_up_the_rest() -> None:
    stuck = replace(waiting(1, priority=Priority.URGENT), skip={ANA: LATER, BRUNO: LATER})
    desk = router(agent(ANA), agent(BRUNO, last_seq=1), stuck, waiting(2), waiting(3))

    assert pairs(desk.fill(NOW)) == [(2, ANA), (3, BRUNO)]


def test_chatwoot_10583_the_fifth_does_not_pass_the_fourth() -> None:
    desk = router(agent(ANA, capacity=3, used=3), *(waiting(number) for number in (4, 5)))
    desk.fill(NOW)

    desk.put_agent(agent(ANA, capacity=3, used=2))

    assert pairs(desk.fill(NOW)) == [(4, ANA)]


def test_chatwoot_only_on_opening_an_agent_who_comes_back_is_given_who_waits() -> None:
    desk = router(replace(agent(ANA), available=False), waiting(1))
    assert desk.fill(NOW) == []

    desk.put_agent(agent(ANA))

    assert pairs(desk.fill(LATER)) == [(1, ANA)]


def test_rocketchat_18041_whatever_frees_an_agent_drains_the_queue() -> None:
    full = agent(ANA, HELP, used=1)
    causes = {
        "one ended": agent(ANA, HELP),
        "more capacity": agent(ANA, HELP, used=1, capacity=2),
        "cool-down over": replace(agent(ANA, HELP), cool_until=Instant(NOW - 1)),
    }

    for cause, facts in causes.items():
        desk = router(queue(HELP), full, waiting(1, HELP))
        assert desk.fill(NOW) == []
        desk.put_agent(facts)
        assert pairs(desk.fill(NOW)) == [(1, ANA)], cause


def test_rocketchat_18041_a_queue_or_member_that_is_added_drains_it_too() -> None:
    desk = router(replace(queue(SALES), active=False), agent(ANA), waiting(1), waiting(2))
    assert desk.fill(NOW) == []

    desk.put_queue(queue(SALES))
    assert pairs(desk.fill(NOW)) == [(1, ANA)]
    desk.put_agent(agent(BRUNO, SALES))
    assert pairs(desk.fill(NOW)) == [(2, BRUNO)]


# ---------------------------------------------------------------- people who are not there


def test_libredesk_561_nothing_is_given_to_somebody_unavailable() -> None:
    desk = router(replace(agent(ANA), available=False), agent(BRUNO, used=1), waiting(1))

    assert desk.fill(NOW) == []
    assert desk.eligible(waiting(1).conversation, ANA, NOW) is Refusal.UNAVAILABLE


def test_chatwoot_7204_unavailable_counts_from_that_instant() -> None:
    desk = router(agent(ANA, capacity=5), waiting(1))
    desk.fill(NOW)

    desk.put_agent(replace(agent(ANA, capacity=5, used=1), available=False))
    desk.put_waiting(waiting(2))

    assert desk.fill(NOW) == []


def test_rocketchat_default_agent_one_whose_last_agent_is_away_goes_to_another() -> None:
    returning = replace(waiting(1), sticky_agent=ANA)
    desk = router(replace(agent(ANA), available=False), agent(BRUNO), returning)

    assert pairs(desk.fill(NOW)) == [(1, BRUNO)]


def test_chatwoot_5436_a_lost_connection_alone_takes_nobody_out() -> None:
    desk = router(replace(agent(ANA), connected=False), waiting(1))

    assert pairs(desk.fill(NOW)) == [(1, ANA)]


# ---------------------------------------------------------------- too many, or twice


def test_chatwoot_three_inboxes_an_agent_in_three_queues_has_one_capacity() -> None:
    desk = router(
        queue(SALES),
        queue(HELP),
        queue(BILLING),
        agent(ANA, SALES, HELP, BILLING, capacity=2),
        *(waiting(number, 1 + number % 3) for number in range(1, 10)),
    )

    assert len(desk.fill(NOW)) == 2
    assert desk.free(ANA) is Refusal.FULL


def test_chatwoot_balanced_what_he_holds_elsewhere_counts_as_load() -> None:
    busy_elsewhere = agent(ANA, SALES, capacity=40, used=30)
    desk = router(busy_elsewhere, agent(BRUNO, capacity=40, used=1, last_seq=9), waiting(1))

    assert pairs(desk.fill(NOW)) == [(1, BRUNO)]


def test_rocketchat_37776_the_capacity_holds_within_one_decision_too() -> None:
    desk = router(agent(ANA, capacity=3), *(waiting(number) for number in range(1, 10)))

    assert pairs(desk.fill(NOW)) == [(1, ANA), (2, ANA), (3, ANA)]
    assert desk.fill(NOW) == []


def test_chatwoot_14495_who_was_given_out_is_not_given_out_again() -> None:
    desk = router(agent(ANA), agent(BRUNO), waiting(1))

    first, second = desk.fill(NOW), desk.fill(LATER)

    assert pairs(first) == [(1, ANA)]
    assert second == []


def test_asterisk_1736_telling_the_same_facts_twice_counts_once() -> None:
    desk = router(agent(ANA, capacity=2), waiting(1), waiting(1))
    desk.put_waiting(waiting(1))
    desk.put_agent(agent(ANA, capacity=2))

    assert pairs(desk.fill(NOW)) == [(1, ANA)]
    assert desk.waiting_in(SALES) == ()


def test_zendesk_a_capacity_below_the_load_gives_nothing_new_and_takes_nothing_away() -> None:
    desk = router(agent(ANA, capacity=1, used=3), waiting(1))

    assert desk.fill(NOW) == []
    assert desk.free(ANA) is Refusal.FULL


# ---------------------------------------------------------------- unfair


def test_salesforce_100_items_on_return_a_returner_gets_at_most_his_capacity() -> None:
    desk = router(agent(ANA, used=1), *(waiting(number) for number in range(1, 101)))
    desk.fill(NOW)

    desk.put_agent(agent(BRUNO, capacity=4))

    assert len(desk.fill(NOW)) == 4


def test_asterisk_fewest_calls_a_newcomer_gets_no_flood() -> None:
    old_hands = agent(ANA, capacity=9, last_seq=900), agent(BRUNO, capacity=9, last_seq=901)
    newcomers = (waiting(number) for number in range(1, 10))
    desk = router(*old_hands, agent(CLARA, capacity=9), *newcomers)

    taken = [match.agent for match in desk.fill(NOW)]

    assert [taken.count(one) for one in (ANA, BRUNO, CLARA)] == [3, 3, 3]


def test_libredesk_round_robin_a_restart_does_not_forget_whose_turn_it_is() -> None:
    rule = queue(strategy=Strategy.ROUND_ROBIN)
    agents: dict[int, AgentFacts] = {one: agent(one, capacity=9) for one in (1, 2, 3)}
    taken = []

    for number in range(1, 7):
        desk = Router.rebuild([rule], agents.values(), [waiting(number)])
        [match] = desk.fill(NOW)
        taken.append(match.agent)
        agents[match.agent] = replace(
            agents[match.agent], last_seq=match.seq, last_seq_in_queue={SALES: match.seq}
        )

    assert taken == [1, 2, 3, 1, 2, 3]


def test_rocketchat_last_routing_time_nobody_loses_his_turn_by_being_looked_at() -> None:
    desk = router(agent(ANA), agent(BRUNO, last_seq=1), replace(waiting(1), skip={ANA: LATER}))

    assert pairs(desk.fill(NOW)) == [(1, BRUNO)]
    desk.put_agent(agent(BRUNO, last_seq=2))
    desk.put_waiting(waiting(2))
    assert pairs(desk.fill(NOW)) == [(2, ANA)]


# ---------------------------------------------------------------- priority, transfer, offers


def test_asterisk_1561_a_new_priority_counts_at_the_next_decision() -> None:
    desk = router(agent(ANA, used=1), waiting(1), waiting(2, priority=Priority.LOW))
    desk.fill(NOW)

    desk.put_waiting(waiting(2, priority=Priority.URGENT))
    desk.put_agent(agent(ANA))

    assert pairs(desk.fill(NOW)) == [(2, ANA)]


def test_place_lost_on_transfer_who_is_transferred_stands_where_his_wait_puts_him() -> None:
    desk = router(
        queue(SALES), queue(HELP), waiting(2, HELP, since=NOW + 1), waiting(3, HELP, since=NOW + 2)
    )

    desk.put_waiting(waiting(4, HELP, since=NOW))

    assert [one.conversation for one in desk.waiting_in(HELP)] == [4, 2, 3]


def test_transferred_away_it_does_not_fall_back_to_the_old_holder() -> None:
    desk = router(queue(HELP), agent(ANA, HELP), replace(waiting(1, HELP), skip={ANA: LATER}))

    assert desk.fill(NOW) == []
    assert pairs(desk.fill(LATER)) == [(1, ANA)]


def test_repost_endless_offers_one_who_did_not_answer_is_left_alone_for_a_while() -> None:
    cooling = replace(agent(ANA), cool_until=LATER)
    desk = router(cooling, waiting(1), waiting(2))

    assert desk.fill(Instant(LATER - 1)) == []
    assert pairs(desk.fill(LATER)) == [(1, ANA)]


# ---------------------------------------------------------------- stuck states


def test_freeswitch_reserved_nothing_but_the_facts_makes_an_agent_busy() -> None:
    desk = router(agent(ANA), waiting(1), waiting(2))
    desk.fill(NOW)

    desk.put_agent(agent(ANA, used=0, last_seq=1))

    assert pairs(desk.fill(NOW)) == [(2, ANA)]
