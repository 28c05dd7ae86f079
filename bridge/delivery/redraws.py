"""Cards that show something old: redrawn when there is time, the latest state wins."""

import asyncio

import structlog

from bridge.delivery.calling import Adapters
from bridge.delivery.pauses import Pauses, Place
from bridge.domain.binding import Binding
from bridge.domain.delivery import Side
from bridge.domain.errors import (
    CredentialsRejected,
    DeskbridgeError,
    StorageUnavailable,
    TemporaryFailure,
    TokenRejected,
)
from bridge.domain.ids import SECOND, BindingId, ThreadRef
from bridge.engine.reading.cards import Cards
from bridge.engine.reading.lookup import Lookup
from bridge.ports.holding import Replaced
from bridge.ports.workspace import WorkspaceAdapter

log = structlog.get_logger()

_AFTER_FAILURE = 5.0
_SOON = 1.0
_LET_LINES_ASK = 5.0
"""Whether a workspace takes our calls again is better asked by a line: a card may need no call."""
_NOT_ALLOWED = 60.0
"""Somebody has to mend that; then the card is drawn, also if nothing else happens."""


class Redraws:
    """At most one edit per card at a time, and one per the workspace's `redraw_every`."""

    def __init__(
        self, adapters: Adapters, lookup: Lookup, cards: Cards, pauses: Pauses, replaced: Replaced
    ) -> None:
        """Nothing is out of date yet."""
        self._pauses = pauses
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
        place: Place = (Side.WORKSPACE, binding.workspace)
        asker = ("card", binding_id)
        if not await self._pauses.turn(place, asker, _LET_LINES_ASK):
            return 0
        try:
            await self._draw(adapter, binding, binding.thread)
        except DeskbridgeError as error:
            self._pauses.heard(place, asker, error)
            return self._later(adapter, binding_id, error)
        else:
            self._pauses.went_by(place, asker)
            return adapter.capabilities.redraw_every / SECOND
        finally:
            self._pauses.left(place, asker)

    async def _draw(self, adapter: WorkspaceAdapter, binding: Binding, thread: ThreadRef) -> None:
        conversation = await self._lookup.conversation(binding.conversation)
        card = await self._cards.draw(conversation, binding)
        if self._replaced():
            raise TemporaryFailure("another process may lead now", _SOON)
        await adapter.redraw(thread, card)

    def _later(
        self, adapter: WorkspaceAdapter, binding: BindingId, error: DeskbridgeError
    ) -> float:
        """What could not be drawn now is drawn when it can; what is refused for good is left."""
        match error:
            case TokenRejected():  # its next turn comes when its place takes calls again
                wait = 0.0
            case CredentialsRejected():
                wait = _NOT_ALLOWED
            case TemporaryFailure():
                wait = error.retry_after or _AFTER_FAILURE
            case StorageUnavailable():
                wait = _SOON
            case _:
                log.warning("card_not_drawn", binding=binding, error=str(error))
                return adapter.capabilities.redraw_every / SECOND
        self._dirty.add(binding)
        return wait
