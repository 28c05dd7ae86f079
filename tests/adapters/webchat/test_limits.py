"""Token buckets: their pace, and their bounded memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.webchat.limits import Buckets, network


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_ten_seconds_is_allowed_and_then_the_pace_holds() -> None:
    watch = Watch()
    buckets = Buckets(2, watch)

    burst = [buckets.take("a") == 0 for _ in range(25)]
    watch.now = 5
    later = [buckets.take("a") == 0 for _ in range(15)]

    assert (sum(burst), sum(later)) == (20, 10)


def test_the_wait_it_names_is_enough() -> None:
    watch = Watch()
    buckets = Buckets(0.25, watch)
    while not (wait := buckets.take("a")):
        pass

    watch.now += wait

    assert buckets.take("a") == 0


@given(st.lists(st.floats(min_value=0, max_value=3), max_size=200))
def test_it_never_gives_more_than_its_pace_and_one_burst(pauses: list[float]) -> None:
    watch = Watch()
    buckets = Buckets(3, watch)
    given_out = 0
    for pause in pauses:
        watch.now += pause
        given_out += buckets.take("a") == 0

    assert given_out <= 3 * watch.now + 30 + 1


def test_one_key_does_not_use_up_anothers() -> None:
    buckets = Buckets(1, Watch())
    for _ in range(50):
        buckets.take("flood")

    assert buckets.take("quiet") == 0


def test_zero_is_without_limit() -> None:
    buckets = Buckets(0, Watch())

    assert not any(buckets.take("a") for _ in range(1_000))
    assert len(buckets) == 0


def test_a_million_keys_use_bounded_memory() -> None:
    watch = Watch()
    buckets = Buckets(1, watch, capacity=1_000)

    for number in range(20_000):
        watch.now += 0.000_1
        buckets.take(str(number))

    assert len(buckets) <= 1_000


def test_who_floods_is_remembered_longer_than_who_came_once() -> None:
    watch = Watch()
    buckets = Buckets(1, watch, capacity=100)
    for number in range(1_000):
        watch.now += 0.01
        buckets.take("flood")
        buckets.take(f"once {number}")

    assert buckets.take("flood") > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.200", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("::ffff:203.0.113.7", "203.0.113.9", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("", "", True),
        ("not an address", "203.0.113.7", False),
    ],
)
def test_a_network_is_a_household_or_an_office(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same
