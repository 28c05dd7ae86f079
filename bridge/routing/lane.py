"""One queue at work: those who wait in it, and the agents who can take them."""

from collections.abc import Iterator, Mapping
from heapq import merge

from bridge.domain.ids import Instant
from bridge.domain.queue import Strategy
from bridge.routing.candidates import Candidates
from bridge.routing.facts import QueueRule, Waiting, Weighed
from bridge.routing.line import Key, Line
from bridge.routing.order import RANKS
from bridge.routing.records import Place, Seat

Places = Mapping[int, Place]
"""By conversation."""


class Level:
    """The members of one level who can take somebody now, and the line they serve."""

    __slots__ = ("candidates", "line", "number")

    def __init__(self, number: int, rule: QueueRule, line: Line) -> None:
        """No candidate yet."""
        self.number = number
        self.candidates = Candidates(
            rule.id, RANKS[rule.strategy], specialist_first=rule.specialist_first
        )
        self.line = line

    @property
    def head(self) -> Key | None:
        """The first in line, if there may be a candidate for him."""
        return self.line.head if self.candidates else None

    def pair(self, places: Places, now: Instant) -> tuple[Place, Seat] | None:
        """The first in line for whom there is a candidate, and the best one for him.

        Only those who skip all candidates there are are passed over.
        """
        best = self.candidates.best()
        if best is None:
            return None
        for key in self.line:
            place = places[key[5]]
            skip = place.facts.skip
            seat = self.candidates.best_but(skip, now) if skip else best
            if seat is not None:
                return place, seat
        return None

    def weighed(self, chosen: Seat) -> tuple[Weighed, Weighed | None]:
        """Whom the choice fell on and who was next; ask before he has it."""
        second = self.candidates.second(chosen)
        rival = None if second is None else self.candidates.weigh(second, self.number)
        return self.candidates.weigh(chosen, self.number), rival


class Lane:
    """Those who wait for the same agents, and these agents by level.

    A lane is a queue; required skills will make several lanes of one queue. Everybody stands in
    one line, which all levels serve; or, if levels open by waiting, also in the line of each level
    that his wait has opened. A conversation that is kept for its last agent stands apart.
    """

    __slots__ = ("_held", "_line", "levels", "places", "rule")

    def __init__(self, rule: QueueRule) -> None:
        """Nobody waits, nobody can take."""
        self.rule = rule
        self.levels: dict[int, Level] = {}
        self.places: dict[int, Place] = {}
        self._held = Line()
        self._line = Line()

    def __iter__(self) -> Iterator[Key]:
        """All who wait, in order, held ones included."""
        return merge(self._line, self._held)

    @property
    def waiting(self) -> int:
        """How many wait, held ones included."""
        return len(self._line) + len(self._held)

    @property
    def pushes(self) -> bool:
        """True if conversations are given out; in a manual queue agents take them."""
        return self.rule.active and self.rule.strategy is not Strategy.MANUAL

    def position(self, place: Place) -> int:
        """Its place among all who wait here, counted from 1."""
        return 1 + self._line.ahead_of(place.key) + self._held.ahead_of(place.key)

    def admit(self, place: Place) -> None:
        """Let a conversation wait here."""
        self.places[place.facts.conversation] = place
        self.enter(place)

    def dismiss(self, place: Place) -> None:
        """It waits here no more."""
        self.leave(place)
        del self.places[place.facts.conversation]

    def enter(self, place: Place) -> None:
        """Let it wait for level 0, and for all others unless they open by waiting."""
        self._line.add(place.key)

    def leave(self, place: Place) -> None:
        """Take it out of every line."""
        (self._held if place.held else self._line).remove(place.key)
        if place.levels:
            for level in place.levels:
                self.levels[level].line.remove(place.key)
            place.levels = ()

    def hold(self, place: Place) -> None:
        """Keep it for its last agent: in no line from which others are served."""
        if not place.held:
            self.leave(place)
            self._held.add(place.key)
            place.held = True

    def open(self, place: Place, now: Instant) -> Instant | None:
        """Let it wait for every level its wait has opened; when the next one opens, if one does."""
        if place.held:
            self.leave(place)
            self.enter(place)
            place.held = False
        upcoming = None
        for number, level in self.levels.items():
            opens = self.opens(number, place.facts)
            if opens is None or number in place.levels:
                continue
            if opens > now:
                upcoming = opens if upcoming is None else min(upcoming, opens)
            else:
                level.line.add(place.key)
                place.levels = (*place.levels, number)
        return upcoming

    def opens(self, level: int, waiting: Waiting) -> Instant | None:
        """When members of this level are first tried for it; None: they always are."""
        wait = level * self.rule.escalate_after
        return Instant(waiting.since + wait) if wait else None

    def add_level(self, number: int) -> bool:
        """Serve a level from now on; True if it is new, and opens by waiting."""
        if number in self.levels:
            return False
        by_waiting = number > 0 and self.rule.escalate_after > 0
        self.levels[number] = Level(number, self.rule, Line() if by_waiting else self._line)
        return by_waiting
