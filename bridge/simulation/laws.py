"""Random times of each law; every draw depends on the generator alone."""

import math
from collections.abc import Callable
from random import Random

from bridge.simulation.scenario import Law

Draw = Callable[[], float]


def drawing(law: Law, random: Random) -> Draw:
    """Gives one time of this law after another."""
    mean, cv = law.mean, law.cv
    match law.law:
        case "exponential":
            return lambda: random.expovariate(1.0) * mean
        case "gamma" if cv:
            shape = 1 / cv**2
            return lambda: random.gammavariate(shape, 1.0) * (mean / shape)
        case "erlang" if cv:
            phases = max(1, round(1 / cv**2))
            return lambda: sum(random.expovariate(1.0) for _ in range(phases)) * (mean / phases)
        case "lognormal" if cv:
            sigma = math.sqrt(math.log1p(cv**2))
            return lambda: random.lognormvariate(-(sigma**2) / 2, sigma) * mean
        case _:
            return lambda: mean
