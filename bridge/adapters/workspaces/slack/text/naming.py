"""Commands that an answer names, as they are typed where it is read; pure.

The desk says `/take`. In a thread Slack takes no app's slash commands, so there it is `!take`; in
a room it is the name that Slack knows.
"""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bridge.adapters.workspaces.slack.setup.slash_names import slash_name
from bridge.domain.text import (
    Block,
    Bold,
    Bullets,
    FormattedText,
    Italic,
    Paragraph,
    Plain,
    Span,
    Strike,
)


class Naming:
    """Names the commands of one desk."""

    def __init__(self, commands: Iterable[str], prefix: str) -> None:
        """`prefix` stands before each name in Slack."""
        names = "|".join(sorted(map(re.escape, commands), key=len, reverse=True))
        self._named = re.compile(rf"(?<![\w/.:<])/({names})(?![\w-])") if names else None
        self._prefix = prefix

    def here(self, text: FormattedText, *, in_thread: bool) -> FormattedText:
        """The text for who reads it in a thread, or anywhere else. Quotes and code stay."""
        return tuple(self._block(block, in_thread) for block in text)

    def _block(self, block: Block, in_thread: bool) -> Block:
        match block:
            case Paragraph(spans=spans):
                return Paragraph(spans=self._spans(spans, in_thread))
            case Bullets(items=items):
                here = tuple(self.here(item, in_thread=in_thread) for item in items)
                return replace(block, items=here)
            case _:
                return block

    def _spans(self, spans: Sequence[Span], in_thread: bool) -> tuple[Span, ...]:
        return tuple(self._span(span, in_thread) for span in spans)

    def _span(self, span: Span, in_thread: bool) -> Span:
        match span:
            case Plain(text=text):
                return Plain(text=self._words(text, in_thread))
            case Bold(spans=inner) | Italic(spans=inner) | Strike(spans=inner):
                return replace(span, spans=self._spans(inner, in_thread))
            case _:
                return span

    def _words(self, text: str, in_thread: bool) -> str:
        if self._named is None:
            return text
        if in_thread:
            return self._named.sub(r"!\1", text)
        return self._named.sub(lambda found: "/" + slash_name(found[1], self._prefix), text)
