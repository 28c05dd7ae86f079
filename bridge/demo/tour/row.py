"""One row of the feature table: what it is called, how it is played, what came of it."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bridge.demo.surfaces.patience import NotSeen
from bridge.demo.tour.lobby import Lobby
from bridge.domain.value import Value


class RowFailed(NotSeen):
    """The other party did not see what the row promises."""


StageT = TypeVar("StageT", bound=Lobby)


class Row(Value, Generic[StageT]):
    """A feature, by the name it has on a live-chat screen.

    `play` gives what was observed, and raises `NotSeen`.
    """

    number: int
    title: str
    play: Callable[[StageT], Awaitable[str]]


class Result(Value):
    """What became of a row."""

    row: int
    title: str
    ok: bool
    observed: str
