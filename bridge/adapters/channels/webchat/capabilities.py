"""What a web chat can show and do."""

from bridge.domain.content import FileKind
from bridge.ports.capabilities import ChannelCapabilities, Support

MAX_FILES = 10
"""Files in one message."""


def capabilities(max_file: int) -> ChannelCapabilities:
    """Everything but maps, cards and provider templates, which cross as text."""
    return ChannelCapabilities(
        max_text=10_000,
        max_file=max_file,
        file_kinds=frozenset(FileKind) if max_file else frozenset(),
        choices=Support.NATIVE,
        max_choices=20,
        typing=True,
        receipts=True,
        repeats=True,
        starts_conversations=True,
    )
