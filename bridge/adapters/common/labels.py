"""What commands, their arguments and choices are called; pure."""

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


def _of(language: str, key: str) -> str:
    texts = catalogue(language if language in LANGUAGES else DEFAULT)
    return say(language, key) if key in texts else ""
