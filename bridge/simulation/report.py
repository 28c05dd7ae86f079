"""The outcome as tables for people."""

from rich import box
from rich.console import Console
from rich.table import Table

from bridge.locales import say
from bridge.simulation.figures import Figures, Outcome
from bridge.simulation.scenario import Scenario

_MOST_AGENTS = 20


def show(console: Console, scenario: Scenario, found: Outcome, language: str) -> None:
    """Who waits how long, then how busy the agents are."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for key in ("queue", "priority"):
        table.add_column(say(language, f"simulate.column.{key}"))
    for key in ("offered", "wait", "error", "wait_served", "delayed", "in_time", "lost"):
        title = say(language, f"simulate.column.{key}", threshold=f"{scenario.threshold:g}")
        table.add_column(title, justify="right")
    for row in found.arrivals:
        priority = say(language, f"simulate.priority.{row.priority}")
        table.add_row(row.queue, priority, *_cells(row))
    if len(found.arrivals) > 1:
        table.add_row(say(language, "simulate.all"), "", *_cells(found.all))
    console.print(table)
    if found.agents:
        console.print(_agents(scenario, found, language), soft_wrap=True, highlight=False)


def _cells(row: Figures) -> list[str]:
    return [
        f"{row.offered:,}",
        _number(row.mean_wait),
        _number(row.mean_wait_se),
        _number(row.mean_wait_served),
        *map(_percent, (row.delayed, row.within_threshold, row.lost)),
    ]


def _agents(scenario: Scenario, found: Outcome, language: str) -> str:
    shares = [agent.utilisation for agent in found.agents]
    load = _percent(found.all.utilisation)
    if len(shares) > _MOST_AGENTS:
        least, most = _percent(min(shares)), _percent(max(shares))
        return say(language, "simulate.team", load=load, least=least, most=most, count=len(shares))
    each = ", ".join(map(_percent, shares))
    return say(language, "simulate.agents", load=load, each=each)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
