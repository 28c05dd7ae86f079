"""What a person asked for, before it is understood: who, where, and in which words."""

import re

from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor
from bridge.domain.ids import Instant, Language, MessageId, RoomRef, WorkspaceId
from bridge.domain.value import Value
from bridge.ports.commands import CommandInvoked

_NUMBER = re.compile(r"#([0-9]{1,15})(?=\s|$)")
_DIGITS = re.compile(r"#?([0-9]{1,15})")
_LINE = re.compile(r"[0-9]{1,18}")


class Request(Value):
    """One invocation with its actor resolved.

    `conversation` is the one of the thread it was typed in, or the one that `named_number` gave;
    `room` the room it was typed in. `arguments` come from forms and buttons and win over `text`.
    `confirmed` answers a question asked before.
    """

    actor: Actor
    now: Instant
    language: Language = Language("en")
    text: str = ""
    arguments: dict[str, str] = {}
    conversation: Conversation | None = None
    workspace: WorkspaceId | None = None
    room: RoomRef | None = None
    confirmed: bool = False

    @property
    def sure(self) -> bool:
        """True when the person has answered the question: by the flag, or by a button."""
        return self.confirmed or self.arguments.get("confirmed") == "yes"

    @property
    def forced(self) -> bool:
        """True when a person wants to go past a limit."""
        return self.arguments.get("force") == "yes"


def leading_number(text: str) -> tuple[int | None, str]:
    """The conversation named by `#n` at the beginning of a text, and the rest."""
    stripped = text.strip()
    found = _NUMBER.match(stripped)
    if found is None:
        return None, stripped
    return int(found.group(1)), stripped[found.end() :].strip()


def argument_number(arguments: dict[str, str]) -> int | None:
    """The conversation that a form or button names (`12` or `#12`)."""
    found = _DIGITS.fullmatch(arguments.get("conversation", "").strip())
    return None if found is None else int(found.group(1))


def named_number(invoked: CommandInvoked) -> int | None:
    """The conversation that an invocation names itself; it wins over its thread's."""
    typed, _ = leading_number(invoked.text)
    if typed is not None:
        return typed
    chosen = argument_number(invoked.arguments)
    return invoked.number if chosen is None else chosen


def named_message(invoked: CommandInvoked) -> MessageId | None:
    """The line that a button is about."""
    return line_named(invoked.arguments)


def line_named(arguments: dict[str, str]) -> MessageId | None:
    """The line in a button's arguments."""
    word = arguments.get("message", "")
    return MessageId(int(word)) if _LINE.fullmatch(word) else None
