"""What can happen to the process that leads, and how soon another must lead then."""

from enum import StrEnum


class Blow(StrEnum):
    """What happens to the process that leads, or to what all of them stand on."""

    KILLED = "killed"
    ELSEWHERE = "killed on another machine"
    """Killed and not buried: as from another machine, nobody can see that it is gone."""
    FROZEN = "frozen"
    CUT = "cut off from its database and from the others"
    """Its customers and platforms reach it; no packet to the database arrives, and none comes."""
    ALONE = "cut off from everybody"
    RESTARTED = "left without its database, which fails and starts again"


AWAY = {Blow.FROZEN: 0.02, Blow.CUT: 5.0, Blow.ALONE: 5.0}
"""What a process survives, and seconds that it still lasts when another leads."""
GOALS = {
    Blow.KILLED: 5.0,
    Blow.ELSEWHERE: 5.0,
    Blow.FROZEN: 15.0,
    Blow.CUT: 15.0,
    Blow.ALONE: 15.0,
    Blow.RESTARTED: 5.0,
}
"""Seconds within which somebody leads. What a test waits is this and its patience."""
