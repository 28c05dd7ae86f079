"""Prepared texts: templates with variables, and the team's own snippets."""

import re

from bridge.domain.ids import ChannelId, TemplateId
from bridge.domain.value import Value

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,40})\s*\}\}")


class Template(Value):
    """A text with `{{variables}}`; `channel` None is a local one that every channel may send.

    `name` and `language` together are unique per channel.
    """

    id: TemplateId
    name: str
    language: str
    body: str
    channel: ChannelId | None = None
    category: str = "utility"
    approved: bool = True

    def variables(self) -> tuple[str, ...]:
        """The names to be filled, in order of first appearance."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.body)))

    def distance(self, language: str) -> int:
        """How far it is from a language: 0 the same, 1 of another country, 2 another one."""
        if self.language == language:
            return 0
        return 1 if self.language.partition("_")[0] == language.partition("_")[0] else 2

    def fill(self, values: dict[str, str]) -> str:
        """The text with every variable replaced once; a value is never read as a template."""
        return _VARIABLE.sub(lambda found: values.get(found.group(1), found.group(0)), self.body)
