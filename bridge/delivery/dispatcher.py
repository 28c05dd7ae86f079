"""Keeps the desk's promises: every delivery is `sending` on disk before its call is made."""

import asyncio
from collections.abc import Sequence

import structlog
from msgspec.structs import replace

from bridge.delivery.answers import BotAnswers
from bridge.delivery.calling import Adapters, Caller
from bridge.delivery.lanes import Lanes
from bridge.delivery.policy import MOST_ATTEMPTS, Doubt, on_doubt, pause
from bridge.delivery.questions import Questions
from bridge.delivery.redraws import Redraws
from bridge.domain.delivery import Delivery, DeliveryState
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.domain.ids import MINUTE, SECOND, Instant, after
from bridge.engine.engine import Engine
from bridge.engine.reading.cards import Cards
from bridge.engine.reading.lookup import Lookup
from bridge.engine.reading.reader import Reader
from bridge.engine.settle import Settled
from bridge.engine.step import Effects
from bridge.ports.store import DeliveryMark, Reads

log = structlog.get_logger()

_BEFORE_CALL = (DeliveryState.PENDING, DeliveryState.SENDING)


class Dispatcher:
    """Takes what the engine promised and carries it to the adapters, lane by lane."""

    def __init__(self, engine: Engine, reads: Reads, reader: Reader, adapters: Adapters) -> None:
        """Beside this engine."""
        self._engine = engine
        lookup = Lookup(engine.desk, reads)
        cards = Cards(lookup)
        self._caller = Caller(adapters, lookup, cards, BotAnswers(engine))
        self._lanes = Lanes(self._carry)
        self._redraws = Redraws(adapters, lookup, cards)
        self._questions = Questions(adapters, reader, engine.clock)
        self._early: list[Effects] | None = []
        self._stopping = False

    # --- life -------------------------------------------------------------------------------

    def resume(self, deliveries: Sequence[Delivery]) -> None:
        """Go on with what was open before the last stop, and draw every open card once."""
        for delivery in deliveries:
            ambiguous = delivery.state is DeliveryState.SENDING
            doubt = on_doubt(delivery, self._engine.desk.places) if ambiguous else Doubt.REPEAT
            if doubt is Doubt.REPEAT:
                self._lanes.add(replace(delivery, state=DeliveryState.PENDING))
            else:
                self._give_up(delivery, doubt, "nobody knows whether it arrived before the stop")
        for binding in self._engine.desk.bindings:
            self._redraws.add(binding.id)
        early, self._early = self._early, None
        for effects in early or ():
            self.committed(effects)

    async def stop(self, seconds: float) -> None:
        """Begin no new call; let those under way end, at most so long."""
        self._stopping = True
        await self._lanes.drain(seconds)
        await self._redraws.stop()
        await self._questions.stop()

    def committed(self, effects: Effects) -> None:
        """What the engine promised is on disk; before `resume` it waits behind what is older."""
        if self._early is not None:
            self._early.append(effects)
            return
        if effects.cancelled:
            self._lanes.cancel(effects.cancelled)
        for delivery in effects.deliveries:
            if self._stopping and delivery.state is DeliveryState.SENDING:
                self._hand_back(delivery)
            else:
                self._lanes.add(delivery)
        for binding in effects.redraws:
            self._redraws.add(binding)
        for question in effects.questions:
            self._questions.ask(question)

    def idle(self, lane: str) -> bool:
        """True when the first promise for this lane would be kept at once."""
        return not self._stopping and self._early is None and not self._lanes.has(lane)

    @property
    def busy(self) -> int:
        """How many lanes have work."""
        return self._lanes.busy

    # --- one delivery -----------------------------------------------------------------------

    async def _carry(self, delivery: Delivery) -> None:
        """Try until it is over; one that was promised as `sending` is claimed already."""
        attempts = delivery.attempts
        claimed = delivery.state is DeliveryState.SENDING
        if claimed and self._stopping:
            self._hand_back(delivery)
            return
        await self._wait_until(delivery.due_at)
        while not self._stopping:
            if not claimed:
                attempts += 1
                if not await self._claim(delivery, attempts):
                    return
            claimed = False
            outcome = await self._attempt(delivery, attempts)
            self._engine.ended(outcome)
            if outcome.state is not DeliveryState.PENDING or outcome.due_at is None:
                return
            await self._wait_until(outcome.due_at)

    async def _wait_until(self, due: Instant | None) -> None:
        """What a platform asked us to wait holds over a restart, too."""
        if due is not None:
            await asyncio.sleep(max(0, due - self._engine.clock.now()) / SECOND)

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
                return await self._engine.claim(mark)
            except StorageUnavailable:
                await asyncio.sleep(0.25)
        return False

    def _hand_back(self, delivery: Delivery) -> None:
        """We stop before its call began: the next start makes it, without a doubt."""
        self._engine.ended(Settled(delivery=delivery, state=DeliveryState.PENDING))

    async def _attempt(self, delivery: Delivery, attempts: int) -> Settled:
        try:
            return await self._caller.call(delivery)
        except TemporaryFailure as error:
            return self._again(delivery, attempts, error, error.retry_after)
        except (StorageUnavailable, Overloaded) as error:
            return self._again(delivery, 1, error, 1)
        except CredentialsRejected as error:
            log.error("credentials_rejected", place=delivery.place, error=str(error))
            return self._again(delivery, 1, error, MINUTE / SECOND)
        except OutcomeUnknown as error:
            return self._unclear(delivery, attempts, error)
        except DeliveryRejected as error:
            return self._dead(delivery, attempts, error.code, error)
        except NotFound as error:
            return self._dead(delivery, attempts, "not_found", error)
        except Exception as error:  # a fault of an adapter ends this delivery, not its lane
            log.exception("adapter_fault", place=delivery.place, delivery=delivery.id)
            return self._dead(delivery, attempts, "fault", error)

    def _again(
        self, delivery: Delivery, attempts: int, error: Exception, retry_after: float | None
    ) -> Settled:
        if attempts >= MOST_ATTEMPTS:
            return self._dead(delivery, attempts, "given_up", error)
        due = after(self._engine.clock.now(), pause(attempts, retry_after))
        return Settled(
            delivery=delivery,
            state=DeliveryState.PENDING,
            attempts=attempts,
            due_at=due,
            error=str(error),
        )

    def _unclear(self, delivery: Delivery, attempts: int, error: Exception) -> Settled:
        doubt = on_doubt(delivery, self._engine.desk.places)
        if doubt is Doubt.REPEAT:
            return self._again(delivery, attempts, error, None)
        state = DeliveryState.UNKNOWN if doubt is Doubt.ASK else DeliveryState.DEAD
        return Settled(
            delivery=delivery, state=state, attempts=attempts, code="unknown", error=str(error)
        )

    def _dead(self, delivery: Delivery, attempts: int, code: str, error: Exception) -> Settled:
        log.warning("delivery_dead", delivery=delivery.id, place=delivery.place, code=code)
        return Settled(
            delivery=delivery,
            state=DeliveryState.DEAD,
            attempts=attempts,
            code=code,
            error=str(error),
        )

    def _give_up(self, delivery: Delivery, doubt: Doubt, error: str) -> None:
        state = DeliveryState.UNKNOWN if doubt is Doubt.ASK else DeliveryState.DEAD
        self._engine.ended(
            Settled(
                delivery=delivery,
                state=state,
                attempts=delivery.attempts,
                code="unknown",
                error=error,
            )
        )
