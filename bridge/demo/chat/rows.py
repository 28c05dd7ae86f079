"""The feature table over a chat workspace, row by row."""

from collections.abc import Awaitable, Callable, Mapping

from bridge.demo.chat import cases, people, talking, watching
from bridge.demo.chat.stage import ChatStage
from bridge.demo.tour.row import Row
from bridge.demo.tour.rows import ROWS as LOCAL_ROWS

_PLAYS: Mapping[int, Callable[[ChatStage], Awaitable[str]]] = {
    1: people.row_01,
    2: watching.row_02,
    3: people.row_03,
    4: talking.row_04,
    5: talking.row_05,
    6: talking.row_06,
    7: talking.row_07,
    8: talking.row_08,
    9: watching.row_09,
    10: people.row_10,
    11: people.row_11,
    12: cases.row_12,
    13: cases.row_13,
    14: cases.row_14,
    15: cases.row_15,
    16: watching.row_16,
    17: watching.row_17,
}

ROWS = tuple(
    Row[ChatStage](number=row.number, title=row.title, play=_PLAYS[row.number])
    for row in LOCAL_ROWS
)
