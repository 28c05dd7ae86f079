"""What is printed of a siege: every take-over, and what the database says in the end."""

import statistics
from collections.abc import Iterator, Sequence

from tests.crash.replicas.house import GOALS, Blow, TakeOver
from tests.crash.replicas.siege import Ended


def table(ended: Ended) -> str:
    """Markdown."""
    head = ("| the process that leads is | times | median s | longest s | goal s |",)
    rule = ("| --- | --- | --- | --- | --- |",)
    counts = ", ".join(f"{value:,} {name}" for name, value in ended.numbers.items())
    wrong = "\n".join(ended.wrong) or "0 double holds, 0 over capacity, 0 lost: nothing is wrong"
    return "\n".join((*head, *rule, *_rows(ended.take_overs), "", f"{counts}.", f"{wrong}."))


def late(take_overs: Sequence[TakeOver]) -> list[TakeOver]:
    """Those that missed their goal, which only a quiet machine can keep."""
    return [each for each in take_overs if each.seconds > GOALS[each.blow]]


def _rows(take_overs: Sequence[TakeOver]) -> Iterator[str]:
    for blow in Blow:
        seconds = [each.seconds for each in take_overs if each.blow is blow]
        if seconds:
            middle, longest = statistics.median(seconds), max(seconds)
            goal = f"{GOALS[blow]:.0f}"
            yield f"| {blow} | {len(seconds)} | {middle:.2f} | {longest:.2f} | {goal} |"
