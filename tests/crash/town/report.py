"""The table of a crash run: one row for each day in the town, and their sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.crash.verdict import Kind, Verdict

_COLUMNS = ("day", "kills", "lines", *Kind, "told unknown")


@dataclass(frozen=True, kw_only=True)
class Day:
    """One town, from its first line to its last."""

    name: str
    kills: int
    verdict: Verdict
    missed: tuple[str, ...] = ()
    """Fail points that were to kill the desk and were not passed."""
    left: int = 0
    """Deliveries that are still under way when all should be calm."""

    @property
    def wrong(self) -> str:
        """What is wrong with it, in words; empty: nothing."""
        parts = [self.verdict.report()]
        parts += [f"never passed: {', '.join(self.missed)}"] if self.missed else []
        parts += [f"{self.left} deliveries never ended"] if self.left else []
        return "\n".join(part for part in parts if part)


def table(days: Sequence[Day]) -> str:
    """Markdown, with the sum in the last row."""
    rows = [_row(each.name, [each]) for each in days]
    rows.append(_row("**all**", days))
    head = "| " + " | ".join(_COLUMNS) + " |"
    rule = "|" + " --- |" * len(_COLUMNS)
    return "\n".join([head, rule, *rows])


def _row(name: str, days: Sequence[Day]) -> str:
    counts = [str(sum(day.verdict.counts[kind] for day in days)) for kind in Kind]
    kills, lines, told = (
        sum(number)
        for number in zip(
            *((day.kills, day.verdict.lines, day.verdict.told) for day in days), strict=True
        )
    )
    cells = [name, f"{kills:,}", f"{lines:,}", *counts, f"{told:,}"]
    return "| " + " | ".join(cells) + " |"
