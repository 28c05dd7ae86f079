"""What each side can do, as data."""

from enum import StrEnum

from bridge.domain.content import FileKind
from bridge.domain.value import Value


class Support(StrEnum):
    """How a kind of content crosses."""

    NATIVE = "native"
    TEXT = "text"
    NONE = "none"


class ChannelCapabilities(Value):
    """What a customer channel can show and do. Sizes in bytes, texts in characters.

    `reply_window` is in milliseconds, None where free text is always allowed. `phones` says that
    its addresses are phone numbers in E.164.
    """

    max_text: int = 4_000
    counts_utf16: bool = False
    """`max_text` is in UTF-16 code units: most emoji count twice."""
    max_file: int = 25 * 1024 * 1024
    file_kinds: frozenset[FileKind] = frozenset(FileKind)
    formatting: bool = True
    quotes: Support = Support.NATIVE
    reactions: Support = Support.NATIVE
    edits: Support = Support.NATIVE
    deletes: Support = Support.NATIVE
    choices: Support = Support.NATIVE
    max_choices: int = 10
    location: Support = Support.TEXT
    contact_card: Support = Support.TEXT
    templates: Support = Support.TEXT
    typing: bool = False
    receipts: bool = True
    starts_conversations: bool = False
    phones: bool = False
    reply_window: int | None = None
    repeats: bool = False
    """The same call with the same key has one effect: an unclear outcome may be repeated."""


class WorkspaceCapabilities(Value):
    """What a workspace can show and do."""

    max_text: int = 12_000
    max_file: int = 25 * 1024 * 1024
    quotes: Support = Support.NATIVE
    reactions: Support = Support.NATIVE
    edits: Support = Support.NATIVE
    deletes: Support = Support.NATIVE
    choices: Support = Support.TEXT
    location: Support = Support.TEXT
    contact_card: Support = Support.TEXT
    private_threads: bool = True
    marks: bool = True
    repeats: bool = False
    """The same call with the same key has one effect: an unclear outcome may be repeated."""
    redraw_every: int = 5_000
    """A card is edited at most once in so many milliseconds."""
    rooms_follow_queues: bool = False
    """Every queue has a room here by itself (its ref is the queue's name), and the monitor room."""
