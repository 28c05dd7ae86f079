"""One row of the feature table: what it is called, how it is played, what came of it."""

from collections.abc import Awaitable, Callable

from bridge.demo.surfaces.patience import NotSeen
from bridge.demo.tour.stage import Stage
from bridge.domain.value import Value


class RowFailed(NotSeen):
    """The other party did not see what the row promises."""


Play = Callable[[Stage], Awaitable[str]]
"""Gives what was observed. Raises `NotSeen`."""


class Row(Value):
    """A feature, by the name it has on a live-chat screen."""

    number: int
    title: str
    play: Play


class Result(Value):
    """What became of a row."""

    row: int
    title: str
    ok: bool
    observed: str
