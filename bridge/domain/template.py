"""Prepared texts: templates with variables, and the team's own snippets."""

import re
from collections.abc import Iterable
from enum import StrEnum

from bridge.domain.content import File
from bridge.domain.ids import ChannelId, FileId, TemplateId
from bridge.domain.value import Value

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,40})\s*\}\}")
_FILE = re.compile(r"file:([0-9a-f]{32}):(.{1,200})", re.DOTALL)


class Takes(StrEnum):
    """What a variable is filled with."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    PLACE = "place"
    LINK_END = "link_end"
    CODE = "code"

    @property
    def is_file(self) -> bool:
        """True for what is a file of ours, or an address that the platform fetches."""
        return self in (Takes.IMAGE, Takes.VIDEO, Takes.DOCUMENT)


class Variable(Value):
    """A variable that takes no plain words; `about` is what it belongs to, such as a button."""

    name: str
    takes: Takes
    about: str = ""


class Template(Value):
    """A text with `{{variables}}`; `channel` None is a local one that every channel may send.

    `name` and `language` together are unique per channel. What is not in `special` takes words.
    """

    id: TemplateId
    name: str
    language: str
    body: str
    channel: ChannelId | None = None
    category: str = "utility"
    approved: bool = True
    special: tuple[Variable, ...] = ()

    @property
    def is_marketing(self) -> bool:
        """True for what customers may refuse on their platform."""
        return self.category.casefold() == "marketing"

    def variables(self) -> tuple[str, ...]:
        """The names to be filled, in order of first appearance."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.body)))

    def variable(self, name: str) -> Variable:
        """What one of them takes."""
        known = (each for each in self.special if each.name == name)
        return next(known, Variable(name=name, takes=Takes.TEXT))

    def distance(self, language: str) -> int:
        """How far it is from a language: 0 the same, 1 of another country, 2 another one."""
        if self.language == language:
            return 0
        return 1 if self.language.partition("_")[0] == language.partition("_")[0] else 2

    def fill(self, values: dict[str, str]) -> str:
        """The text with every variable replaced once; a value is never read as a template."""

        def said(found: "re.Match[str]") -> str:
            name = found.group(1)
            value = values.get(name, found.group(0))
            return file_name(value) if self.variable(name).takes.is_file else value

        return _VARIABLE.sub(said, self.body)


def called(templates: Iterable[Template], word: str) -> list[Template]:
    """Those that a command means by this word: a name, or `name:language`."""
    every, wanted = list(templates), word.casefold()
    named = [each for each in every if each.name.casefold() == wanted]
    if named:
        return named
    return [each for each in every if f"{each.name}:{each.language}".casefold() == wanted]


def file_value(file: File) -> str:
    """A file of ours as the value of a variable."""
    return f"file:{file.id}:{file.name[:200]}"


def file_in(value: str) -> FileId | None:
    """The file that a value names; None for an address or anything else."""
    found = _FILE.fullmatch(value)
    return None if found is None else FileId(found.group(1))


def file_name(value: str) -> str:
    """What people read in place of a file: its name; else the value."""
    found = _FILE.fullmatch(value)
    return value if found is None else found.group(2)
