"""What became of calls whose answer was lost: the webhooks say it, by the call's own key.

`POST messages` must never be made twice for one line. Its key comes back with every status, so a
call without an answer waits for one; a status that comes while nobody waits is kept.
"""

import asyncio
from collections.abc import Iterable

from bridge.adapters.common.recent import Recent
from bridge.domain.errors import OutcomeUnknown, StorageUnavailable
from bridge.domain.ids import DAY, ExternalId
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.clock import Clock
from bridge.ports.failpoints import failpoint

_KEPT = "sent"
_AGAIN = 0.2


class Outcomes:
    """Keys of calls, and the messages that they became."""

    def __init__(self, store: AdapterStore, clock: Clock, seconds: float) -> None:
        """A lost answer is waited for `seconds`."""
        self._store = store
        self._clock = clock
        self._seconds = seconds
        self._answered: Recent[ExternalId] = Recent()
        self._waiting: dict[str, asyncio.Future[ExternalId]] = {}
        self._under_way: dict[str, asyncio.Event] = {}

    # --- calls --------------------------------------------------------------------------------

    def begin(self, key: str) -> None:
        """A call is made now; its statuses wait for its end."""
        self._under_way[key] = asyncio.Event()

    def end(self, key: str) -> None:
        """The call is over, whatever came of it; the next thing to happen is its own end."""
        done = self._under_way.pop(key, None)
        if done is not None:
            done.set()

    def answered(self, key: str, message: ExternalId) -> None:
        """Graph's answer arrived."""
        self._answered.put(key, message)

    async def find(self, key: str) -> ExternalId:
        """What the call became. Raises `OutcomeUnknown`, finally, when no status tells in time."""
        known = self._answered.get(key)
        if known is not None:
            return known
        future: asyncio.Future[ExternalId] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            async with asyncio.timeout(self._seconds):
                kept = await self._kept(key)
                return await future if kept is None else _message(kept)
        except TimeoutError as error:
            raise OutcomeUnknown(
                "no webhook told in time whether it went out", final=True
            ) from error
        finally:
            self._waiting.pop(key, None)

    async def _kept(self, key: str) -> bytes | None:
        """What a status said before this process knew of the call.

        The call was made: while the storage is away nobody may believe that it was not.
        """
        while True:
            try:
                return await self._store.get(_KEPT, key)
            except StorageUnavailable:
                await asyncio.sleep(_AGAIN)

    # --- webhooks -----------------------------------------------------------------------------

    async def status(self, key: str, message: ExternalId) -> None:
        """A status names this call; returns when its receipt may be told.

        Raises `StorageUnavailable`.
        """
        if not key or self._answered.get(key) == message:
            return
        failpoint("whatsapp.outcome")
        future = self._waiting.get(key)
        if future is None:
            at = str(self._clock.now())
            await self._store.put(_KEPT, key, f"{at} {message}".encode())
            failpoint("whatsapp.outcome_kept")
        else:
            self._answered.put(key, message)
            if not future.done():
                future.set_result(message)
        done = self._under_way.get(key)
        if done is not None:
            await done.wait()

    @staticmethod
    def kept_of(keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """The documents about these calls: a message's id has the number of who got it."""
        return tuple((_KEPT, key) for key in keys)

    async def tidy(self) -> None:
        """Forget what was kept for more than a day."""
        for each in await self._store.scan(_KEPT):
            at, _, _ = each.body.decode().partition(" ")
            if int(at) + DAY < self._clock.now():
                await self._store.remove(_KEPT, each.key)


def _message(kept: bytes) -> ExternalId:
    return ExternalId(kept.decode().partition(" ")[2])
