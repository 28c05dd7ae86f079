"""What is printed of a siege: every take-over, and what the database says in the end."""

import statistics
from collections.abc import Iterator, Sequence

from tests.crash.replicas.blows import GOALS, Blow
from tests.crash.replicas.house import TakeOver
from tests.crash.replicas.siege import Ended


def table(ended: Ended) -> str:
    """Markdown."""
    head = ("| the process that leads is | times | median s | longest s | goal s |",)
    rule = ("| --- | --- | --- | --- | --- |",)
    counts = ", ".join(f"{value:,} {name}" for name, value in ended.numbers.items())
    wrong = "\n".join(ended.wrong) or "0 lost, 0 doubled, 0 over capacity: nothing is wrong"
    rows = (*head, *rule, *_rows(ended.take_overs), "", f"{counts}.")
    return "\n".join((*rows, *_zombies(ended), f"{wrong}."))


def late(take_overs: Sequence[TakeOver]) -> list[TakeOver]:
    """Those that missed their goal, which only a quiet machine can keep."""
    return [each for each in take_overs if each.seconds > GOALS[each.blow]]


def _zombies(ended: Ended) -> Iterator[str]:
    if ended.woke:
        in_flight, begun, lines = (
            sum(each)
            for each in zip(*((w.in_flight, w.begun, w.lines) for w in ended.woke), strict=True)
        )
        yield (
            f"{len(ended.woke)} woke up: {in_flight} calls were in flight when they were frozen, "
            f"{begun} were begun afterwards; {lines} lines were handed to them meanwhile."
        )


def _rows(take_overs: Sequence[TakeOver]) -> Iterator[str]:
    for blow in Blow:
        seconds = [each.seconds for each in take_overs if each.blow is blow]
        if seconds:
            middle, longest = statistics.median(seconds), max(seconds)
            goal = f"{GOALS[blow]:.0f}"
            yield f"| {blow} | {len(seconds)} | {middle:.2f} | {longest:.2f} | {goal} |"
