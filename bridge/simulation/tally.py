"""What is counted while a day is played."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Counts:
    """Customers of one kind, and how long they waited; waits of those turned away are none."""

    offered: int = 0
    turned_away: int = 0
    left: int = 0
    served: int = 0
    delayed: int = 0
    in_time: int = 0
    waited: float = 0.0
    waited_served: float = 0.0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in Counts.__slots__}
        return Counts(**sums)

    @property
    def admitted(self) -> int:
        """Everybody who was not turned away at the door."""
        return self.offered - self.turned_away

    @property
    def mean_wait(self) -> float | None:
        """Over everybody who was admitted; None: nobody was."""
        return self.waited / self.admitted if self.admitted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One day in numbers: by kind of customer, and each agent's share of time at work."""

    kinds: Sequence[Counts]
    worked: Sequence[float]


class Tally:
    """Counts customers who count, and the time at work between the first and the last of them."""

    def __init__(self, kinds: int, agents: int, threshold: float) -> None:
        """Nobody came yet. A wait up to the `threshold` is good."""
        self._kinds = [Counts() for _ in range(kinds)]
        self._threshold = threshold
        self._used = [0] * agents
        self._since = [0.0] * agents
        self._worked = [0.0] * agents
        self._begun: float | None = None
        self._ended: float | None = None
        self.unfinished = 0

    # --- customers --------------------------------------------------------------------------

    def came(self, kind: int, counts: bool) -> None:
        """Somebody is there."""
        if counts:
            self._kinds[kind].offered += 1
            self.unfinished += 1

    def turned_away(self, kind: int, counts: bool) -> None:
        """There was no place left to wait."""
        if counts:
            self._kinds[kind].turned_away += 1
            self.unfinished -= 1

    def left(self, kind: int, waited: float, counts: bool) -> None:
        """He waited for nothing: his patience, or the queue's, came to its end."""
        if counts:
            row = self._kinds[kind]
            row.left += 1
            row.delayed += 1
            row.waited += waited
            self.unfinished -= 1

    def served(self, kind: int, waited: float, counts: bool) -> None:
        """It is his turn."""
        if counts:
            row = self._kinds[kind]
            row.served += 1
            row.delayed += waited > 0
            row.in_time += waited <= self._threshold
            row.waited += waited
            row.waited_served += waited
            self.unfinished -= 1

    # --- agents -----------------------------------------------------------------------------

    def begin(self, now: float) -> None:
        """The first customer who counts is there: time at work counts from here."""
        self._begun = now
        self._since = [now] * len(self._used)
        self._worked = [0.0] * len(self._used)

    def end(self, now: float) -> None:
        """The last one is there: it counts up to here."""
        for agent in range(len(self._used)):
            self._works(agent, now)
        self._ended = now

    def taken(self, agent: int, now: float) -> None:
        """He has one more."""
        self._works(agent, now)
        self._used[agent] += 1

    def freed(self, agent: int, now: float) -> None:
        """He has one less."""
        self._works(agent, now)
        self._used[agent] -= 1

    def _works(self, agent: int, now: float) -> None:
        if self._ended is None:
            self._worked[agent] += self._used[agent] * (now - self._since[agent])
            self._since[agent] = now

    def played(self, capacities: Sequence[int]) -> Played:
        """The day in numbers."""
        span = (self._ended or 0.0) - (self._begun or 0.0)
        shares = [
            worked / (span * capacity) if span > 0 and capacity else 0.0
            for worked, capacity in zip(self._worked, capacities, strict=True)
        ]
        return Played(kinds=self._kinds, worked=shares)
