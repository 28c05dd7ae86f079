"""Fetches updates: Telegram forgets one only when we ask for what comes after it.

So an update that is not on disk yet is never passed: it is given again after a restart. Which ones
were forgotten is Telegram's to know: nothing is kept here from one question to the next, for after
a quiet week their numbers begin anywhere. https://core.telegram.org/bots/api#getupdates
"""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bridge.adapters.channels.telegram.client import Client
from bridge.adapters.channels.telegram.errors import Conflict
from bridge.adapters.channels.telegram.inbound import WANTED, Arrived, Reader
from bridge.adapters.channels.telegram.receiving import Receiving
from bridge.adapters.channels.telegram.state import State
from bridge.adapters.common.lanes import Lanes
from bridge.adapters.common.tasks import begun, ended
from bridge.domain.errors import (
    CredentialsRejected,
    DeskbridgeError,
    Overloaded,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.ports.holding import Held, Holding, while_held

log = structlog.get_logger("bridge.telegram")

UPDATES = "updates"
"""What one process of the desk holds."""
MOST = 100
_DICE = random.SystemRandom()


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """Seconds. `poll` is how long a question stays open, `unfinished` a look for what is new
    while something older is still under way."""

    poll: int = 30
    unfinished: float = 1.0
    first: float = 1.0
    longest: float = 60.0


class Polling:
    """One question after the other, in one process of the desk only."""

    def __init__(
        self,
        *,
        client: Client,
        reader: Reader,
        receiving: Receiving,
        state: State,
        holding: Holding,
        patience: Patience,
    ) -> None:
        """All parts are made by the adapter."""
        self._client = client
        self._reader = reader
        self._receiving = receiving
        self._state = state
        self._holding = holding
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        self._batch = _Batch()

    def open(self) -> None:
        """Ask from now on, as soon as no other process of the desk does."""
        work = while_held(self._holding, UPDATES, self._keep_asking)
        self._task = begun(work, "telegram polling")

    async def close(self) -> None:
        """Ask no more; what was not taken is given again."""
        task, self._task = self._task, None
        if task is not None:
            await ended(task)

    async def _keep_asking(self, held: Held) -> None:
        log.info("polling", epoch=held.epoch)
        self._batch = _Batch()
        lanes = Lanes(overflow=lambda chat: log.error("update_without_room"))
        lanes.open()
        try:
            while True:
                await self._ask(lanes)
        finally:
            await lanes.close()

    async def _ask(self, lanes: Lanes) -> None:
        """Ask once. What goes wrong is waited for, longer each time."""
        batch = self._batch
        after = batch.after()
        try:
            updates = await self._client.updates(
                WANTED,
                after=after,
                limit=MOST,
                seconds=0 if batch.unfinished else self._patience.poll,
            )
        except DeskbridgeError as error:
            await self._failed(error)
            return
        batch.failures = 0
        await self._state.well()
        batch.forget(after)
        if sum(not self._put(lanes, body) for body in updates):
            await asyncio.sleep(self._patience.longest)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.unfinished):
                await batch.finished.wait()

    def _put(self, lanes: Lanes, body: bytes) -> bool:
        """False for what has no id: Telegram cannot be told that we have it."""
        try:
            arrived = self._reader.read(body)
        except ValueError:
            log.error("update_without_id", bytes=len(body))
            return False
        batch = self._batch
        if batch.begin(arrived.id):
            lanes.put(str(arrived.chat), lambda: self._take(batch, arrived))
        return True

    async def _take(self, batch: "_Batch", arrived: Arrived) -> None:
        """What is to be tried again is not over; everything else is, were it by a fault of ours."""
        over = True
        try:
            await self._receiving.take(arrived)
        except (StorageUnavailable, Overloaded, TemporaryFailure, asyncio.CancelledError):
            over = False
            raise
        finally:
            if over:
                batch.end(arrived.id)

    async def _failed(self, error: DeskbridgeError) -> None:
        """The operator is told once who else gets the updates, or that the token is worth none."""
        batch, patience = self._batch, self._patience
        batch.failures += 1
        log.info("no_updates", why=str(error), failures=batch.failures)
        if isinstance(error, Conflict):
            await self._state.conflict(error)
        elif isinstance(error, CredentialsRejected):
            await self._state.refused(error)
            batch.failures += 5
        seconds = min(patience.longest, patience.first * 2.0 ** min(batch.failures - 1, 10))
        wait = seconds * _DICE.uniform(0.5, 1.0)
        if isinstance(error, TemporaryFailure) and error.retry_after:
            wait = max(wait, error.retry_after)
        await asyncio.sleep(wait)


class _Batch:
    """What Telegram gave and was not told yet that we have it."""

    def __init__(self) -> None:
        """Nothing was given."""
        self.unfinished: set[int] = set()
        self.failures = 0
        self.finished = asyncio.Event()
        self.finished.set()
        self._given: dict[int, None] = {}

    def begin(self, update: int) -> bool:
        """False for one that was given before: while an older one is under way all come again."""
        if update in self._given:
            return False
        self._given[update] = None
        self.unfinished.add(update)
        self.finished.clear()
        return True

    def end(self, update: int) -> None:
        """It is on disk."""
        self.unfinished.discard(update)
        if not self.unfinished:
            self.finished.set()

    def after(self) -> int | None:
        """The last one that Telegram may forget; it gives them in their order."""
        last = None
        for update in self._given:
            if update in self.unfinished:
                break
            last = update
        return last

    def forget(self, after: int | None) -> None:
        """Telegram was asked for what comes after this one: it is no more of our business."""
        while after is not None and self._given:
            first = next(iter(self._given))
            del self._given[first]
            if first == after:
                return
