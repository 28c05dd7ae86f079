"""What is wrong with what was shown: a pure look at ledgers and at what people's own clients saw.

Everybody's lines are numbered and each is said once, to one place: a customer's chat, an agents'
thread. Whatever then stands in any place is compared with that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

SHOWN_AT_MOST = 10
LATE = 60.0
"""Seconds, while the desk was up, after which a line is called late."""


class Kind(StrEnum):
    """In the order in which they are printed."""

    LOST = "lost"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    MISROUTED = "misrouted"
    UNEXPECTED = "unexpected"
    NOT_SHOWN = "unknown-not-shown"
    TOLD_TWICE = "told-twice"
    LATE = "late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A line that was taken: its sender had an answer, or its platform has it."""

    line: str
    to: str
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A line as it came to stand in a place."""

    line: str
    where: str
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An agent saw at his line that it failed, was refused, or that nobody knows."""

    line: str
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """What was done to the desk: `killed`, `up`."""

    what: str
    at: float


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """Everything that was written down in one run, each list in its own order."""

    said: Sequence[Said]
    shown: Sequence[Shown]
    told: Sequence[Told] = ()
    in_doubt: frozenset[str] = frozenset()
    """Lines that the desk itself calls unknown or failed."""
    flagged: frozenset[str] = frozenset()
    """Places of which the desk said that lines come late: their order is not promised."""
    happened: Sequence[Happened] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that is wrong, and all that is known of it."""

    kind: Kind
    line: str
    timeline: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Everything that is wrong with one history. Late lines are there, and late."""

    lines: int
    told: int
    faults: tuple[Fault, ...]

    @property
    def counts(self) -> Counter[Kind]:
        """How many of each kind."""
        return Counter(fault.kind for fault in self.faults)

    @property
    def broken(self) -> tuple[Fault, ...]:
        """What breaks a promise."""
        return tuple(fault for fault in self.faults if fault.kind is not Kind.LATE)

    def report(self) -> str:
        """The first few faults with their timelines; empty when no promise was broken."""
        first = self.broken[:SHOWN_AT_MOST]
        rows = [
            f"{fault.kind}: {fault.line}\n    " + "\n    ".join(fault.timeline) for fault in first
        ]
        left = len(self.broken) - len(first)
        return "\n".join([*rows, f"and {left} more"] if left else rows)


def judge(history: History) -> Verdict:
    """Compare what was said with what was shown."""
    judge_ = _Judge(history)
    return Verdict(lines=len(history.said), told=len(history.told), faults=tuple(judge_.faults()))


@dataclass
class _Judge:
    history: History
    said: dict[str, Said] = field(init=False)
    shown: dict[str, list[Shown]] = field(init=False)
    told: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.said = {each.line: each for each in self.history.said}
        self.shown = defaultdict(list)
        for each in self.history.shown:
            self.shown[each.line].append(each)
        self.told = Counter(each.line for each in self.history.told)

    def faults(self) -> Iterator[Fault]:
        found = [*self._missing(), *self._too_many(), *self._disordered(), *self._doubts()]
        order = list(Kind)
        for kind, line in sorted(found, key=lambda each: order.index(each[0])):
            yield Fault(kind=kind, line=line, timeline=tuple(self._timeline(line)))

    def _missing(self) -> Iterator[tuple[Kind, str]]:
        for line, said in self.said.items():
            shown = self.shown.get(line, ())
            if any(each.where != said.to for each in shown):
                yield Kind.MISROUTED, line
            elif not shown and not self.told[line]:
                # What the desk knows to be in doubt is another fault: nobody was told.
                yield (Kind.NOT_SHOWN if line in self.history.in_doubt else Kind.LOST), line
            if shown and self._waited(said.at, shown[0].at) > LATE:
                yield Kind.LATE, line

    def _too_many(self) -> Iterator[tuple[Kind, str]]:
        for line, shown in self.shown.items():
            if line not in self.said:
                yield Kind.UNEXPECTED, line
            elif max(Counter(each.where for each in shown).values()) > 1:
                yield Kind.DUPLICATED, line

    def _disordered(self) -> Iterator[tuple[Kind, str]]:
        place = {each.line: number for number, each in enumerate(self.history.said)}
        furthest: dict[str, int] = {}
        seen: set[str] = set()
        for each in self.history.shown:
            said = self.said.get(each.line)
            if said is None or said.to != each.where or each.line in seen:
                continue
            seen.add(each.line)
            before = furthest.get(each.where, -1)
            if place[each.line] < before and each.where not in self.history.flagged:
                yield Kind.REORDERED, each.line
            furthest[each.where] = max(before, place[each.line])

    def _doubts(self) -> Iterator[tuple[Kind, str]]:
        for line in self.history.in_doubt:
            if line in self.said and self.shown.get(line) and not self.told[line]:
                yield Kind.NOT_SHOWN, line
        for line, times in self.told.items():
            if times > 1:
                yield Kind.TOLD_TWICE, line

    # --- times --------------------------------------------------------------------------------

    def _waited(self, since: float, until: float) -> float:
        """Seconds between two moments in which the desk was up."""
        waited, up, last = 0.0, True, since
        for each in self.history.happened:
            if each.at >= until:
                break
            if each.at > since:
                waited += (each.at - last) if up else 0.0
                last = each.at
            up = each.what == "up"
        return waited + ((until - last) if up else 0.0)

    def _timeline(self, line: str) -> Iterator[str]:
        """What happened to a line, and to the desk meanwhile."""
        said = self.said.get(line)
        moments = [] if said is None else [(said.at, f"said to {said.to}")]
        moments += [(each.at, f"shown in {each.where}") for each in self.shown.get(line, ())]
        moments += [(each.at, "told unknown") for each in self.history.told if each.line == line]
        first, last = min(at for at, _ in moments), max(at for at, _ in moments)
        last = last if len(moments) > 1 else first + LATE
        moments += [
            (each.at, f"the desk: {each.what}")
            for each in self.history.happened
            if first - 1 <= each.at <= last + 1
        ]
        for at, what in sorted(moments):
            yield f"{at - first:+8.3f} s  {what}"
        if line in self.history.in_doubt:
            yield "            the desk calls it unknown"
