"""The file of a menu bot, as its writer may write it."""

import re
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from bridge.adapters.bots.menu.words import words_of
from bridge.locales import LANGUAGES, language_named

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def _in_every_language(value: object) -> object:
    """A text that is not a table is the same in every language."""
    return dict.fromkeys(LANGUAGES, value) if isinstance(value, str) else value


def _spoken(word: str) -> str:
    language = language_named(word)
    if language is None:
        raise ValueError(f"is not a language we speak; there is {', '.join(LANGUAGES)}")
    return language


def _only_the_brand(text: str) -> str:
    for name in _PLACEHOLDER.findall(text):
        if name != "brand":
            raise ValueError(f"{{{name}}} cannot be filled in; there is only {{brand}}")
    return text


def _has_words(phrase: str) -> str:
    if not words_of(phrase):
        raise ValueError("a keyword needs a letter or a digit")
    return phrase


def _queue_alone(value: object) -> object:
    """`handover = "sales"` is short for `handover = { queue = "sales" }`."""
    return {"queue": value} if isinstance(value, str) else value


LanguageName = Annotated[str, AfterValidator(_spoken)]
Prose = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000),
    AfterValidator(_only_the_brand),
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
TextTable = Annotated[
    dict[LanguageName, Prose], BeforeValidator(_in_every_language), Field(min_length=1)
]
LabelTable = Annotated[
    dict[LanguageName, Line], BeforeValidator(_in_every_language), Field(min_length=1)
]
Keyword = Annotated[Line, AfterValidator(_has_words)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]


class Table(BaseModel):
    """A table of the file; a key that nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HandoverTable(Table):
    """Where a customer who is handed over waits."""

    queue: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] = "normal"


class ActionTable(Table):
    """What to do."""

    say: TextTable | None = None
    menu: str | None = None
    handover: Annotated[HandoverTable | None, BeforeValidator(_queue_alone)] = None
    close: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        steps = [self.menu is not None, self.handover is not None, self.close]
        if sum(steps) > 1:
            raise ValueError("has more than one of menu, handover and close; keep one")
        if not sum(steps) and self.say is None:
            raise ValueError("does nothing; add say, menu, handover or close")
        return self


class ChoiceTable(ActionTable):
    """One button of a menu."""

    id: Id
    label: LabelTable
    keywords: tuple[Keyword, ...] = ()


class MenuTable(Table):
    """One menu."""

    text: TextTable
    choices: Annotated[tuple[ChoiceTable, ...], Field(min_length=1)]


class AnswerTable(ActionTable):
    """What to do at certain words, in whatever menu the customer is."""

    keywords: Annotated[tuple[Keyword, ...], Field(min_length=1)]


class PersonTable(HandoverTable):
    """The choice on every menu that calls a person."""

    label: LabelTable | None = None
    keywords: tuple[Keyword, ...] = ()


class TextsTable(Table):
    """What the bot says by itself; what is missing has words of its own."""

    greeting: TextTable | None = None
    again: TextTable | None = None
    misunderstood: TextTable | None = None
    only_text: TextTable | None = None
    gave_up: TextTable | None = None
    handing_over: TextTable | None = None
    nobody: TextTable | None = None
    nobody_stay: TextTable | None = None
    goodbye: TextTable | None = None
    returned: TextTable | None = None


class ScriptTable(Table):
    """The whole file."""

    start: str | None = None
    misunderstandings: Annotated[int, Field(ge=1, le=20)] = 2
    when_nobody: Literal["queue", "stay"] = "queue"
    texts: TextsTable = TextsTable()
    person: PersonTable = PersonTable()
    menus: Annotated[dict[Id, MenuTable], Field(min_length=1)]
    answers: tuple[AnswerTable, ...] = ()


TABLES = (
    ScriptTable,
    TextsTable,
    PersonTable,
    MenuTable,
    ChoiceTable,
    AnswerTable,
    HandoverTable,
)
