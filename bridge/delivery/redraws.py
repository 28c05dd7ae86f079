"""Cards that show something old: redrawn when there is time, the latest state wins."""

import asyncio

import structlog

from bridge.delivery.calling import Adapters
from bridge.domain.errors import DeskbridgeError, StorageUnavailable, TemporaryFailure
from bridge.domain.ids import SECOND, BindingId
from bridge.engine.reading.cards import Cards
from bridge.engine.reading.lookup import Lookup
from bridge.ports.holding import Replaced

log = structlog.get_logger()

_AFTER_FAILURE = 5.0
_SOON = 1.0


class Redraws:
    """At most one edit per card at a time, and one per the workspace's `redraw_every`."""

    def __init__(
        self, adapters: Adapters, lookup: Lookup, cards: Cards, replaced: Replaced
    ) -> None:
        """Nothing is out of date yet."""
        self._replaced = replaced
        self._adapters = adapters
        self._lookup = lookup
        self._cards = cards
        self._dirty: set[BindingId] = set()
        self._tasks: dict[BindingId, asyncio.Task[None]] = {}
        self._stopped = False

    def add(self, binding: BindingId) -> None:
        """This card is out of date."""
        self._dirty.add(binding)
        if binding not in self._tasks and not self._stopped:
            self._tasks[binding] = asyncio.create_task(self._run(binding), name="redraw")

    async def stop(self) -> None:
        """Draw no more; the next start draws every open card once."""
        self._stopped = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, binding: BindingId) -> None:
        try:
            while binding in self._dirty:
                self._dirty.discard(binding)
                await asyncio.sleep(await self._redraw(binding))
        finally:
            del self._tasks[binding]

    async def _redraw(self, binding_id: BindingId) -> float:
        """Draw it now; gives how long to wait before the next time."""
        binding = self._lookup.desk.bindings.get(binding_id)
        if binding is None or binding.thread is None or binding.closed_at is not None:
            return 0
        adapter = self._adapters.workspaces.get(binding.workspace)
        if adapter is None:
            return 0
        try:
            conversation = await self._lookup.conversation(binding.conversation)
            card = await self._cards.draw(conversation, binding)
            if self._replaced():
                raise TemporaryFailure("another process may lead now", _SOON)
            await adapter.redraw(binding.thread, card)
        except TemporaryFailure as error:
            self._dirty.add(binding_id)
            return error.retry_after or _AFTER_FAILURE
        except StorageUnavailable:
            self._dirty.add(binding_id)
            return _SOON
        except DeskbridgeError as error:
            log.warning("card_not_drawn", binding=binding_id, error=str(error))
        return adapter.capabilities.redraw_every / SECOND
