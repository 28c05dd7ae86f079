"""Keeps the desk's promises: every delivery is `sending` on disk before its call is made."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog
from msgspec.structs import replace

from bridge.delivery.answers import BotAnswers
from bridge.delivery.calling import Adapters, Caller
from bridge.delivery.claiming import Claims
from bridge.delivery.joining import joinable
from bridge.delivery.lanes import Lanes
from bridge.delivery.pauses import Access, Pauses, Place, is_sure, place_of
from bridge.delivery.policy import (
    MOST_ATTEMPTS,
    Doubt,
    is_put_off,
    most_attempts,
    on_doubt,
    pause,
)
from bridge.delivery.questions import Questions
from bridge.delivery.redraws import Redraws
from bridge.domain.delivery import AskBot, Delivery, DeliveryState, OpenThread, Side
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    StorageUnavailable,
    TemporaryFailure,
    TokenRejected,
)
from bridge.domain.ids import MINUTE, SECOND, DeliveryId, Instant, after
from bridge.engine.engine import Engine
from bridge.engine.reading.cards import Cards
from bridge.engine.reading.lookup import Lookup
from bridge.engine.reading.reader import Reader
from bridge.engine.settle import PUT_OFF, WAITS, Settled
from bridge.engine.step import Effects
from bridge.ports.failpoints import failpoint
from bridge.ports.holding import Replaced, never
from bridge.ports.store import Reads

log = structlog.get_logger()

_LOOKS_AGAIN = 0.25


class Dispatcher:
    """Takes what the engine promised and carries it to the adapters, lane by lane."""

    def __init__(
        self,
        engine: Engine,
        reads: Reads,
        reader: Reader,
        adapters: Adapters,
        replaced: Replaced = never,
    ) -> None:
        """Beside this engine; no call begins while another process may have `replaced` us."""
        self._engine = engine
        self._replaced = replaced
        lookup = Lookup(engine.desk, reads)
        cards = Cards(lookup)
        self._caller = Caller(adapters, lookup, cards, BotAnswers(engine))
        self._lanes = Lanes(self._carry)
        self._claims = Claims(engine)
        self._pauses = Pauses(engine.clock)
        self._redraws = Redraws(adapters, lookup, cards, self._pauses, replaced)
        self._questions = Questions(adapters, reader, engine.clock, replaced)
        self._early: list[Effects] | None = []
        self._doubtful: set[DeliveryId] = set()
        self._stopping = asyncio.Event()

    # --- life -------------------------------------------------------------------------------

    def resume(self, deliveries: Sequence[Delivery]) -> None:
        """Go on with what was open before the last stop, and draw every open card once."""
        failpoint("delivery.resuming")
        for delivery in deliveries:
            ambiguous = delivery.state is DeliveryState.SENDING
            doubt = on_doubt(delivery, self._engine.desk.places) if ambiguous else Doubt.REPEAT
            if ambiguous and doubt is Doubt.REPEAT:
                self._doubtful.add(delivery.id)
            if doubt is Doubt.REPEAT:
                self._lanes.add(replace(delivery, state=DeliveryState.PENDING))
            else:
                self._give_up(delivery, doubt, "nobody knows whether it arrived before the stop")
        for binding in self._engine.desk.bindings:
            self._redraws.add(binding.id)
        early, self._early = self._early, None
        for effects in early or ():
            self.committed(effects)
        failpoint("delivery.resumed")

    async def stop(self, seconds: float) -> None:
        """Begin no new call; let those under way end, at most so long."""
        self._stopping.set()
        self._claims.stop()
        self._pauses.stop()
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
            if self._stopping.is_set() and delivery.state is DeliveryState.SENDING:
                self._hand_back(delivery)
            else:
                self._lanes.add(delivery)
        for binding in effects.redraws:
            self._redraws.add(binding)
        for question in effects.questions:
            self._questions.ask(question)

    def idle(self, delivery: Delivery) -> bool:
        """True when this promise, the first of its lane, would be kept at once."""
        if self._stopping.is_set() or self._early is not None or self._lanes.has(delivery.lane):
            return False
        if self._pauses.holds(place_of(delivery)):
            return False
        return not self._caller.paces(delivery)

    @property
    def busy(self) -> int:
        """How many lanes have work."""
        return self._lanes.busy

    @property
    def paused(self) -> dict[str, str]:
        """What takes no call of ours now, as the settings call it, and what it said."""
        return dict(self._pauses)

    def access(self, place: Place) -> Access:
        """Where this place says by itself whether it takes calls of ours."""
        return Access(self._pauses, place)

    # --- one delivery, or a few lines together ------------------------------------------------

    async def _carry(self, waiting: Sequence[Delivery]) -> int:
        """Try until it is over; what was promised as `sending` is claimed already."""
        delivery = waiting[0]
        if delivery.state is not DeliveryState.SENDING:
            await self._wait_until(delivery.due_at)
        elif self._stopping.is_set():
            self._hand_back(delivery)
            return 1
        elif await self._is_over(*await self._attempt((delivery,), delivery.attempts)):
            return 1
        return await self._carry_on(waiting, delivery.attempts)

    async def _carry_on(self, waiting: Sequence[Delivery], attempts: int) -> int:
        asked = 1
        while not self._stopping.is_set():
            if not await self._may_begin(waiting[0], attempts):
                break
            try:
                group = await self._next(waiting)
                asked = len(group)
                outcomes = await self._tried(group, attempts + 1)
            finally:
                self._pauses.left(place_of(waiting[0]), waiting[0].id)
            if not outcomes or await self._is_over(*outcomes):
                break
            attempts = outcomes[0].attempts
        return asked

    async def _may_begin(self, delivery: Delivery, attempts: int) -> bool:
        """Wait while its place takes nothing from us; its people are told once that it waits.

        False when we stop meanwhile.
        """
        if self._pauses.is_news(delivery):
            told = Settled(delivery=delivery, state=self._unmade(delivery), code=WAITS)
            self._engine.ended(replace(told, attempts=attempts, due_at=self._engine.clock.now()))
        return await self._pauses.until_taken(delivery)

    async def _tried(self, group: Sequence[Delivery], attempts: int) -> tuple[Settled, ...]:
        """Claim these and make their call; nothing when none of them is ours to make any more."""
        claimed = await self._claims.of(group, attempts)
        return await self._attempt(claimed, attempts) if claimed else ()

    async def _next(self, waiting: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """The first of a lane; with those behind it when its workspace has to save posts."""
        first = waiting[0]
        if not self._caller.paces(first):
            return (first,)
        crowded = await self._crowded(first)
        if not crowded or first.id in self._doubtful:
            return (first,)
        return joinable(waiting, self._caller.longest(first))

    async def _crowded(self, first: Delivery) -> bool:
        """Wait for its turn; an adapter that cannot tell is asked to post, and says then why."""
        try:
            return await self._caller.ready(first)
        except Exception:  # a fault of an adapter must not end a lane
            log.exception("adapter_fault", delivery=first.id, place=first.place)
            return False

    async def _is_over(self, *outcomes: Settled) -> bool:
        """Hand in how it ended; False when it is to be tried again, and it is time."""
        failpoint("delivery.called")
        for outcome in outcomes:
            self._engine.ended(outcome)
        failpoint("delivery.handed_in")
        due = outcomes[0].due_at
        if due is None:
            if self._doubtful:
                self._doubtful.difference_update(outcome.delivery.id for outcome in outcomes)
            return True
        await self._wait_until(due)
        return False

    async def _wait_until(self, due: Instant | None) -> None:
        """What a platform asked us to wait holds over a restart, too; no stop waits for it."""
        if due is not None:
            seconds = max(0, due - self._engine.clock.now()) / SECOND
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()

    def _hand_back(self, delivery: Delivery) -> None:
        """We stop before its call began: the next start makes it, without a doubt."""
        self._engine.ended(Settled(delivery=delivery, state=DeliveryState.PENDING))

    async def _attempt(self, group: tuple[Delivery, ...], attempts: int) -> tuple[Settled, ...]:
        """Make the call; gives how it ended for each of them."""
        failpoint("delivery.claimed")
        if not await self._may_call():
            return tuple(Settled(delivery=each, state=self._unmade(each)) for each in group)
        first = group[0]
        try:
            if len(group) > 1:
                outcomes = await self._caller.call_together(group)
            else:
                outcomes = (await self._caller.call(first, first.id in self._doubtful),)
            if is_sure(outcomes[0]):
                self._pauses.heard(place_of(first), first.id, None)
            else:
                self._pauses.went_by(place_of(first), first.id)
            return outcomes
        except DeskbridgeError as error:
            alike = self._pauses.heard(place_of(first), first.id, error)
            if isinstance(error, TokenRejected):
                return tuple(self._locked_out(each, attempts, error, alike) for each in group)
            return tuple(self._failed(delivery, attempts, error) for delivery in group)
        except Exception as error:  # a fault of an adapter ends these deliveries, not their lane
            log.exception("adapter_fault", delivery=first.id, place=first.place)
            return tuple(self._refused(each, attempts, "fault", error) for each in group)

    async def _may_call(self) -> bool:
        """Wait while another process may lead; false when we stop meanwhile, so it was not made.

        Who wakes up after that hands in nothing any more: the rows are the other's, in doubt.
        """
        while self._replaced():
            if self._stopping.is_set():
                return False
            await asyncio.sleep(_LOOKS_AGAIN)
        return True

    def _failed(self, delivery: Delivery, attempts: int, error: DeskbridgeError) -> Settled:
        match error:
            case TemporaryFailure():
                return self._again(delivery, attempts, error, error.retry_after)
            case StorageUnavailable():
                # An adapter may have made its call, and not have been able to keep what it brought.
                if on_doubt(delivery, self._engine.desk.places) is Doubt.REPEAT:
                    self._doubtful.add(delivery.id)
                return self._again(delivery, 1, error, 1)
            case Overloaded():
                return self._again(delivery, 1, error, 1)
            case CredentialsRejected() if self._is_homeless(delivery):
                return self._dead(delivery, attempts, "no_room", error)
            case CredentialsRejected():
                log.error("credentials_rejected", place=delivery.place, error=str(error))
                return self._again(delivery, 1, error, MINUTE / SECOND)
            case OutcomeUnknown(final=True):
                return self._unknown(delivery, attempts, error)
            case OutcomeUnknown():
                return self._unclear(delivery, attempts, error)
            case DeliveryRejected():
                return self._refused(delivery, attempts, error.code, error)
            case _:
                code = "not_found" if isinstance(error, NotFound) else "fault"
                return self._refused(delivery, attempts, code, error)

    def _locked_out(
        self, delivery: Delivery, attempts: int, error: Exception, alike: bool
    ) -> Settled:
        """It waits until we are let in, and no try counts, unless others are; nobody waits for
        a bot."""
        if isinstance(delivery.body, AskBot):
            if delivery.body.fleeting:
                return self._refused(delivery, attempts, "bot_refused", error)
            if is_put_off(delivery):
                return self._again(delivery, attempts, error, None)
        if not alike:
            return self._again(delivery, attempts, error, MINUTE / SECOND)
        return self._again(delivery, max(1, attempts - 1), error, 0)

    def _is_homeless(self, delivery: Delivery) -> bool:
        """Whether a thread waits for a room that nobody wants it in any more: another opens."""
        desk = self._engine.desk
        binding = None if delivery.binding is None else desk.bindings.get(delivery.binding)
        if not isinstance(delivery.body, OpenThread) or binding is None or not binding.room:
            return False
        follows = desk.places.workspaces[binding.workspace].capabilities.rooms_follow_queues
        return not follows and desk.rooms.get((binding.workspace, binding.room)) is None

    def _again(
        self, delivery: Delivery, attempts: int, error: Exception, retry_after: float | None
    ) -> Settled:
        """Try again later; what is in doubt stays `sending`, so that a restart knows it."""
        doubtful = delivery.id in self._doubtful
        if attempts >= most_attempts(delivery):
            if is_put_off(delivery):
                return self._put_off(delivery, attempts, error)
            if doubtful and delivery.side is not Side.BOT:
                return self._unknown(delivery, attempts, error)
            return self._dead(delivery, attempts, "given_up", error)
        return Settled(
            delivery=delivery,
            state=self._unmade(delivery),
            attempts=attempts,
            due_at=after(self._engine.clock.now(), pause(delivery, attempts, retry_after)),
            error=str(error),
        )

    def _unmade(self, delivery: Delivery) -> DeliveryState:
        """What it is now that this try had no effect: an earlier one may have had one."""
        doubtful = delivery.id in self._doubtful
        return DeliveryState.SENDING if doubtful else DeliveryState.PENDING

    def _put_off(self, delivery: Delivery, attempts: int, error: Exception) -> Settled:
        """It is told later what it was not told now; nobody is kept waiting for that."""
        return Settled(
            delivery=delivery,
            state=DeliveryState.CANCELLED,
            attempts=attempts,
            code=PUT_OFF,
            error=str(error),
        )

    def _refused(self, delivery: Delivery, attempts: int, code: str, error: Exception) -> Settled:
        """It is over; but a thread is tried again, for the sake of all that waits behind it."""
        if not isinstance(delivery.body, OpenThread) or attempts >= MOST_ATTEMPTS:
            return self._dead(delivery, attempts, code, error)
        log.error("thread_not_opened", binding=delivery.binding, place=delivery.place, code=code)
        return self._again(delivery, attempts, error, None)

    def _unclear(self, delivery: Delivery, attempts: int, error: Exception) -> Settled:
        if on_doubt(delivery, self._engine.desk.places) is Doubt.REPEAT:
            self._doubtful.add(delivery.id)
            return self._again(delivery, attempts, error, None)
        return self._unknown(delivery, attempts, error)

    def _unknown(self, delivery: Delivery, attempts: int, error: Exception) -> Settled:
        """Nobody can tell whether it arrived: a person is asked where that matters."""
        drop = on_doubt(delivery, self._engine.desk.places) is Doubt.DROP
        state = DeliveryState.DEAD if drop else DeliveryState.UNKNOWN
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
