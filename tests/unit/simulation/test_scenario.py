"""A scenario is refused with the path of what is wrong in it."""

import json
from pathlib import Path

import pytest

from bridge.simulation.scenario import InvalidScenario, read_scenario
from tests.unit.simulation.scenarios import Json, arrival, document

EXAMPLE = """
{"seed": 1, "replications": 8, "conversations": 20000, "warmup": 0.1, "threshold": 0.5,
 "queues": [{"name": "A", "strategy": "least_loaded", "order": "strict", "max_wait": null,
   "max_waiting": null, "specialist_first": true}],
 "arrivals": [{"queue": "A", "priority": "normal", "rate": 4.5,
   "handle": {"law": "exponential", "mean": 1.0, "cv": 1.0},
   "patience": {"law": "exponential", "mean": 2.0}}],
 "agents": [{"count": 5, "capacity": 1, "queues": {"A": 0}}]}
"""


def test_reads_every_key_of_the_format() -> None:
    read = read_scenario(EXAMPLE)

    assert (read.queues[0].name, read.arrivals[0].rate, read.agents[0].count) == ("A", 4.5, 5)
    assert read.arrivals[0].patience is not None


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"colour": 1}, "colour: there is no such key"),
        ({"seed": "1"}, "seed:"),
        ({"replications": 0}, "replications:"),
        ({"conversations": 1.5}, "conversations:"),
        ({"warmup": 1.0}, "warmup:"),
        ({"threshold": -1}, "threshold:"),
        ({"queues": []}, "queues: there must be at least one"),
        ({"queues": [{"name": "A"}, {"name": "A"}]}, "queues[1].name:"),
        ({"queues": [{"name": "A", "strategy": "nicest"}]}, "queues[0].strategy:"),
        ({"queues": [{"name": "A", "order": "lifo"}]}, "queues[0].order:"),
        ({"queues": [{"name": "A", "max_wait": 0}]}, "queues[0].max_wait:"),
        ({"queues": [{"name": "A", "max_waiting": -1}]}, "queues[0].max_waiting:"),
        ({"queues": [{"name": "A", "specialist_first": 1}]}, "queues[0].specialist_first:"),
        ({"queues": [{"name": "A", "hours": {}}]}, "queues[0].hours: there is no such key"),
        ({"arrivals": [arrival(0)]}, "arrivals[0].rate:"),
        ({"arrivals": [arrival(1, "B")]}, "arrivals[0].queue: there is no queue called 'B'"),
        ({"arrivals": [arrival(1, priority="top")]}, "arrivals[0].priority:"),
        (
            {"arrivals": [arrival(1, handle={"law": "weibull", "mean": 1})]},
            "arrivals[0].handle.law",
        ),
        ({"arrivals": [arrival(1, handle={"law": "gamma", "mean": 0})]}, "arrivals[0].handle.mean"),
        (
            {"arrivals": [arrival(1, handle={"law": "gamma"})]},
            "arrivals[0].handle.mean: is missing",
        ),
        (
            {"arrivals": [arrival(1, patience={"law": "gamma", "mean": 1, "cv": -1})]},
            ".patience.cv",
        ),
        ({"agents": [{"count": 0, "queues": {"A": 0}}]}, "agents[0].count:"),
        ({"agents": [{"capacity": -1, "queues": {"A": 0}}]}, "agents[0].capacity:"),
        ({"agents": [{"queues": {"B": 0}}]}, "agents[0].queues.B: there is no such queue"),
        ({"agents": [{"queues": {"A": -1}}]}, "agents[0].queues.A:"),
        ({"agents": []}, "arrivals[0].queue: 'A' gives them to nobody"),
        ({"queues": [{"name": "A", "strategy": "manual"}]}, "arrivals[0].queue: 'A' gives"),
    ],
)
def test_names_the_key_that_is_wrong(changes: Json, path: str) -> None:
    with pytest.raises(InvalidScenario) as refused:
        read_scenario(json.dumps(document(**changes)))

    assert path in str(refused.value)


@pytest.mark.parametrize("text", ["", "nope", "[]", '{"seed": NaN}', '"A"', "\x00"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(InvalidScenario):
        read_scenario(text)


def test_every_problem_is_told_at_once() -> None:
    broken = document(colour=1, warmup=2, queues=[{"name": "A", "x": 1}])

    with pytest.raises(InvalidScenario) as refused:
        read_scenario(json.dumps(broken))

    assert len(str(refused.value).splitlines()) == 3


def test_the_example_of_the_documentation_is_one(request: pytest.FixtureRequest) -> None:
    text = (Path(request.config.rootpath) / "docs" / "simulate.md").read_text(encoding="utf-8")
    example = text.split("```json\n")[1].split("```")[0]

    assert read_scenario(example).queues
