"""What queueing theory says, computed: shares no code with what it is compared with.

Handle times are exponential with mean 1 everywhere. The names of the forms are the design's: F1
Erlang B, F2 Erlang C, F3 Cobham's priorities, F8 customers who leave (Baccelli and Hebuterne).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Law = Callable[[float], float]
_FINE = 4_000
"""Even: so many pieces has each part of an integral."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """The figures of a row: one for each kind of customer, the load for all slots."""

    mean_wait: Sequence[float]
    delayed: Sequence[float]
    within_threshold: Sequence[float]
    lost: Sequence[float]
    utilisation: float


def erlang_b(rate: float, slots: int) -> float:
    """The share that finds every slot taken, where nobody waits."""
    blocked = 1.0
    for number in range(1, slots + 1):
        blocked = rate * blocked / (number + rate * blocked)
    return blocked


def no_room(rate: float, slots: int) -> Known:
    """F1: whoever finds every slot taken is lost."""
    lost = erlang_b(rate, slots)
    return Known(
        mean_wait=(0.0,),
        delayed=(0.0,),
        within_threshold=(1 - lost,),
        lost=(lost,),
        utilisation=rate * (1 - lost) / slots,
    )


def patient(rate: float, slots: int, good: float, kinds: int = 1) -> Known:
    """F2: first come first served, whoever serves; `kinds` of customers fare alike."""
    load = rate / slots
    blocked = erlang_b(rate, slots)
    delayed = blocked / (1 - load * (1 - blocked))
    spare = slots - rate
    return Known(
        mean_wait=(delayed / spare,) * kinds,
        delayed=(delayed,) * kinds,
        within_threshold=(1 - delayed * math.exp(-spare * good),) * kinds,
        lost=(0.0,) * kinds,
        utilisation=load,
    )


def two_priorities(first: float, second: float, slots: int, good: float) -> Known:
    """F3: the first kind goes before the second; nobody is interrupted."""
    together = patient(first + second, slots, good)
    delayed = together.delayed[0]
    before, load = first / slots, together.utilisation
    wait = delayed / slots / (1 - before)
    late = (math.exp(-(slots - first) * good), _still_behind(first, slots, load, good))
    return Known(
        mean_wait=(wait, wait / (1 - load)),
        delayed=(delayed, delayed),
        within_threshold=tuple(1 - delayed * each for each in late),
        lost=(0.0, 0.0),
        utilisation=load,
    )


def _still_behind(first: float, slots: int, load: float, good: float) -> float:
    """The share of those who must wait, and come last, who still wait after `good`.

    As many as there are in the line go before one, geometrically many, and all who come before
    they are done: a walk up at the rate of the first kind and down at that of the slots, looked at
    after a Poisson number of its steps.
    """
    deepest, pace = 600, first + slots
    ahead = [0.0] + [(1 - load) * load**number for number in range(deepest)] + [0.0]
    weight, left = math.exp(-pace * good), 0.0
    for steps in range(1, int(pace * good * 10) + 60):
        left += weight * math.fsum(ahead)
        up, down = first / pace, slots / pace
        inner = range(1, deepest + 1)
        ahead = [0.0] + [ahead[at - 1] * up + ahead[at + 1] * down for at in inner] + [0.0]
        weight *= pace * good / steps
    return left


def leaving(rate: float, slots: int, good: float, stays: Law, spent: Law, knot: float) -> Known:
    """F8: `stays(t)` is the share whose patience is longer than t, `spent(t)` its integral up to t.

    At `good` and at the `knot` the laws may have a corner.
    """
    most = 60 / (slots - rate)
    corners = sorted({0.0, good, knot, most})

    def over(law: Law, upto: float = most) -> float:
        parts = [at for at in corners if at <= upto]
        return math.fsum(_integral(law, start, end) for start, end in pairwise(parts))

    def thin(at: float) -> float:
        return math.exp(rate * spent(at) - slots * at)

    idle = math.fsum(rate**n / math.factorial(n) for n in range(slots))
    idle /= rate ** (slots - 1) / math.factorial(slots - 1)
    busy = over(thin)
    whole = idle + rate * busy
    lost = (1 + (rate - slots) * busy) / whole
    wait = rate * over(lambda at: spent(at) * thin(at)) / whole
    soon = rate * over(lambda at: stays(at) * thin(at), good) / whole
    return Known(
        mean_wait=(wait,),
        delayed=(rate * busy / whole,),
        within_threshold=(idle / whole + soon,),
        lost=(lost,),
        utilisation=rate * (1 - lost) / slots,
    )


def _integral(law: Law, start: float, end: float) -> float:
    """Simpson's; what holds to the left of a corner holds at the corner."""
    step = (end - start) / _FINE
    inner = (law(start + number * step) * (4 if number % 2 else 2) for number in range(1, _FINE))
    return (law(start) + math.fsum(inner) + law(end - step * 1e-9)) * step / 3


def leaving_at_random(rate: float, slots: int, good: float) -> Known:
    """F7 as F8: patience is exponential with mean 1."""
    return leaving(rate, slots, good, lambda t: math.exp(-t), lambda t: 1 - math.exp(-t), good)


def leaving_at(rate: float, slots: int, good: float, limit: float) -> Known:
    """F8 with one limit for all: a queue's longest wait."""

    def stays(waited: float) -> float:
        return 1.0 if waited < limit else 0.0

    return leaving(rate, slots, good, stays, lambda t: min(t, limit), limit)
