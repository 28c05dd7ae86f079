"""Which telephones something happened on since somebody looked."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bridge.demo.phone.shop import Shop
from bridge.simulators.common.changes import Happening


class Stirred:
    """The telephones of one page."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self._customers: dict[str, None] = {}
        self._something = asyncio.Event()

    def hear(self, happening: Happening) -> None:
        """Something happened."""
        if happening.user is not None:
            self._customers[happening.user] = None
            self._something.set()

    def taken(self) -> list[str]:
        """Whose telephones, each once; they are forgotten now."""
        customers, self._customers = list(self._customers), {}
        self._something.clear()
        return customers

    async def wait(self, seconds: float) -> None:
        """Until something happens, but no longer than this."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._something.wait()


@contextmanager
def stirred(shop: Shop | None) -> Iterator[Stirred]:
    """What happens on the shop's telephones while the block runs; nothing, without a shop."""
    telephones = Stirred()
    if shop is None:
        yield telephones
        return
    stop = shop.graph.world.changes.listen(telephones.hear)
    try:
        yield telephones
    finally:
        stop()
