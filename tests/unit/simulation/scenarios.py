"""Scenarios as people write them."""

import json
from typing import Any

from bridge.simulation.scenario import Scenario, read_scenario

Json = dict[str, Any]  # a document as it is written, and changed by a test


def document(**changes: object) -> Json:
    """One queue, eight customers per unit of time, five agents with two slots each."""
    return {
        "seed": 1,
        "replications": 4,
        "conversations": 4_000,
        "warmup": 0.1,
        "threshold": 0.25,
        "queues": [{"name": "A"}],
        "arrivals": [arrival(8.0)],
        "agents": [{"count": 5, "capacity": 2, "queues": {"A": 0}}],
        **changes,
    }


def arrival(rate: float, queue: str = "A", **changes: object) -> Json:
    """Customers at random, one unit of work each on average."""
    handle = {"law": "exponential", "mean": 1.0, "cv": 1.0}
    return {"queue": queue, "rate": rate, "handle": handle, **changes}


def scenario(**changes: object) -> Scenario:
    """The same, read."""
    return read_scenario(json.dumps(document(**changes)))
