"""Exact promises of the simulation, and what it says where theory knows the answer."""

import json
import math
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise

import pytest

from bridge.simulation.figures import Figures, Outcome
from bridge.simulation.play import simulate
from tests.unit.simulation.scenarios import Json, arrival, document, scenario


def waits(found: Outcome) -> Sequence[float | None]:
    return [row.mean_wait for row in found.arrivals]


def near(row: Figures, wait: float) -> bool:
    """Within 5 %, or 4.5 standard errors."""
    assert row.mean_wait is not None
    assert row.mean_wait_se is not None
    return abs(row.mean_wait - wait) <= max(0.05 * wait, 4.5 * row.mean_wait_se)


# --- exact ------------------------------------------------------------------------------------


def test_the_same_scenario_has_the_same_outcome() -> None:
    assert simulate(scenario()) == simulate(scenario())
    assert simulate(scenario()) != simulate(scenario(seed=2))


@pytest.mark.parametrize("strategy", ["longest_idle", "round_robin", "ordered"])
def test_waits_do_not_depend_on_who_serves(strategy: str) -> None:
    usual, other = (
        simulate(scenario()),
        simulate(scenario(queues=[{"name": "A", "strategy": strategy}])),
    )

    assert waits(usual) == waits(other)
    assert usual.agents != other.agents


def test_waits_do_not_depend_on_how_slots_are_split() -> None:
    splits = [
        [{"count": 10, "capacity": 1, "queues": {"A": 0}}],
        [{"count": 5, "capacity": 2, "queues": {"A": 0}}],
        [{"capacity": size, "queues": {"A": 0}} for size in (1, 2, 3, 4)],
    ]

    found = [waits(simulate(scenario(agents=split))) for split in splits]

    assert found[0] == found[1] == found[2]


def test_one_more_slot_makes_nobody_wait_longer() -> None:
    teams = [[{"capacity": slots, "queues": {"A": 0}}] for slots in (9, 10, 11, 12)]

    found = [simulate(scenario(agents=team)).all.mean_wait or 0.0 for team in teams]

    assert all(fewer >= more for fewer, more in pairwise(found))


def test_scaling_all_times_scales_the_waits() -> None:
    slow = arrival(2.0, handle={"law": "exponential", "mean": 4.0})

    once, scaled = simulate(scenario()), simulate(scenario(arrivals=[slow]))

    assert scaled.all.mean_wait == pytest.approx(4 * (once.all.mean_wait or 0), rel=1e-12)


def test_order_only_moves_waiting_between_priorities() -> None:
    handle = {"law": "exponential", "mean": 30.0}  # minutes: promised waits are 2 and 10
    kinds = [
        arrival(3 / 30, priority="high", handle=handle),
        arrival(5.5 / 30, priority="normal", handle=handle),
    ]
    strict, target = (
        simulate(scenario(arrivals=kinds, queues=[{"name": "A", "order": order}], warmup=0.0))
        for order in ("strict", "target")
    )

    assert strict.arrivals[0].mean_wait != target.arrivals[0].mean_wait
    assert strict.all.mean_wait == pytest.approx(target.all.mean_wait, rel=0.02)


# --- theory -----------------------------------------------------------------------------------


def test_without_places_to_wait_losses_are_erlang_b() -> None:
    blocked = 1.0
    for slots in range(1, 11):
        blocked = 8.0 * blocked / (slots + 8.0 * blocked)

    found = simulate(scenario(queues=[{"name": "A", "max_waiting": 0}])).arrivals[0]

    assert found.lost == pytest.approx(blocked, rel=0.06)
    assert (found.mean_wait, found.delayed) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "wait", "lost", "in_time"),
    [
        ({"arrivals": [arrival(4.5, patience={"law": "exponential", "mean": 1.0})]},
         0.1378, 0.1378, 0.7033),
        ({"arrivals": [arrival(4.5)], "queues": [{"name": "A", "max_wait": 0.5}]},
         0.1506, 0.1276, 0.7026),
    ],
    ids=["E02", "F01"],
)  # fmt: skip
def test_those_who_give_up_do_so_as_theory_says(
    changes: Json, wait: float, lost: float, in_time: float
) -> None:
    team = [{"count": 5, "queues": {"A": 0}}]

    found = simulate(scenario(agents=team, replications=6, **changes)).arrivals[0]

    assert near(found, wait)
    assert found.lost == pytest.approx(lost, rel=0.06)
    assert found.within_threshold == pytest.approx(in_time, rel=0.05)


def test_priorities_wait_as_cobham_says() -> None:
    kinds = [arrival(0.3, priority="high"), arrival(0.3, priority="normal")]
    team = [{"queues": {"A": 0}}]
    load = 0.6  # one agent: who comes finds him at work with this probability, for 1 on average

    found = simulate(scenario(arrivals=kinds, agents=team, replications=6))

    assert near(found.arrivals[0], load / (1 - 0.3))
    assert near(found.arrivals[1], load / ((1 - 0.3) * (1 - 0.6)))


@pytest.mark.parametrize(
    ("law", "cv"), [("deterministic", 0.0), ("erlang", 0.5), ("gamma", 1.5), ("lognormal", 0.8)]
)
def test_one_agent_waits_as_pollaczek_and_khinchin_say(law: str, cv: float) -> None:
    handle = {"law": law, "mean": 1.0, "cv": cv}
    wait = 0.5 * (1 + cv**2) / 2 / (1 - 0.5)
    one = {"arrivals": [arrival(0.5, handle=handle)], "agents": [{"queues": {"A": 0}}]}

    found = simulate(scenario(replications=8, conversations=6_000, **one))

    assert near(found.arrivals[0], wait)
    assert math.isclose(found.all.utilisation or 0, 0.5, rel_tol=0.05)


def test_generalists_are_left_for_those_who_have_nobody_else() -> None:
    generalists_before = [
        {"count": 2, "queues": {"A": 0, "B": 0}},
        {"count": 2, "queues": {"A": 0}},
    ]
    waits_of_b = []
    for first in (True, False):
        rule = {"strategy": "ordered", "specialist_first": first}
        found = simulate(
            scenario(
                queues=[{"name": "A", **rule}, {"name": "B", **rule}],
                arrivals=[arrival(1.2, "A"), arrival(1.0, "B")],
                agents=generalists_before,
            )
        )
        waits_of_b.append(found.arrivals[1].mean_wait or 0.0)

    assert waits_of_b[0] < 0.9 * waits_of_b[1]


# --- the command ------------------------------------------------------------------------------


def test_the_command_reads_standard_input_and_prints_one_object() -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from bridge.cli.main import main; main()",
            "simulate",
            "-",
            "--json",
        ],
        input=json.dumps(document(replications=2, conversations=500)),
        capture_output=True,
        text=True,
        check=True,
    )

    said = json.loads(ran.stdout)
    assert set(said) == {"arrivals", "agents", "all"}
    assert set(said["arrivals"][0]) == {
        "queue", "priority", "mean_wait", "mean_wait_se", "mean_wait_served", "delayed",
        "within_threshold", "lost", "served", "offered",
    }  # fmt: skip
    assert [set(agent) for agent in said["agents"]] == [{"index", "utilisation"}] * 5
    assert "utilisation" in said["all"]
    assert ran.stderr == ""
