"""Has deliveries `sending` on disk before their calls are made."""

import asyncio
from collections.abc import Sequence

from bridge.delivery.trickle import Trickle
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.errors import StorageUnavailable
from bridge.engine.engine import Engine
from bridge.ports.store import DeliveryMark

_LOOKS_AGAIN = 0.25
_BEFORE_CALL = (DeliveryState.PENDING, DeliveryState.SENDING)


class Claims:
    """Asks for calls of many lanes; those that one commit sets free begin a few at a time."""

    def __init__(self, engine: Engine) -> None:
        """Of this engine's deliveries."""
        self._engine = engine
        self._trickle = Trickle()
        self._stopping = False

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True

    async def of(self, group: Sequence[Delivery], attempts: int) -> tuple[Delivery, ...]:
        """Those of them whose call is to be made now; what was cancelled meanwhile is not."""
        if len(group) == 1:  # as nearly always: nobody needs a task to wait for one
            return tuple(group) if await self._claim(group[0], attempts) else ()
        claims = await asyncio.gather(*(self._claim(each, attempts) for each in group))
        return tuple(each for each, ours in zip(group, claims, strict=True) if ours)

    async def _claim(self, delivery: Delivery, attempts: int) -> bool:
        mark = DeliveryMark(
            id=delivery.id,
            when=_BEFORE_CALL,
            state=DeliveryState.SENDING,
            at=self._engine.clock.now(),
            attempts=attempts,
        )
        while not self._stopping:
            try:
                ours = await self._engine.claim(mark)
            except StorageUnavailable:
                await asyncio.sleep(_LOOKS_AGAIN)
            else:
                await self._trickle.turn()
                return ours
        return False
