"""Has adapters throw away, once an hour, what nobody needs any more."""

import asyncio

import structlog

from bridge.app.adapters import by_place
from bridge.delivery.calling import Adapters
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import HOUR, Instant, after
from bridge.ports.clock import Clock
from bridge.ports.plugin import Tidies

log = structlog.get_logger()

_SECONDS = 60.0


class Tidying:
    """Looks at every tick whether the desk's clock says that it is time."""

    def __init__(self, adapters: Adapters, clock: Clock) -> None:
        """It is time at the first look."""
        self._adapters = adapters
        self._clock = clock
        self._due = Instant(0)
        self.busy = asyncio.Lock()
        """Held while something is being thrown away: a stop lets that end."""

    async def look(self) -> None:
        """What could not be done is left for the next hour."""
        now = self._clock.now()
        if now < self._due:
            return
        self._due = after(now, HOUR)
        async with self.busy:
            for place, adapter in by_place(self._adapters).items():
                if isinstance(adapter, Tidies):
                    await _tidy(place, adapter)


async def _tidy(place: str, adapter: Tidies) -> None:
    try:
        async with asyncio.timeout(_SECONDS):
            await adapter.tidy()
    except (StorageUnavailable, TimeoutError) as failure:
        log.warning("tidying_failed", place=place, error=str(failure))
