"""What was said before, as the first post of a thread."""

from collections.abc import Sequence

from bridge.domain.content import Content
from bridge.domain.message import Author, Message
from bridge.domain.text import Bold, Paragraph, Plain
from bridge.locales import say
from bridge.ports.capabilities import WorkspaceCapabilities
from bridge.ports.fit import fit

MOST_LINES = 200
_MOST_FILES = 20


def transcript(
    lines: Sequence[Message], capabilities: WorkspaceCapabilities, language: str
) -> tuple[Content, ...]:
    """The posts that tell everything said so far; none when nothing was said.

    Lines that nobody said (ours, and deleted ones) are left out; files come along.
    """
    said = [line for line in lines if line.author is not Author.SYSTEM and not line.deleted_at]
    if not said:
        return ()
    title = Paragraph(spans=(Bold(spans=(Plain(text=say(language, "thread.transcript")),)),))
    content = Content(
        text=(title, *(_told(line, language) for line in said)),
        files=tuple(file for line in said for file in line.content.files)[-_MOST_FILES:],
    )
    return fit(content, capabilities, language).parts


def _told(line: Message, language: str) -> Paragraph:
    words = line.content.words() or line.content.excerpt()
    name = line.name
    if line.author is Author.BOT:
        name = f"{name} ({say(language, 'thread.bot')})"
    if line.internal:
        name = f"{name} ({say(language, 'thread.note')})"
    return Paragraph(spans=(Bold(spans=(Plain(text=f"{name}: "),)), Plain(text=words)))
