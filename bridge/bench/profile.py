"""How long and how large the measurements are: a quick profile, and a full one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FEWEST_ROUNDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """Lengths in seconds. Every third round also runs on the real disk.

    Rounds are many and short: a ratio is the median of pairs of them that touch each other.

    `seconds` is what a run may take: once a measurement's share of it is over, two rounds suffice.
    """

    name: str
    seconds: float
    rounds: int
    round_seconds: float
    naive_seconds: float
    latency_rounds: int
    latency_seconds: float
    drain_rounds: int
    drain_seconds: float
    starts: int
    conversations: int
    short_history: int
    long_history: int
    history_rounds: int

    @property
    def steps(self) -> int:
        """How many steps a run has."""
        return 3 + 2 * self.rounds + self.latency_rounds + self.drain_rounds

    def rounds_within(self, most: int, share: float, used: Callable[[], float]) -> Iterator[int]:
        """Rounds of one measurement: two, then more until this share of the run's time is used."""
        for turn in range(most):
            if turn >= _FEWEST_ROUNDS and used() > share * self.seconds:
                return
            yield turn


QUICK = Profile(
    name="quick",
    seconds=45,
    rounds=14,
    round_seconds=0.3,
    naive_seconds=0.4,
    latency_rounds=3,
    latency_seconds=1.2,
    drain_rounds=2,
    drain_seconds=0.8,
    starts=2,
    conversations=10_000,
    short_history=1_000,
    long_history=100_000,
    history_rounds=15,
)

FULL = Profile(
    name="full",
    seconds=float("inf"),
    rounds=21,
    round_seconds=1.0,
    naive_seconds=2.0,
    latency_rounds=5,
    latency_seconds=10.0,
    drain_rounds=7,
    drain_seconds=0.8,
    starts=7,
    conversations=50_000,
    short_history=10_000,
    long_history=1_000_000,
    history_rounds=60,
)
