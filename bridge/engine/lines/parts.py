"""Changes to a line that may stand in several parts on the other side."""

from collections.abc import Iterator

from bridge.domain.content import Content
from bridge.domain.delivery import DeleteLine, EditLine, PostLine
from bridge.domain.message import Message
from bridge.ports.capabilities import ChannelCapabilities, WorkspaceCapabilities
from bridge.ports.fit import fit

Capabilities = ChannelCapabilities | WorkspaceCapabilities


def changed(
    line: Message, content: Content, capabilities: Capabilities, language: str, name: str
) -> Iterator[EditLine | PostLine | DeleteLine]:
    """What turns the parts that stand there into those of the new content.

    A longer text gets new parts at the end, a shorter one loses its last ones.
    """
    before = len(fit(line.content, capabilities, language).parts)
    parts = fit(content, capabilities, language).parts
    for number, part in enumerate(parts):
        kind = EditLine if number < before else PostLine
        yield kind(message=line.id, content=part, author=line.author, name=name, part=number)
    yield from _without(line, len(parts), before)


def gone(line: Message, capabilities: Capabilities, language: str) -> Iterator[DeleteLine]:
    """What takes every part of a line away."""
    yield from _without(line, 0, len(fit(line.content, capabilities, language).parts))


def _without(line: Message, first: int, behind: int) -> Iterator[DeleteLine]:
    for number in range(first, behind):
        yield DeleteLine(message=line.id, part=number)
