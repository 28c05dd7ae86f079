"""Every way in which a conversation may change its state, as data."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bridge.domain.conversation import State
from bridge.domain.errors import DeskbridgeError
from bridge.domain.value import Value


class IllegalTransition(DeskbridgeError):
    """No rule allows this change of state for this cause."""


class Cause(StrEnum):
    """Why a conversation's state changes; every cause belongs to exactly one transition."""

    FIRST_MESSAGE = "first_message"
    HANDOFF = "handoff"
    QUEUE_CLOSED = "queue_closed"
    QUEUE_OPENED = "queue_opened"
    MATCH = "match"
    STICKY = "sticky"
    PULL = "pull"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRY = "expiry"
    WITHDRAWAL = "withdrawal"
    TRANSFER_TO_AGENT = "transfer_to_agent"
    TRANSFER_TO_QUEUE = "transfer_to_queue"
    RETURN_TO_BOT = "return_to_bot"
    OVERFLOW = "overflow"
    WAIT_EXPIRED = "wait_expired"
    ABANDONED = "abandoned"
    PRIORITY = "priority"
    NO_REPLY = "no_reply"
    CUSTOMER_CLOSED = "customer_closed"
    CUSTOMER_BLOCKED = "customer_blocked"
    INACTIVITY = "inactivity"
    STARVATION = "starvation"
    TAKE = "take"
    TAKE_OVER = "take_over"
    PHONE = "phone"
    AGENT_GONE = "agent_gone"
    AGENT_HANDOVER = "agent_handover"
    BOT_CLOSED = "bot_closed"


class Transition(Value):
    """From any of some states to any of some others, for any of some causes.

    None among `sources` is a conversation that does not exist yet. `same`: source and target are
    equal; `targets` is then every state in which that may be.
    """

    name: str
    causes: frozenset[Cause]
    sources: frozenset[State | None]
    targets: frozenset[State]
    same: bool = False

    def allows(self, source: State | None, target: State) -> bool:
        """True if it leads from one to the other."""
        fits = source in self.sources and target in self.targets
        return fits and (source is target or not self.same)


def _row(
    name: str,
    sources: Iterable[State | None],
    targets: Iterable[State],
    *causes: Cause,
    same: bool = False,
) -> Transition:
    return Transition(
        name=name,
        causes=frozenset(causes),
        sources=frozenset(sources),
        targets=frozenset(targets),
        same=same,
    )


_NEW = frozenset({None})
_BOT, _PARKED = frozenset({State.BOT}), frozenset({State.PARKED})
_WAITING, _OFFERED = frozenset({State.WAITING}), frozenset({State.OFFERED})
_ASSIGNED, _ENDED = frozenset({State.ASSIGNED}), frozenset({State.ENDED})
_UNHELD = _BOT | _PARKED | _WAITING | _OFFERED
_OPEN = _UNHELD | _ASSIGNED

TRANSITIONS: tuple[Transition, ...] = (
    _row("T1", _NEW, _BOT, Cause.FIRST_MESSAGE),
    _row("T2", _BOT, _WAITING, Cause.HANDOFF),
    # Closed or full: parked, refused (it stays with the bot), or overflowing to another queue.
    _row("T3", _BOT, _PARKED | _BOT | _WAITING, Cause.QUEUE_CLOSED),
    _row("T4", _PARKED, _WAITING, Cause.QUEUE_OPENED),
    _row("T5", _WAITING, _ASSIGNED, Cause.MATCH, Cause.STICKY, Cause.PULL),
    _row("T6", _WAITING, _OFFERED, Cause.OFFER),
    _row("T7", _OFFERED, _ASSIGNED, Cause.ACCEPT),
    _row("T8", _OFFERED, _WAITING, Cause.DECLINE, Cause.EXPIRY, Cause.WITHDRAWAL),
    _row("T9", _ASSIGNED, _ASSIGNED, Cause.TRANSFER_TO_AGENT),
    # A closed queue may offer to park it there.
    _row("T10", _ASSIGNED, _WAITING | _ASSIGNED | _PARKED, Cause.TRANSFER_TO_QUEUE),
    _row("T11", _ASSIGNED, _ENDED, Cause.RETURN_TO_BOT),
    _row("T12", _WAITING, _WAITING, Cause.OVERFLOW),
    _row("T13", _WAITING, _BOT | _ENDED, Cause.WAIT_EXPIRED),
    # Whoever is kept for the opening, or being offered, waits just the same, and may leave.
    _row("T13", _PARKED | _WAITING | _OFFERED, _ENDED, Cause.ABANDONED),
    _row("T14", _OPEN, _OPEN, Cause.PRIORITY, same=True),
    _row("T15", _ASSIGNED, _WAITING, Cause.NO_REPLY),
    _row("T16", _ASSIGNED, _ENDED, Cause.INACTIVITY),
    # He may also be done with the bot alone.
    _row("T16", _BOT | _ASSIGNED, _ENDED, Cause.CUSTOMER_CLOSED, Cause.CUSTOMER_BLOCKED),
    _row("T17", _WAITING, _WAITING, Cause.STARVATION),
    _row("T18", _NEW | _UNHELD, _ASSIGNED, Cause.TAKE),
    _row("T19", _ASSIGNED, _ASSIGNED, Cause.TAKE_OVER),
    _row("T20", _NEW | _OPEN, _ASSIGNED, Cause.PHONE),
    # What happens to an agent, or to the bot's session, happens to the conversations they hold.
    _row("A7", _ASSIGNED, _WAITING, Cause.AGENT_GONE),
    _row("A8", _ASSIGNED, _WAITING, Cause.AGENT_HANDOVER),
    _row("B1", _BOT, _ENDED, Cause.BOT_CLOSED),
)

BY_CAUSE: Mapping[Cause, Transition] = {
    cause: transition for transition in TRANSITIONS for cause in transition.causes
}


def check(source: State | None, target: State, cause: Cause) -> Transition:
    """The transition that allows this change; IllegalTransition if there is none."""
    transition = BY_CAUSE[cause]
    if not transition.allows(source, target):
        start = "nothing" if source is None else source.value
        raise IllegalTransition(f"{cause.value} ({transition.name}): {start} to {target.value}")
    return transition
