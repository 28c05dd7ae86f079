"""What a run says to people and to machines."""

import io
import json

from rich.console import Console

from bridge.bench import report
from bridge.bench.figures import Figure
from bridge.bench.goals import DESK, GOALS
from tests.unit.bench.test_goals import KEYS, figure, kept


def taken(figures: dict[str, Figure], *notes: str) -> report.Taken:
    return report.Taken(figures=figures, profile="quick", notes=notes)


def shown(figures: dict[str, Figure], notes: list[str] | None = None) -> list[str]:
    text = io.StringIO()
    console = Console(file=text, width=160)
    report.show(console, taken(figures, *(notes or [])), DESK, seconds=42.4)
    return text.getvalue().splitlines()


def line_of(key: str, lines: list[str]) -> str:
    title = next(goal.title for goal in GOALS if goal.key == key)
    return next(line for line in lines if title in line)


def test_json_has_every_key_as_a_number() -> None:
    found = json.loads(report.as_json(taken(kept()), DESK, seconds=42.4))

    assert {key for key in KEYS if isinstance(found[key], int | float)} == set(KEYS)
    assert (found["ok"], found["missed"], found["seconds"]) == (True, [], 42.4)


def test_json_names_what_was_missed() -> None:
    figures = kept() | {"relay_ratio": figure(0.4), "relay_ratio_disk": figure(0.1)}

    found = json.loads(report.as_json(taken(figures, "a note"), DESK, seconds=1))

    assert (found["ok"], found["missed"]) == (False, ["relay_ratio"])
    assert found["relay_ratio_disk"] == 0.1
    assert found["notes"] == ["a note"]


def test_a_line_shows_goal_figure_ends_disk_and_verdict() -> None:
    figures = kept() | {
        "added_latency_p50_ms": Figure(value=3.456, low=2.0, high=9.0),
        "added_latency_p50_ms_disk": figure(12.3),
    }

    line = line_of("added_latency_p50_ms", shown(figures))

    assert line.split("median")[1].split() == (
        ["≤", "6", "ms", "3.46", "ms", "2", "–", "9", "12.3", "ms", "met"]
    )


def test_what_was_missed_is_said_in_its_line_and_at_the_end() -> None:
    lines = shown(kept() | {"startup_s": figure(2.5)})

    assert line_of("startup_s", lines).split()[-1] == "missed"
    assert lines[-1] == "42 seconds; missed: startup_s"


def test_a_baseline_shows_its_range_and_whether_it_is_in_it() -> None:
    sound = line_of("relay_cpu_us", shown(kept()))
    slow = line_of("relay_cpu_us", shown(kept() | {"relay_over_bare": figure(9)}))

    assert "2–5 × bare" in sound
    assert (sound.split()[-1], slow.split()[-1]) == ("met", "missed")


def test_notes_come_before_the_verdict() -> None:
    lines = shown(kept(), notes=["There is no memory file system here."])

    assert lines[-2:] == [
        "There is no memory file system here.",
        "42 seconds; every goal was met",
    ]
