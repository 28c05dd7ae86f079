"""A thread as its journal tells it: the lines in order, each as it is now; pure."""

from collections.abc import Iterator

from msgspec.structs import replace

from bridge.adapters.workspaces.local.entries import (
    Accepted,
    Closed,
    Converted,
    Deleted,
    Edited,
    Marked,
    Posted,
    Reacted,
    Redrawn,
    ThreadEntry,
)
from bridge.domain.content import Content
from bridge.domain.delivery import Mark
from bridge.domain.ids import Instant, MessageId, WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.value import Value

GROUPED_WITHIN = 5 * 60_000


class Reaction(Value):
    """One person's reaction to a line."""

    emoji: str
    name: str
    user: WorkspaceUserId | None = None


class Line(Value):
    """One line of a thread as it is now; `follows` when the same person went on speaking.

    `changed` is the seq of the last entry that was about it: of two pictures of a line, the one
    with the higher number is the newer.
    """

    seq: int
    changed: int
    at: Instant
    author: Author
    name: str
    content: Content
    user: WorkspaceUserId | None = None
    raw: str = ""
    quoted: int | None = None
    mentioned: tuple[WorkspaceUserId, ...] = ()
    edited: bool = False
    deleted: bool = False
    accepted: bool = True
    message: MessageId | None = None
    reactions: tuple[Reaction, ...] = ()
    marks: tuple[Mark, ...] = ()
    follows: bool = False

    @property
    def crossed(self) -> bool:
        """True unless something says that the customer does not have it."""
        return not self.marks and self.accepted


class Timeline:
    """The lines of one thread. `apply` takes entries once and in order, whoever brings them."""

    def __init__(self) -> None:
        """A thread nobody has written in."""
        self.last = 0
        self.closed = False
        self._lines: dict[int, Line] = {}
        self._newest: Line | None = None

    def apply(self, seq: int, entry: ThreadEntry) -> None:
        """Take the next entry; one that was taken before changes nothing."""
        if seq <= self.last:
            return
        self.last = seq
        match entry:
            case Posted():
                self._newest = self._lines[seq] = _line(seq, entry, self._newest)
            case Closed():
                self.closed = True
            case Redrawn() | Converted():
                pass
            case _:
                if (line := self._lines.get(entry.line)) is not None:
                    self._lines[entry.line] = replace(_changed(line, entry), changed=seq)

    def line(self, seq: int | None) -> Line | None:
        """One line."""
        return None if seq is None else self._lines.get(seq)

    def page(self, before: int | None, limit: int) -> tuple[tuple[Line, ...], bool]:
        """The newest `limit` lines older than `before`, and whether there are older ones."""
        wanted = [line for seq, line in self._lines.items() if before is None or seq < before]
        return tuple(wanted[-limit:]), len(wanted) > limit

    def lines(self) -> Iterator[Line]:
        """Every line, oldest first."""
        return iter(self._lines.values())


def _line(seq: int, entry: Posted, before: Line | None) -> Line:
    follows = (
        before is not None
        and (before.author, before.name, before.user) == (entry.author, entry.name, entry.user)
        and entry.at - before.at < GROUPED_WITHIN
    )
    return Line(
        seq=seq,
        changed=seq,
        at=entry.at,
        author=entry.author,
        name=entry.name,
        content=entry.content,
        user=entry.user,
        raw=entry.raw,
        quoted=entry.quoted,
        mentioned=entry.mentioned,
        accepted=entry.user is None,
        marks=(Mark.NOTE,) if entry.note else (),
        follows=follows,
    )


def _changed(line: Line, entry: Accepted | Edited | Deleted | Reacted | Marked) -> Line:
    match entry:
        case Accepted(message=message):
            return replace(line, accepted=True, message=message)
        case Edited(content=content, raw=raw):
            return replace(line, content=content, raw=raw, edited=True)
        case Deleted():
            return replace(line, content=Content(), raw="", deleted=True, reactions=())
        case Reacted():
            return replace(line, reactions=_reactions(line.reactions, entry))
        case Marked(mark=mark, removed=removed):
            others = tuple(each for each in line.marks if each is not mark)
            return replace(line, marks=others if removed else (*others, mark))


def _reactions(before: tuple[Reaction, ...], entry: Reacted) -> tuple[Reaction, ...]:
    reaction = Reaction(emoji=entry.emoji, name=entry.name, user=entry.user)
    others = tuple(each for each in before if each != reaction)
    return others if entry.removed else (*others, reaction)


def touched(seq: int, entry: ThreadEntry) -> int | None:
    """The line that an entry changes or adds; None when it is about the whole thread."""
    match entry:
        case Posted():
            return seq
        case Redrawn() | Converted() | Closed():
            return None
        case _:
            return entry.line
