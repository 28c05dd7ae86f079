"""The arithmetic of a run."""

import pytest

from bridge.bench.figures import Figure, Round, percentile, ratios
from bridge.bench.run import added_latency, end_to_end, inbound, on_disk


def test_cost_and_rate_of_a_round_are_per_message() -> None:
    took = Round(messages=2_000, seconds=0.5, cpu=0.2)

    assert took.per_second == 4_000
    assert took.cpu_us == pytest.approx(100)


def test_a_round_without_a_message_has_no_cost() -> None:
    nothing = Round(messages=0, seconds=1, cpu=0.1)

    with pytest.raises(ValueError, match="no message"):
        _ = nothing.cpu_us


def test_a_figure_is_the_median_with_both_ends() -> None:
    figure = Figure.of([9.0, 1.0, 2.0, 3.0])

    assert (figure.value, figure.low, figure.high) == (2.5, 1.0, 9.0)


def test_a_figure_needs_a_round() -> None:
    with pytest.raises(ValueError, match="no round"):
        Figure.of([])


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]


def test_rounds_that_have_no_partner_are_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("share", "value"), [(0.0, 1.0), (0.01, 1.0), (0.5, 50.0), (0.99, 99.0), (1.0, 100.0)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == value


def test_inbound_compares_cost_with_cost_and_rate_with_rate() -> None:
    desk = Round(messages=1_000, seconds=1, cpu=0.1)
    bare = Round(messages=1_500, seconds=1, cpu=0.075)

    found = inbound(desk, bare)

    assert found["inbound_cpu_ratio"] == pytest.approx(2)
    assert found["inbound_ack_ratio"] == pytest.approx(2 / 3)


def test_end_to_end_compares_with_the_relay_and_says_what_it_costs() -> None:
    desk = Round(messages=600, seconds=1, cpu=0.15)
    relay = Round(messages=1_000, seconds=1, cpu=0.1)

    found = end_to_end(desk, relay)

    assert found["relay_ratio"] == pytest.approx(0.6)
    assert found["end_to_end_cpu_us"] == pytest.approx(250)
    assert found["end_to_end_per_s"] == pytest.approx(600)


def test_added_latency_is_the_difference_in_milliseconds() -> None:
    relay = [0.001] * 98 + [0.002] * 2
    desk = [0.004] * 98 + [0.010] * 2

    found = added_latency(desk, relay)

    assert found["added_latency_p50_ms"] == pytest.approx(3)
    assert found["added_latency_p99_ms"] == pytest.approx(8)


def test_figures_of_the_real_disk_have_keys_of_their_own() -> None:
    assert on_disk({"relay_ratio": 0.6}) == {"relay_ratio_disk": 0.6}
