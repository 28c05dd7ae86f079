"""Reads what `strace -f -y` wrote: was the log of the database synced before each 200?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

CALLS = "read,recvfrom,recvmsg,write,writev,sendto,sendmsg,fdatasync,fsync"
_PID = r"^(?P<pid>\d+) +"
_BEGUN = re.compile(_PID + r"(?P<call>\w+)\((?P<fd>\d+<[^>]*>)(?P<rest>.*)$")
_RESUMED = re.compile(_PID + r"<\.\.\. (?P<call>\w+) resumed>(?P<rest>.*)$")
_REQUEST = re.compile(r'"POST (\S+) HTTP')
_SYNCS = ("fdatasync", "fsync")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One request that was answered with 200, and how many syncs began and ended in between."""

    path: str
    syncs: int


@dataclass(slots=True)
class _Open:
    path: str
    since: int


@dataclass(slots=True)
class _Trace:
    requests: dict[str, _Open] = field(default_factory=dict)
    syncs: list[tuple[int, int]] = field(default_factory=list)
    under_way: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    answered: list[Answered] = field(default_factory=list)

    def happened(self, at: int, begun: int, call: str, fd: str, rest: str) -> None:
        """One call is over."""
        if call in _SYNCS:
            if "-wal" in fd and rest.endswith("= 0"):
                self.syncs.append((begun, at))
        elif (request := _REQUEST.search(rest)) is not None:
            self.requests[fd] = _Open(request.group(1), at)
        elif '"HTTP/1.1 200' in rest and fd in self.requests:
            asked = self.requests.pop(fd)
            between = sum(first > asked.since and last < begun for first, last in self.syncs)
            self.answered.append(Answered(path=asked.path, syncs=between))


def answered(lines: Iterable[str]) -> list[Answered]:
    """Every request with a 200, in the order of the answers."""
    trace = _Trace()
    for at, line in enumerate(lines):
        if (begun := _BEGUN.match(line)) is not None:
            call, fd, rest = begun["call"], begun["fd"], begun["rest"]
            if rest.endswith("<unfinished ...>"):
                trace.under_way[begun["pid"]] = (fd, rest, at)
            else:
                trace.happened(at, at, call, fd, rest)
        elif (resumed := _RESUMED.match(line)) is not None:
            fd, first, since = trace.under_way.pop(resumed["pid"], ("", "", at))
            trace.happened(at, since, resumed["call"], fd, first + resumed["rest"])
    return trace.answered
