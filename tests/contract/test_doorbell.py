"""Both doorbells keep what every doorbell promises."""

import pytest

from bridge.domain.ids import Instant
from bridge.ports.clock import MovableClock, SystemClock
from storage.sqlite.doorbell import EmbeddedDoorbell
from tests.contract.doorbell_contract import DoorbellContract, DoorbellRig


class EmbeddedRig(DoorbellRig):
    """In memory: there is no other process."""

    def __init__(self) -> None:
        """Not rung yet."""
        self._clock = MovableClock(SystemClock())
        self.doorbell = self.another = EmbeddedDoorbell(self._clock)

    def now(self) -> Instant:
        return self._clock.now()

    async def forward(self, millis: int) -> None:
        self._clock.forward(millis)


class TestEmbedded(DoorbellContract):
    @pytest.fixture
    def rig(self) -> DoorbellRig:
        return EmbeddedRig()
