"""What a bot says over HTTP, in an answer or by itself: its shape, and how we read it."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, Protocol, runtime_checkable

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from bridge.domain.content import Choice, Content, File, TemplateUse
from bridge.domain.conversation import Priority
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import Language
from bridge.domain.text import plain
from bridge.locales import language_named
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.markdown import parse

LONGEST_LINE = 20_000
MOST_REMEMBERED = 16_384
"""Characters of JSON that a bot may have us remember of one conversation."""

Fetch = Callable[[str, str], Awaitable[File]]
"""Brings a file from an address, under a name. Raises as `Egress.fetch` does."""


def _clean(text: str) -> str:
    """Without control characters and halves of characters."""
    return "".join(
        char
        for char in text
        if char in "\n\t" or (char >= " " and not 0xD800 <= ord(char) <= 0xDFFF)
    )


Text = Annotated[str, Field(max_length=LONGEST_LINE), AfterValidator(_clean)]
Line = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_clean)]


class _Shape(BaseModel):
    """A word that nobody knows is a mistake, and is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BotButton(_Shape):
    """A choice; `id` comes back when it is chosen, and is the label if you give none."""

    label: Line
    id: Annotated[str, Field(max_length=256)] = ""


class BotMedia(_Shape):
    """A file at an address; it is fetched once, and sent as a file."""

    url: Annotated[str, Field(max_length=4_096)]
    name: Annotated[str, Field(max_length=200)] = ""


class BotTemplate(_Shape):
    """A template of the desk; `variables` in the order in which its text names them."""

    name: Line
    language: Annotated[str, Field(max_length=20)] = ""
    variables: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


class BotLine(_Shape):
    """One line for the customer: plain `text` or `markdown`, with `buttons` and `media` if any."""

    text: Text = ""
    markdown: Text = ""
    buttons: Annotated[tuple[BotButton, ...], Field(max_length=30)] = ()
    media: Annotated[tuple[BotMedia, ...], Field(max_length=10)] = ()
    template: BotTemplate | None = None


class BotHandoff(_Shape):
    """Call a person: of which queue, why, and what he should know."""

    queue: Annotated[str, Field(max_length=80)] | None = None
    reason: Annotated[Text, Field(max_length=500)] = ""
    summary: Annotated[Text, Field(max_length=4_000)] = ""
    priority: Literal["low", "normal", "high", "urgent"] = "normal"


class BotAnswer(_Shape):
    """What the bot says and wants.

    `set` is kept for this conversation and comes back as its `attributes`; `language` in it is
    also the language in which the desk speaks to the customer from now on.
    """

    messages: Annotated[tuple[BotLine, ...], Field(max_length=20)] = ()
    handoff: BotHandoff | None = None
    close: bool = False
    set: dict[str, JsonValue] = {}


async def read_answer(answer: BotAnswer, memory: str, fetch: Fetch) -> BotReply:
    """The answer as the desk takes it. `memory` is what is kept of the conversation now.

    Raises `DeliveryRejected("bot_nonsense")`, and what `fetch` raises.
    """
    language = answer.set.get("language")
    spoken = language_named(language) if isinstance(language, str) else None
    lines = [await _line(line, fetch) for line in answer.messages]
    return BotReply(
        messages=tuple(line for line in lines if line is not None),
        handoff=None if answer.handoff is None else _handoff(answer.handoff),
        close=answer.close,
        memory=_remembered(memory, answer.set) if answer.set else None,
        language=None if spoken is None else Language(spoken),
    )


def attributes(memory: str) -> dict[str, JsonValue]:
    """What a bot had us remember; nothing where it is not to be understood."""
    try:
        found = json.loads(memory or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _remembered(memory: str, new: dict[str, JsonValue]) -> str:
    merged = attributes(memory) | new
    kept = json.dumps({key: value for key, value in merged.items() if value is not None})
    if len(kept) > MOST_REMEMBERED:
        raise DeliveryRejected(f"set: more than {MOST_REMEMBERED} characters", "bot_nonsense")
    return kept


async def _line(line: BotLine, fetch: Fetch) -> Content | None:
    files = tuple([await fetch(media.url, media.name) for media in line.media])
    text = parse(line.markdown) if line.markdown else plain(line.text) if line.text else ()
    if not (text or files or line.buttons or line.template):
        return None
    return Content(
        text=text, files=files, choices=_choices(line.buttons), template=_template(line.template)
    )


def _choices(buttons: tuple[BotButton, ...]) -> tuple[Choice, ...]:
    """Every choice once."""
    found = {button.id or button.label: button.label for button in buttons}
    return tuple(Choice(id=id_, label=label) for id_, label in found.items())


def _template(use: BotTemplate | None) -> TemplateUse | None:
    if use is None:
        return None
    return TemplateUse(name=use.name, language=use.language, variables=use.variables)


def _handoff(handoff: BotHandoff) -> Handoff:
    return Handoff(
        queue=handoff.queue or None,
        reason=handoff.reason,
        summary=handoff.summary,
        priority=Priority[handoff.priority.upper()],
    )


@runtime_checkable
class ReadsAnswers(Protocol):
    """A bot whose words may come by `/v1`."""

    async def read(self, answer: BotAnswer, memory: str) -> BotReply:
        """The answer as the desk takes it. Raises as `read_answer` does."""
        ...
