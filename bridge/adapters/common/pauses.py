"""How long is waited before something is tried again, or looked at for the first time."""

from bridge.domain.value import Value


class Pauses(Value):
    """Seconds; of several the last one is repeated. Tests are in a hurry.

    `beginning` is for a platform that cannot be reached at the start, `refused` for one that does
    not let us in then: platforms ban who insists. `taking` is for what came in and cannot be handed
    over, `reading` for a history, `fetching` for a file. After `shown` a post is counted on to be
    seen in its history.
    """

    beginning: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 30.0)
    refused: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
    taking: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0, 5.0)
    reading: float = 2.0
    fetching: float = 0.5
    shown: float = 2.5


USUAL = Pauses()
