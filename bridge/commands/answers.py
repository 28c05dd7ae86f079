"""Words an outcome for the person who asked, in his language."""

from bridge.commands.speech import spoken
from bridge.domain.delivery import OfferedCommand
from bridge.domain.moves import Outcome
from bridge.domain.text import plain
from bridge.locales import say
from bridge.ports.commands import Answer


def word(outcome: Outcome, language: str) -> Answer:
    """The answer to show; its buttons say what they do. Raises `KeyError` for an unknown code."""
    data = spoken(outcome.data, language)
    return Answer(
        ok=outcome.ok,
        code=outcome.code,
        text=plain(say(language, f"answer.{outcome.code}", **data).strip()),
        offers=tuple(_labelled(offer, data, language) for offer in outcome.offers),
    )


def _labelled(offer: OfferedCommand, data: dict[str, object], language: str) -> OfferedCommand:
    return OfferedCommand(
        command=offer.command,
        label=say(language, offer.label, **(data | offer.arguments)),
        arguments=offer.arguments,
    )
