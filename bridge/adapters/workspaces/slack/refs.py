"""The names of Slack's things as the desk keeps them: rooms, threads, lines.

A room is a channel's id. A thread is `<channel>:<ts of its root>`, a line its `ts`: Slack's staff
name channel id and ts as a message's identity (slackapi/java-slack-sdk#852).
"""

import re

from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import ExternalId, ThreadRef
from bridge.domain.value import Value

_THREAD = re.compile(r"([CDG][A-Z0-9]{2,}):(\d+\.\d+)")


class Place(Value):
    """Where a thread hangs: a channel and the ts of its root."""

    channel: str
    ts: str


def thread_ref(channel: str, ts: str) -> ThreadRef:
    """The thread under this root."""
    return ThreadRef(f"{channel}:{ts}")


def place_of(thread: ThreadRef) -> Place:
    """Where this thread hangs. Raises `DeliveryRejected("thread_gone")` for what is none."""
    found = _THREAD.fullmatch(thread)
    if found is None:
        raise DeliveryRejected(f"no thread {thread!r}", "thread_gone")
    return Place(channel=found.group(1), ts=found.group(2))


class LineRef(Value):
    """A line: the message that it stands in, and which of its parts it is.

    `joined` is true where the message is known to have several.
    """

    ts: str
    part: int = 0
    joined: bool = False


def part_id(ts: str, part: int) -> ExternalId:
    """A line by its message and its place there; the first one is called as the message."""
    return ExternalId(f"{ts}/{part}" if part else ts)


def line_of(external_id: ExternalId) -> LineRef:
    """The line that is called so. Raises `DeliveryRejected("line_gone")` for what is none."""
    ts, _, part = external_id.partition("/")
    if not part:
        return LineRef(ts=ts)
    if not part.isdecimal():
        raise DeliveryRejected(f"no line {external_id!r}", "line_gone")
    return LineRef(ts=ts, part=int(part), joined=True)


def line_id(ts: str) -> ExternalId:
    """A line by its ts."""
    return ExternalId(ts)
