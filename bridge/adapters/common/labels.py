"""What commands, their arguments and choices are called; pure."""

from bridge.domain.card import CardAction
from bridge.locales import DEFAULT, LANGUAGES, catalogue, say
from bridge.ports.commands import ArgumentSpec

_WORDS_OF = {
    "level": "priority",
    "priority": "priority",
    "state": "state",
    "type": "ticket_word",
    "status": "ticket_word",
}


def title(command: str, language: str) -> str:
    """A command's title."""
    return _of(language, f"command.{command}.title") or command.replace("-", " ").capitalize()


def label(command: str, argument: str, language: str) -> str:
    """What an argument asks for."""
    return _of(language, f"command.{command}.{argument}") or argument.replace("_", " ").capitalize()


def choice(argument: str, value: str, language: str) -> str:
    """What one of an argument's choices says; a desk's own word as it is."""
    word = _of(language, f"workspace.choice.{value}") or _of(
        language, f"{_WORDS_OF.get(argument, 'state')}.{value}"
    )
    return (word or value.replace("-", " ").replace("_", " ")).capitalize()


def choices(spec: ArgumentSpec, language: str) -> tuple[tuple[str, str], ...]:
    """Every choice of an argument with what it says."""
    return tuple((value, choice(spec.name, value, language)) for value in spec.choices)


def action_label(action: CardAction, language: str) -> str:
    """What a button says: its own label, else the command's title."""
    return label_of(action.label, action.command, language)


def label_of(label: str, command: str, language: str) -> str:
    """The catalogue's text of a label, else of a command's title, else the command's name.

    What the desk has worded already is said as it is.
    """
    if label and not label.startswith("button."):
        return label
    texts = catalogue(language)
    for key in (label, f"command.{command}.title"):
        if key and key in texts:
            return say(language, key)
    return label or command.replace("-", " ").capitalize()


def reason(given: str, language: str) -> str:
    """A reason of the desk's own in words; a bot's as it is."""
    keys = (key for key in (f"reason.{given}", f"cause.{given}") if key in catalogue(language))
    key = next(keys, None)
    return given if key is None else say(language, key)


def language(code: str, reader: str) -> str:
    """What a language is called; one that we do not speak by its code."""
    return _of(reader, f"workspace.language.{code}") or code.replace("_", "-")


def _of(language: str, key: str) -> str:
    texts = catalogue(language if language in LANGUAGES else DEFAULT)
    return say(language, key) if key in texts else ""
