"""What is promised, and when a run says that it was not kept."""

import pytest

from bridge.bench.figures import Figure
from bridge.bench.goals import BASELINES, DESK, GOALS, Goal, Side, Verdict, desk

KEYS = {
    "inbound_cpu_ratio": 2.5,
    "inbound_ack_ratio": 0.5,
    "naive_ratio": 10,
    "relay_ratio": 0.5,
    "end_to_end_cpu_us": None,
    "end_to_end_per_s": None,
    "bare_cpu_us": None,
    "relay_cpu_us": None,
    "naive_cpu_us": None,
    "added_latency_p50_ms": 6,
    "added_latency_p99_ms": 15,
    "drain_ratio": 0.9,
    "startup_s": 2,
    "idle_rss_mb": 110,
    "conversation_bytes": 1_500,
    "history_insert_ratio": 1.25,
    "history_page_ratio": 1.5,
}
AT_LEAST = {"inbound_ack_ratio", "naive_ratio", "relay_ratio", "drain_ratio"}


def figure(value: float) -> Figure:
    return Figure(value=value, low=value, high=value)


def kept() -> dict[str, Figure]:
    """Every goal exactly on its limit, and baselines as they should be."""
    found = {key: figure(1.0 if limit is None else limit) for key, limit in KEYS.items()}
    return found | {
        "bare_cpu_us": figure(40),
        "relay_cpu_us": figure(120),
        "naive_cpu_us": figure(1_000),
        "relay_over_bare": figure(3),
        "naive_over_bare": figure(25),
    }


def test_the_promises_are_written_down_twice_and_agree() -> None:
    limits = {goal.key: goal.limit if goal.side else None for goal in GOALS}
    at_least = {goal.key for goal in GOALS if goal.side is Side.AT_LEAST}

    assert limits == KEYS
    assert at_least == AT_LEAST


def test_with_postgresql_there_are_its_promises_beside_all_others() -> None:
    more = set(desk(postgres=True).goals) - set(desk(postgres=False).goals)

    assert desk(postgres=False) == DESK
    assert {goal.key: goal.limit for goal in more if goal.side} == {
        "inbound_cpu_ratio_postgres": 1.6,
        "relay_ratio_postgres": 0.5,
        "added_latency_p50_ms_postgres": 20,
        "added_latency_p99_ms_postgres": 250,
    }


def test_a_figure_on_its_limit_meets_its_goal() -> None:
    assert DESK.missed(kept()) == []


@pytest.mark.parametrize("key", [key for key, limit in KEYS.items() if limit is not None])
def test_a_figure_beyond_its_limit_misses_its_goal(key: str) -> None:
    found = kept()
    found[key] = figure(found[key].value * (0.99 if key in AT_LEAST else 1.01))

    assert DESK.missed(found) == [key]


def test_a_goal_without_a_side_is_only_shown() -> None:
    goal = Goal(key="end_to_end_per_s", title="messages")

    assert goal.judge(figure(1e9)) is Verdict.SHOWN


@pytest.mark.parametrize(
    ("name", "times"),
    [("relay", 1.99), ("relay", 5.01), ("naive", 11.99)],
)
def test_a_baseline_outside_its_range_fails_the_run(name: str, times: float) -> None:
    found = kept() | {f"{name}_over_bare": figure(times)}

    assert DESK.missed(found) == [f"{name}_cpu_us"]


@pytest.mark.parametrize(
    ("name", "times"),
    [("relay", 2), ("relay", 5), ("naive", 12), ("naive", 1e6)],
)
def test_a_baseline_on_the_edge_of_its_range_is_sound(name: str, times: float) -> None:
    found = kept() | {f"{name}_over_bare": figure(times)}

    assert DESK.missed(found) == []


def test_every_baseline_is_compared_with_the_bare_handler() -> None:
    assert {(each.key, each.ratio) for each in BASELINES} == {
        ("relay_cpu_us", "relay_over_bare"),
        ("naive_cpu_us", "naive_over_bare"),
    }
