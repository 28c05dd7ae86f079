"""How often to try again, and what to do when it is unclear whether a call had its effect."""

from enum import StrEnum

from bridge.domain.delivery import (
    AskBot,
    BotEventKind,
    Delivery,
    PostLine,
    PostTranscript,
    Side,
    Whisper,
)
from bridge.domain.ids import HOUR, MINUTE, SECOND
from bridge.engine.state.options import Places

MOST_ATTEMPTS = 12
_LONGEST_PAUSE = 5 * MINUTE
_SOON = 5 * SECOND
_TRIES_BEFORE_LATE = 4
_PATIENCE = (5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR)
_LATE_ATTEMPTS = 13
"""With the last pause repeated: a bot may be down for about three days."""


class Doubt(StrEnum):
    """What to do with a call whose outcome is unknown."""

    REPEAT = "repeat"
    ASK = "ask"
    DROP = "drop"


def most_attempts(delivery: Delivery) -> int:
    """How often this call is tried before it is given up."""
    body = delivery.body
    if not isinstance(body, AskBot) or body.fleeting:
        return MOST_ATTEMPTS
    return _TRIES_BEFORE_LATE if is_put_off(delivery) else _LATE_ATTEMPTS


def is_put_off(delivery: Delivery) -> bool:
    """True for what a bot must hear, but not while customers wait behind it."""
    body = delivery.body
    return isinstance(body, AskBot) and body.kind is BotEventKind.HANDOFF_RETURNED and not body.late


def pause(delivery: Delivery, attempts: int, retry_after: float | None) -> int:
    """Milliseconds until the next try: what the platform asked for, else 1 s, 2 s, 4 s, ...

    A bot that is asked something is asked again within seconds, or it would be too late; what it
    is only told has days.
    """
    body = delivery.body
    if isinstance(body, AskBot):
        asked = None if retry_after is None else int(retry_after * SECOND)
        if body.fleeting or is_put_off(delivery):
            return max(1, min(_SOON, asked or SECOND << min(attempts, 10)))
        patience = _PATIENCE[min(attempts, len(_PATIENCE)) - 1]
        return max(patience + patience * (delivery.id % 21) // 100, asked or 0)
    if retry_after is not None:
        return max(1, int(retry_after * SECOND))
    return min(_LONGEST_PAUSE, SECOND << min(attempts, 10))


def on_doubt(delivery: Delivery, places: Places) -> Doubt:
    """Repeat what cannot do harm twice, drop what is not worth it, ask a person for the rest."""
    match delivery.body:
        case Whisper():
            return Doubt.DROP
        case AskBot():
            return Doubt.REPEAT
        case PostLine() | PostTranscript():
            return Doubt.REPEAT if _repeats(delivery, places) else Doubt.ASK
        case _:
            return Doubt.REPEAT


def _repeats(delivery: Delivery, places: Places) -> bool:
    if delivery.side is Side.CHANNEL:
        channel = places.channels.get(delivery.place)  # type: ignore[call-overload]  # its own id
        return channel is not None and channel.capabilities.repeats
    workspace = places.workspaces.get(delivery.place)  # type: ignore[call-overload]  # its own id
    return workspace is not None and workspace.capabilities.repeats
