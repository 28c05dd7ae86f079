"""Hands on what follows from a batch: to alarms, to pages, and to whoever keeps promises."""

from msgspec.structs import replace

from bridge.domain.delivery import DeliveryState
from bridge.engine.control.waking import Waking
from bridge.engine.courier import Courier
from bridge.engine.hints import Hints
from bridge.engine.state.desk import Desk
from bridge.engine.step import Effects
from bridge.ports.clock import Clock
from bridge.routing.router import Router


class HandingOn:
    """Marks the calls that begin with the batch; tells everybody once it is on disk."""

    def __init__(
        self, desk: Desk, clock: Clock, waking: Waking, hints: Hints, courier: Courier
    ) -> None:
        """What was decided is in the desk's ledger; the others are told."""
        self._desk = desk
        self._clock = clock
        self._waking = waking
        self._hints = hints
        self._courier = courier

    def begin_calls(self, effects: Effects, ending: set[str]) -> None:
        """What will be called at once is `sending` in the very transaction that promises it.

        Nothing is reserved: only what this engine commits comes into a lane, one batch after the
        other, so a lane that is idle now is idle when this batch is on disk; and if it never is,
        nobody was told. What the same batch takes back stays pending, or it could not be. So does
        what follows a call whose end is still to be decided (`ending` are such lanes): that call
        may have opened the thread, or brought the id, without which this one has nowhere to go. Its
        claim comes after that.
        """
        promised = self._desk.ledger.changes.deliveries
        looked_at = set(ending)
        for at, delivery in enumerate(promised):
            lane = delivery.lane
            if lane in looked_at:
                continue
            looked_at.add(lane)
            if delivery.id not in effects.cancelled and self._courier.idle(delivery):
                promised[at] = replace(delivery, state=DeliveryState.SENDING, attempts=1)
        effects.deliveries = promised

    def on_disk(self, effects: Effects, router: Router) -> None:
        """Nothing is undone any more: alarms are set, pages and the courier are told."""
        now = self._clock.now()
        changes = self._desk.ledger.changes
        self._waking.committed(changes, now)
        if effects.rules_changed:
            self._waking.look_at_all(now)
        self._desk.ledger.commit()
        self._desk.release(changes)
        self._waking.router_due = router.next_due(now)
        if effects.hints:
            self._hints.tell(effects.hints)
        self._courier.committed(effects)
