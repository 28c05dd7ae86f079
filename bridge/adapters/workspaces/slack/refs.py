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


def line_id(ts: str) -> ExternalId:
    """A line by its ts."""
    return ExternalId(ts)
