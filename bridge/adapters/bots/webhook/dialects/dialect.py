"""What every preset is: a way to put our question, and to read what comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.adapters.common.webhook_calls import Answered
from bridge.domain.content import File
from bridge.domain.delivery import BotEventKind
from bridge.domain.errors import DeliveryRejected
from bridge.ports.bot import BotCall
from bridge.ports.bot_answer import BotAnswer

Shape = TypeVar("Shape", bound=BaseModel)


class Post(Protocol):
    """Makes one call; `Transport.post`, signed; what is refused raises `DeliveryRejected`."""

    async def __call__(
        self, key: str, url: str, body: JsonValue, headers: Mapping[str, str] | None = None
    ) -> Answered:
        """`key` is the same for every try of the same thing."""
        ...


class Speak(Protocol):
    """Lets the bot speak by itself; false when it has not the word (any more)."""

    async def __call__(self, number: int, answer: BotAnswer, epoch: int | None) -> bool:
        """In this conversation, under this epoch if it is known."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tools:
    """What a dialect is given. `session` names the identity, the same for ever."""

    settings: WebhookSettings
    post: Post
    link: Callable[[File], str]
    session: Callable[[BotCall], str]
    speak: Speak


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A bot's answer in our words; `later` when it will speak by itself.

    `memory` replaces what is kept of the conversation, where the dialect keeps it by itself.
    """

    answer: BotAnswer = field(default_factory=BotAnswer)
    later: bool = False
    memory: str | None = None


class Dialect(Protocol):
    """One contract."""

    hears: frozenset[BotEventKind]
    """The kinds of event that mean anything in it."""

    async def ask(self, call: BotCall) -> Said:
        """Put the question. Raises as `WebhookBot.ask` does."""
        ...


def shaped(shape: type[Shape], answered: Answered) -> Shape:
    """What came back, checked. Raises `DeliveryRejected("bot_nonsense")`, never with its words."""
    try:
        return shape.model_validate(answered.json())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(map(str, first["loc"]))
        said = f"the bot's answer: {path}: {first['msg']}"
        raise DeliveryRejected(said, "bot_nonsense") from error
    except ValueError as error:
        raise DeliveryRejected("the bot's answer is no JSON", "bot_nonsense") from error


def words_of(call: BotCall) -> str:
    """What the customer said, in words: his own, or those of the button that he pressed."""
    return "" if call.content is None else call.content.words() or call.content.excerpt()
