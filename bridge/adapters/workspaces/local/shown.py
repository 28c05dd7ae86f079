"""Lines and private lines as a certain person sees them, ready for the template."""

from collections.abc import Iterable, Sequence

from bridge.adapters.workspaces.local.render import Renderer
from bridge.adapters.workspaces.local.threads import ThreadHead
from bridge.adapters.workspaces.local.timeline import Line, Timeline
from bridge.adapters.workspaces.local.visibility import Viewer
from bridge.adapters.workspaces.local.whispers import Whisper
from bridge.domain.card import CardAction
from bridge.domain.content import Content
from bridge.domain.delivery import Mark
from bridge.domain.ids import ThreadRef, WorkspaceUserId
from bridge.domain.message import Author
from bridge.domain.text import Bullets
from bridge.domain.value import Value

PALETTE = ("👍", "❤️", "😂", "😮", "🙏", "✅")


class Emoji(Value):
    """All reactions to a line with one emoji."""

    emoji: str
    names: tuple[str, ...]
    mine: bool


class ShownLine(Value):
    """A line for one reader: `side` is `in` (customer), `out` (ours) or `note` or `system`."""

    line: Line
    name: str
    side: str
    mine: bool
    writable: bool
    quoted: Line | None
    emojis: tuple[Emoji, ...]

    @property
    def content(self) -> Content:
        """What it says."""
        return self.line.content

    @property
    def may_retry(self) -> bool:
        """Whether the platform can be called again for it."""
        troubled = Mark.FAILED in self.line.marks or Mark.UNKNOWN in self.line.marks
        return self.writable and troubled and self.line.message is not None

    @property
    def long(self) -> bool:
        """Whether a system line is more than a sentence (a transcript)."""
        text = self.line.content.text
        return len(text) > 1 or any(isinstance(block, Bullets) for block in text)


def show(line: Line, timeline: Timeline, head: ThreadHead, reader: WorkspaceUserId) -> ShownLine:
    """A line as this reader sees it."""
    return ShownLine(
        line=line,
        name=head.card.customer if line.author is Author.CUSTOMER else line.name,
        side=_side(line),
        mine=line.user == reader,
        writable=head.writable,
        quoted=timeline.line(line.quoted),
        emojis=tuple(_emojis(line, reader)),
    )


def _side(line: Line) -> str:
    if line.author is Author.SYSTEM:
        return "system"
    if line.author is Author.CUSTOMER:
        return "in"
    return "note" if Mark.NOTE in line.marks else "out"


def _emojis(line: Line, reader: WorkspaceUserId) -> Iterable[Emoji]:
    for emoji in dict.fromkeys(reaction.emoji for reaction in line.reactions):
        by = [reaction for reaction in line.reactions if reaction.emoji == emoji]
        names = tuple(reaction.name for reaction in by)
        yield Emoji(emoji=emoji, names=names, mine=any(each.user == reader for each in by))


class Painter:
    """Renders single lines and cards for one reader, for pages and for streams alike."""

    def __init__(self, renderer: Renderer, viewer: Viewer) -> None:
        """Paint for this reader, in his language."""
        self._renderer = renderer
        self._viewer = viewer

    def line(self, line: Line, timeline: Timeline, head: ThreadHead) -> str:
        """One line."""
        shown = show(line, timeline, head, self._viewer.user.id)
        return self._fill("parts/line.html", shown=shown, ref=head.ref, palette=PALETTE)

    def whisper(self, whisper: Whisper) -> str:
        """One private line."""
        return self._fill("parts/whisper.html", whisper=whisper)

    def card(self, head: ThreadHead, commands: Iterable[str], actions: Sequence[CardAction]) -> str:
        """A thread's card with these buttons."""
        return self._fill(
            "parts/card.html",
            head=head,
            card=head.card,
            actions=actions,
            viewer=self._viewer,
            known=set(commands),
        )

    def _fill(self, template: str, **data: object) -> str:
        return self._renderer.page(template, self._viewer.language, **data)


def line_id(seq: int) -> str:
    """A line's id in the page."""
    return f"l{seq}"


def place(ref: ThreadRef) -> str:
    """The address of a thread."""
    return f"/desk/threads/{ref}"
