"""Places that take no call of ours at all, because of who we are: one call at a time asks again."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

import structlog

from bridge.delivery.policy import is_put_off
from bridge.domain.delivery import AskBot, Delivery, PostLine, Side
from bridge.domain.errors import DeskbridgeError, TokenRejected
from bridge.domain.ids import SECOND, ConversationId, Instant
from bridge.domain.message import Author
from bridge.engine.settle import Settled
from bridge.ports.clock import Clock

log = structlog.get_logger()

Place: TypeAlias = tuple[Side, str]
_SECTIONS = {Side.CHANNEL: "channels", Side.WORKSPACE: "workspaces", Side.BOT: "bots"}

_ASKED_AFTER = (1, 2, 5, 10, 20, 30, 60)
"""Seconds between two calls of a place; the last again and again. Platforms ban who insists."""
_LOOKS_AGAIN = 1.0
"""The desk's clock may be sent ahead."""
_ITSELF = "itself"
"""Who asks at a place that says by itself when it takes calls."""


def place_of(delivery: Delivery) -> Place:
    """Whom it is for."""
    return delivery.side, delivery.place


def is_sure(outcome: Settled) -> bool:
    """Whether this can only have gone well by a call that was taken."""
    body = outcome.delivery.body
    return bool(outcome.external_ids or outcome.thread) or isinstance(body, AskBot)


def called(place: Place) -> str:
    """A place as the settings call it."""
    return f"{_SECTIONS[place[0]]}.{place[1]}"


@dataclass(slots=True)
class _Pause:
    """One place, from the first call that was refused to the first that is not."""

    error: str
    due: Instant
    refused: int = 1
    sure: bool = True
    asker: Hashable = None
    askers: set[Hashable] = field(default_factory=set)
    told: set[ConversationId] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Pauses:
    """Which places take nothing from us now; what is for them waits here and is not lost."""

    def __init__(self, clock: Clock) -> None:
        """Everybody takes what we have."""
        self._clock = clock
        self._paused: dict[Place, _Pause] = {}
        self._odd: dict[Place, set[Hashable]] = {}
        self._stopped = False

    def stop(self) -> None:
        """Who waits here now waits in vain; the next start goes on with it."""
        self._stopped = True
        for pause in self._paused.values():
            pause.changed.set()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """What takes nothing, as the settings call it, and what it said."""
        paused = self._paused.items()
        return ((called(place), pause.error) for place, pause in paused if pause.sure)

    def holds(self, place: Place) -> bool:
        """Whether this place takes nothing, as far as anybody knows."""
        return place in self._paused

    def shut(self, place: Place, said: str) -> None:
        """It says itself that it refuses us: nobody asks there until it says that it is `open`."""
        pause = self._paused.get(place)
        if pause is None:
            pause = self._begun(place, said)
        else:
            pause.refused += 1
        pause.error, pause.asker, pause.sure = said, _ITSELF, True

    def open(self, place: Place) -> None:
        """It says itself that calls are taken there, if it has said that they are not."""
        pause = self._paused.get(place)
        if pause is not None and pause.asker == _ITSELF:
            pause.askers.clear()  # that it takes us says nothing of single calls
            self._taken(place, pause, _ITSELF)

    def is_news(self, delivery: Delivery) -> bool:
        """True once for each conversation in which an agent's line waits: he is told."""
        pause = self._paused.get(place_of(delivery))
        if pause is None or not _is_an_agents(delivery) or delivery.conversation in pause.told:
            return False
        pause.told.add(delivery.conversation)
        return True

    async def until_taken(self, delivery: Delivery) -> bool:
        """Wait for this one's turn; what a customer waits for is not kept waiting by a bot.

        False as in `turn`.
        """
        place, body = place_of(delivery), delivery.body
        if isinstance(body, AskBot) and (body.fleeting or is_put_off(delivery)):
            self.may_try(place, delivery.id)
            return True
        return await self.turn(place, delivery.id)

    async def turn(self, place: Place, asker: Hashable, after: float = 0.0) -> bool:
        """Wait until calls are taken there, or this one is to find out. `heard` follows.

        It is to when nobody else has asked so many seconds `after` it was time to. False when we
        stop: then it is not to call at all.
        """
        while not self.may_try(place, asker, after):
            if self._stopped:
                return False
            pause = self._paused[place]
            left = self._until(pause, after)
            seconds = None if pause.asker is not None else min(_LOOKS_AGAIN, left)
            with suppress(TimeoutError):
                await asyncio.wait_for(pause.changed.wait(), seconds)
        return True

    def may_try(self, place: Place, asker: Hashable, after: float = 0.0) -> bool:
        """The same without waiting: false when it is not this one's turn."""
        pause = self._paused.get(place)
        if pause is None:
            return True
        if pause.asker is not None or self._until(pause, after) > 0:
            return pause.asker == asker
        pause.asker = asker
        return True

    def heard(self, place: Place, asker: Hashable, error: DeskbridgeError | None) -> bool:
        """What came of a call; None: it was made. False: this one is refused and others are not.

        Only one that was to find out says that calls are taken again: others may have begun
        before the first was refused.
        """
        pause = self._paused.get(place)
        if isinstance(error, TokenRejected):
            return self._refused(place, pause, asker, error)
        if pause is not None and pause.asker == asker and error is None:
            self._taken(place, pause, asker)
        return True

    def went_by(self, place: Place, asker: Hashable) -> None:
        """It went well, perhaps without a call: the next one asks, and soon."""
        pause = self._paused.get(place)
        if pause is not None and pause.asker == asker:
            pause.sure = False
            self._ask_in(pause, _ASKED_AFTER[0])

    def left(self, place: Place, asker: Hashable) -> None:
        """If it was his turn to ask, he did not find out: the next one asks, later."""
        pause = self._paused.get(place)
        if pause is not None and pause.asker == asker:
            self._ask_later(pause)

    def _refused(
        self, place: Place, pause: _Pause | None, asker: Hashable, error: TokenRejected
    ) -> bool:
        if pause is None:
            if asker in self._odd.get(place, ()):
                return False
            pause = self._begun(place, str(error))
            self._ask_later(pause)
        elif pause.asker == asker:
            pause.refused += 1
            pause.sure = True
            self._ask_later(pause)
        pause.askers.add(asker)
        return True

    def _begun(self, place: Place, said: str) -> _Pause:
        """Who runs the desk is told, this once."""
        self._odd.pop(place, None)
        pause = self._paused[place] = _Pause(error=said, due=self._clock.now())
        log.error("place_refuses_us", place=called(place), error=said)
        return pause

    def _taken(self, place: Place, pause: _Pause, asker: Hashable) -> None:
        """Whoever is refused again now, while others are not, is so for a reason of his own."""
        del self._paused[place]
        self._odd[place] = pause.askers - {asker}
        pause.changed.set()
        log.info("place_takes_us_again", place=called(place), refused=pause.refused)

    def _ask_later(self, pause: _Pause) -> None:
        self._ask_in(pause, _ASKED_AFTER[min(pause.refused, len(_ASKED_AFTER)) - 1])

    def _ask_in(self, pause: _Pause, seconds: int) -> None:
        pause.due = Instant(self._clock.now() + seconds * SECOND)
        pause.asker = None
        changed, pause.changed = pause.changed, asyncio.Event()
        changed.set()

    def _until(self, pause: _Pause, after: float) -> float:
        return max(0, pause.due - self._clock.now() + after * SECOND) / SECOND


@dataclass(frozen=True, slots=True)
class Access:
    """What a workspace says of itself (see `bridge.ports.workspace.Access`)."""

    pauses: Pauses
    place: Place

    def refused(self, said: str) -> None:
        """What is for it waits."""
        self.pauses.shut(self.place, said)

    def taken(self) -> None:
        """What has waited goes on."""
        self.pauses.open(self.place)


def _is_an_agents(delivery: Delivery) -> bool:
    body = delivery.body
    is_from_agent = isinstance(body, PostLine) and body.author is Author.AGENT
    return is_from_agent and delivery.side is Side.CHANNEL
