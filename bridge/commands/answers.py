"""Words an outcome for the person who asked, in his language."""

from bridge.commands.speech import spoken
from bridge.domain.delivery import OfferedCommand
from bridge.domain.moves import Outcome
from bridge.domain.text import plain
from bridge.locales import DEFAULT, catalogue, say
from bridge.ports.commands import Answer


def word(outcome: Outcome, language: str, *, form: bool = False) -> Answer:
    """The answer to show; its buttons say what they do. Raises `KeyError` for an unknown code.

    Who filled in a `form` is told what to do there, and not what one would type.
    """
    key = f"form.answer.{outcome.code}"
    if not form or key not in catalogue(DEFAULT):
        key = f"answer.{outcome.code}"
    return Answer(
        ok=outcome.ok,
        code=outcome.code,
        text=plain(say(language, key, **spoken(outcome.data, language))),
        offers=tuple(labelled(offer, language) for offer in outcome.offers),
    )


def labelled(offer: OfferedCommand, language: str) -> OfferedCommand:
    """The button with its label in words; its arguments fill what the label names."""
    return OfferedCommand(
        command=offer.command,
        label=say(language, offer.label, **offer.arguments),
        arguments=offer.arguments,
    )
