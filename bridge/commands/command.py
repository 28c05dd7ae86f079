"""One command: how it is declared, which rights it may need, how its words become a move."""

from collections.abc import Callable
from typing import NoReturn, TypeAlias

from bridge.commands.authorize import Action
from bridge.commands.desk import DeskView
from bridge.commands.request import Request
from bridge.domain.delivery import OfferedCommand
from bridge.domain.moves import Move, Outcome, refused
from bridge.domain.value import Value
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from bridge.ports.queries import Query

Wanted: TypeAlias = Move | Query | Outcome
"""What an invocation comes to: something to do, something to show, or an answer at once."""


class Refusal(Exception):
    """The words cannot be understood; the outcome says what to write instead."""

    def __init__(self, outcome: Outcome) -> None:
        """Keep what the person is told."""
        super().__init__(outcome.code)
        self.outcome = outcome


def refuse(code: str, *offers: OfferedCommand, **data: str) -> NoReturn:
    """Give up on the words. Raises `Refusal`."""
    raise Refusal(refused(code, *offers, **data))


class Command(Value):
    """A command of the registry.

    `actions` are the only rights its moves may need, the usual one first. `typed` is false for
    commands that only a button runs. `aliases` are understood when typed and never declared.
    """

    spec: CommandSpec
    actions: tuple[Action, ...]
    parse: Callable[[Request, DeskView], Wanted]
    aliases: tuple[str, ...] = ()
    typed: bool = True

    @property
    def name(self) -> str:
        """Its word, the same in every language."""
        return self.spec.name


CONVERSATION = ArgumentSpec(name="conversation", kind=ArgumentKind.CONVERSATION)
"""The optional `#n` that most commands begin with."""


def button(command: str, label: str, **arguments: str) -> OfferedCommand:
    """A button under an answer; `label` is a catalogue key under `button.`."""
    return OfferedCommand(command=command, label=f"button.{label}", arguments=arguments)
