"""Scenarios whose figures queueing theory knows, and the figures themselves as they are published.

Erlang B and C, Cobham's priorities, Erlang A (Palm), constant patience (Baccelli and Hébuterne),
and a design of two classes that all agents serve. The names are those of the rows in the design.
"""

import pytest
from msgspec.structs import asdict

from bridge.simulation.figures import Figures
from bridge.simulation.play import simulate
from tests.unit.simulation.rows import BUSY, ROWS
from tests.unit.simulation.scenarios import scenario

PUBLISHED = {
    "A06": "mean_wait 0.0455 delayed 0.0909 within_threshold 0.9666 utilisation 0.3333",
    "A07": "mean_wait 0.4444 delayed 0.4444 within_threshold 0.7304 utilisation 0.6667",
    "A08": "mean_wait 0.2046 delayed 0.4092 within_threshold 0.7518 utilisation 0.8",
    "A09": "mean_wait 0.0640 delayed 0.2561 within_threshold 0.9058 utilisation 0.8",
    "B01": "mean_wait 0.2247 delayed 0.4494 within_threshold 0.7274 utilisation 0.8333",
    "B02": "mean_wait 0.1029 delayed 0.4116 within_threshold 0.7241 utilisation 0.9",
    "B03": "mean_wait 0.2046 delayed 0.4092 within_threshold 0.7518 utilisation 0.8",
    "C01": "mean_wait 1.1429/5.7143 delayed 0.8/0.8 within_threshold 0.6027/0.3306 utilisation 0.8",
    "C03": "mean_wait 0.7111/3.5556 delayed 0.7111/0.7111 within_threshold 0.5687/0.3973 "
    "utilisation 0.8",
    "E02": "mean_wait 0.1378 delayed 0.4679 within_threshold 0.7033 lost 0.1378 utilisation 0.7760",
    "F01": "mean_wait 0.1506 delayed 0.4898 within_threshold 0.7026 lost 0.1276 utilisation 0.7852",
    "G01": "lost 0.1217 utilisation 0.7027",
    "I05": "mean_wait 0.6777/0.6777 delayed 0.5422/0.5422 utilisation 0.7333",
}
"""The design's own table, computed elsewhere."""


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_formulas_give_the_published_figures(name: str) -> None:
    words = PUBLISHED[name].split()

    for key, published in zip(words[::2], words[1::2], strict=True):
        figures = getattr(ROWS[name].known, key)
        found = [figures] if isinstance(figures, float) else list(figures)
        assert found == pytest.approx([float(each) for each in published.split("/")], abs=6e-5)


def test_every_row_is_published() -> None:
    assert set(ROWS) == set(PUBLISHED)


def agree(name: str, days: int, customers: int) -> None:
    """Every figure is within 5 % of theory, or within 4.5 standard errors."""
    row = ROWS[name]

    found = simulate(scenario(**{**row.played, "replications": days, "conversations": customers}))

    assert found.all.utilisation == pytest.approx(row.known.utilisation, rel=0.05)
    for key in ("mean_wait", "delayed", "within_threshold", "lost"):
        for figures, value in zip(found.arrivals, getattr(row.known, key), strict=True):
            assert is_near(figures, key, value), (name, key, asdict(figures))


def is_near(row: Figures, key: str, value: float) -> bool:
    """The error of a share is no more than that of the wait, of which the share is a part."""
    found = float(asdict(row)[key])
    relative = (row.mean_wait_se or 0.0) / (row.mean_wait or 1.0)
    return abs(found - value) <= max(0.05, 4.5 * relative) * value


@pytest.mark.parametrize("name", sorted(ROWS.keys() - BUSY))
def test_short_days_are_as_theory_says(name: str) -> None:
    agree(name, days=8, customers=5_000)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(ROWS))
def test_long_days_are_as_theory_says(name: str) -> None:
    agree(name, days=8, customers=50_000)
