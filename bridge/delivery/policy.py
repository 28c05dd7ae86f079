"""How often to try again, and what to do when it is unclear whether a call had its effect."""

from enum import StrEnum

from bridge.domain.delivery import (
    AskBot,
    Delivery,
    PostLine,
    PostTranscript,
    Side,
    Whisper,
)
from bridge.domain.ids import MINUTE, SECOND
from bridge.engine.state.options import Places

MOST_ATTEMPTS = 12
_LONGEST_PAUSE = 5 * MINUTE


class Doubt(StrEnum):
    """What to do with a call whose outcome is unknown."""

    REPEAT = "repeat"
    ASK = "ask"
    DROP = "drop"


def pause(attempts: int, retry_after: float | None) -> int:
    """Milliseconds until the next try: what the platform asked for, else 1 s, 2 s, 4 s, ..."""
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
