"""What the journals of the local workspace hold: one small fact per entry."""

from typing import TypeAlias

import msgspec

from bridge.domain.content import Content
from bridge.domain.delivery import Mark, OfferedCommand
from bridge.domain.ids import Instant, MessageId, ThreadRef, WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.text import FormattedText
from bridge.domain.value import Value


class Posted(Value, tag="post"):
    """A line. `user` is its writer when he wrote it here, `raw` what he typed.

    `quoted` is the seq of the line it answers, `mentioned` whom it calls; a `note` is the team's.
    """

    at: Instant
    author: Author
    name: str
    content: Content
    user: WorkspaceUserId | None = None
    raw: str = ""
    quoted: int | None = None
    mentioned: tuple[WorkspaceUserId, ...] = ()
    note: bool = False


class Accepted(Value, tag="accepted"):
    """The desk has taken a person's line; until then it is shown as not sent."""

    line: int
    message: MessageId | None = None


class Edited(Value, tag="edit"):
    """A line says something else now."""

    line: int
    content: Content
    raw: str = ""


class Deleted(Value, tag="delete"):
    """A line was taken back."""

    line: int


class Reacted(Value, tag="react"):
    """Somebody reacted to a line; `user` is set when he did it here."""

    line: int
    emoji: str
    name: str
    user: WorkspaceUserId | None = None
    removed: bool = False


class Marked(Value, tag="mark"):
    """What became of a person's line on its way to the customer."""

    line: int
    mark: Mark
    removed: bool = False


class Redrawn(Value, tag="card"):
    """The card was drawn again; what it shows is in the thread's head."""


class Converted(Value, tag="convert"):
    """The waiting card became a working thread."""


class Closed(Value, tag="close"):
    """No more replies; `hide` takes it out of its viewers' sight."""

    hide: bool = False


ThreadEntry: TypeAlias = (
    Posted | Accepted | Edited | Deleted | Reacted | Marked | Redrawn | Converted | Closed
)


class Whispered(Value, tag="whisper"):
    """A private line to one person, shown in `thread` when it belongs to one."""

    at: Instant
    text: FormattedText
    thread: ThreadRef | None = None
    offers: tuple[OfferedCommand, ...] = ()


class Dismissed(Value, tag="dismiss"):
    """The person has put a private line away."""

    whisper: int


PrivateEntry: TypeAlias = Whispered | Dismissed

_encoder = msgspec.json.Encoder()
_thread_decoder = msgspec.json.Decoder(ThreadEntry)
_private_decoder = msgspec.json.Decoder(PrivateEntry)


def encode(value: Value) -> bytes:
    """An entry or a document as bytes."""
    return _encoder.encode(value)


def read_thread_entry(body: bytes) -> ThreadEntry:
    """An entry of a thread's journal."""
    entry: ThreadEntry = _thread_decoder.decode(body)
    return entry


def read_private_entry(body: bytes) -> PrivateEntry:
    """An entry of a person's journal."""
    entry: PrivateEntry = _private_decoder.decode(body)
    return entry
