"""Arithmetic of a run: rates and costs of a round, ratios by round, medians and percentiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What one server did in one round: messages, the seconds they took, its CPU seconds."""

    messages: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        """Messages in a second."""
        return self.messages / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU microseconds of the server for one message."""
        if not self.messages:
            raise ValueError("no message came through in this round")
        return self.cpu * 1e6 / self.messages


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """The median of several rounds, with the lowest and the highest of them."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """The figure of these rounds. Raises `ValueError` without any."""
        if not values:
            raise ValueError("there was no round to measure")
        return cls(value=median(values), low=min(values), high=max(values))


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """One ratio for each round; rounds are paired as they were run, one after the other."""
    return [one / other for one, other in zip(above, below, strict=True)]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of all does not exceed."""
    if not values:
        raise ValueError("there is nothing to take a percentile of")
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)  # rounded up
    return ordered[max(0, int(rank) - 1)]
