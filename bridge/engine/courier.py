"""Whoever keeps what the engine promises."""

from typing import Protocol

from bridge.domain.delivery import Delivery
from bridge.engine.step import Effects


class Courier(Protocol):
    """Keeps promises: told of everything that is on disk now."""

    def idle(self, delivery: Delivery) -> bool:
        """True when this promise, the first of its lane, would be kept at once."""
        ...

    def committed(self, effects: Effects) -> None:
        """Deliveries were promised or cancelled, cards are out of date."""
        ...
