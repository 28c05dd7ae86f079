"""The names of Discord's things as the desk keeps them: every one is a snowflake.

A room is a channel's id (a forum or a text channel), a thread its own id, a line its message's id.
A line that stands in one message with others is `<message>/<part>`, the first one without a part.
"""

from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import SECOND, ExternalId, Instant, ThreadRef
from bridge.domain.value import Value

_EPOCH = 1_420_070_400_000
"""discord.com/developers/docs/reference#snowflakes: milliseconds of the first second of 2015."""


def thread_id(thread: ThreadRef) -> str:
    """The thread's id. Raises `DeliveryRejected("thread_gone")` for what is none."""
    if not is_snowflake(thread):
        raise DeliveryRejected(f"no thread {thread!r}", "thread_gone")
    return thread


def is_snowflake(text: str) -> bool:
    """Whether this is an id of Discord's."""
    return text.isascii() and text.isdecimal() and len(text) <= 20


class LineRef(Value):
    """A line: the message that it stands in, and which of its parts it is.

    `joined` is true where the message is known to have several.
    """

    message: str
    part: int = 0
    joined: bool = False


def part_id(message: str, part: int) -> ExternalId:
    """A line by its message and its place there; the first one is called as the message."""
    return ExternalId(f"{message}/{part}" if part else message)


def line_of(external_id: ExternalId) -> LineRef:
    """The line that is called so. Raises `DeliveryRejected("line_gone")` for what is none."""
    message, _, part = external_id.partition("/")
    if not is_snowflake(message) or not (part or "1").isdecimal():
        raise DeliveryRejected(f"no line {external_id!r}", "line_gone")
    return LineRef(message=message, part=int(part or 0), joined=bool(part))


def made_at(snowflake: str) -> Instant:
    """When Discord gave this id."""
    return Instant((int(snowflake) >> 22) + _EPOCH)


def first_at(moment: Instant) -> str:
    """The smallest id that Discord could have given at this moment."""
    return str(max(0, moment - _EPOCH) << 22)


CLOCKS_DIFFER = 60 * SECOND
"""Our clock and Discord's: nobody asked them to agree better."""
