"""What a browser gets: events of a visitor's journal, as they are stored and as they are sent.

An entry's body is `<event>\\n<json>`, which is almost the frame that goes down the stream.
"""

import msgspec

from bridge.domain.content import Choice, Content, File
from bridge.domain.message import Author
from bridge.domain.text import FormattedText
from bridge.domain.value import Value
from bridge.ports.adapter_store import Entry

MESSAGE, EDIT, DELETE, REACTION = b"message", b"edit", b"delete", b"reaction"
ENDED = b"ended"


class ShownFile(Value):
    """A file to fetch by its id; `type` is what its bytes are."""

    id: str
    name: str
    type: str
    size: int
    kind: str


class ShownQuote(Value):
    """The line that is answered; the words only where the browser may not have it."""

    id: str | None = None
    author: str = ""
    excerpt: str = ""


class Shown(Value):
    """A new line."""

    id: str
    sender: str = msgspec.field(name="from")
    at: int
    name: str = ""
    text: FormattedText = ()
    files: tuple[ShownFile, ...] = ()
    quote: ShownQuote | None = None
    choices: tuple[Choice, ...] = ()
    chosen: str | None = None


class Change(Value):
    """What is new about a line; None is as it was."""

    id: str
    text: FormattedText | None = None
    files: tuple[ShownFile, ...] | None = None
    choices: tuple[Choice, ...] | None = None


class Removal(Value):
    """A line that is no more."""

    id: str


class Ended(Value):
    """The visitor ended the conversation here; what he writes next begins another one."""

    id: str
    at: int


class Reaction(Value):
    """Somebody of ours reacted to a line, or took that back."""

    id: str
    emoji: str
    by: str = Author.AGENT.value
    removed: bool = False


class Typing(Value):
    """Somebody of ours is typing; forgotten after a few seconds."""

    name: str


class Read(Value):
    """Everything up to this event was read, in this tab or another."""

    seq: int


class Marks(Value):
    """The last event that came to any browser of a visitor, and the last that he saw."""

    received: int = 0
    read: int = 0


class Ready(Value):
    """All that was missed has been sent. `more`: older ones exist; None: as was said before.

    `received` and `read` are the last events that are known to have come and to have been seen.
    """

    received: int = 0
    read: int = 0
    more: bool | None = None


class _Head(msgspec.Struct):
    """Enough of a line to know whose it is."""

    id: str
    sender: str = msgspec.field(name="from", default="")


_encode = msgspec.json.Encoder().encode
_head = msgspec.json.Decoder(_Head).decode


def body(event: bytes, data: Value) -> bytes:
    """An event as it is stored."""
    return event + b"\n" + _encode(data)


def frame(entry: Entry) -> bytes:
    """A stored event as it goes down the stream; its id is where to resume."""
    event, _, data = entry.body.partition(b"\n")
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (entry.seq, event, data)


def passing(event: str, data: Value | None = None) -> bytes:
    """An event that is not stored, as it goes down the stream."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), _encode(data) if data else b"{}")


def page(entries: tuple[Entry, ...], more: bool) -> bytes:
    """Older events as one JSON document."""
    events = []
    for entry in entries:
        event, _, data = entry.body.partition(b"\n")
        events.append({"seq": entry.seq, "event": event.decode(), "data": msgspec.Raw(data)})
    return _encode({"events": events, "more": more})


def ours(entry: Entry) -> str | None:
    """The id of the line in this entry when it is a new one that we wrote."""
    event, _, data = entry.body.partition(b"\n")
    if event != MESSAGE:
        return None
    head = _head(data)
    return None if head.sender == Author.CUSTOMER else head.id


def shown_files(content: Content) -> tuple[ShownFile, ...]:
    """The files of a message as the browser needs them."""
    return tuple(map(shown_file, content.files))


def shown_file(file: File) -> ShownFile:
    """A stored file as the browser needs it."""
    return ShownFile(
        id=file.id, name=file.name, type=file.mime, size=file.size, kind=file.kind.value
    )
