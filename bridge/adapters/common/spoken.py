"""Commands that people type: `!word`, and what follows; pure."""

import re

from bridge.domain.value import Value

MENU = "menu"
"""Not a command of the desk: the buttons of the conversation, once more."""

_COMMAND = re.compile(r"\s*!([A-Za-z][A-Za-z-]{0,30})(?:\s+(.*))?\s*", re.DOTALL)
_FIRST = re.compile(r"[!/]?(\S+)\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"\s*#(\d{1,15})(?:\s+(.*))?", re.DOTALL)


class Typed(Value):
    """A command in words; `called` says that the app was mentioned, so it is meant for us."""

    command: str
    text: str = ""
    called: bool = False


def typed_command(text: str) -> Typed | None:
    """The command that a line is; None for a plain line."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    return Typed(command=_name(found.group(1)), text=found.group(2) or "")


def called_command(text: str) -> Typed:
    """The command that follows a mention of the app; without one, the menu."""
    first = _FIRST.fullmatch(text.strip())
    if first is None:
        return Typed(command=MENU, called=True)
    return Typed(command=_name(first.group(1)), text=first.group(2), called=True)


def number_and_rest(text: str) -> tuple[int | None, str]:
    """The conversation that a text begins with (`#12`), and what follows it."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None, text.strip()
    return int(found.group(1)), (found.group(2) or "").strip()


def names_customer(text: str) -> bool:
    """Whether it begins with somebody who may never have written."""
    return text.startswith(("+", "("))


def _name(word: str) -> str:
    return word.lower().strip(".,:;!?")
