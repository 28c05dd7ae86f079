"""Plays the days of a scenario, on every processor there is when they are long."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from bridge.simulation.day import Day
from bridge.simulation.figures import Outcome, outcome
from bridge.simulation.scenario import Scenario
from bridge.simulation.tally import Played

_SHORT = 20_000
"""So many conversations are played sooner than another process begins."""


def simulate(scenario: Scenario, told: Callable[[], None] = lambda: None) -> Outcome:
    """What would happen; `told` is called after each day. The same scenario, the same outcome."""
    days: dict[int, Played] = {}
    processes = min(os.cpu_count() or 1, scenario.replications)
    if processes == 1 or scenario.conversations * scenario.replications <= _SHORT:
        for number in range(scenario.replications):
            days[number] = play_day(scenario, number)
            told()
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            numbers = {
                pool.submit(play_day, scenario, number): number
                for number in range(scenario.replications)
            }
            for done in as_completed(numbers):
                days[numbers[done]] = done.result()
                told()
    return outcome(scenario, [days[number] for number in range(scenario.replications)])


def play_day(scenario: Scenario, number: int) -> Played:
    """One of its days."""
    return Day(scenario, number).play()
