"""What an engine counts, for metrics."""

from dataclasses import dataclass


@dataclass(slots=True)
class EngineStats:
    """Counters since start."""

    accepted: int = 0
    duplicates: int = 0
    dead: int = 0
    batches: int = 0
    arrived_before: int = 0
    storage_failures: int = 0
