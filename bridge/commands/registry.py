"""Every command there is, found by its word."""

from collections.abc import Mapping

from bridge.commands import (
    available,
    conversations,
    decline,
    events,
    help,
    language,
    note,
    people,
    priority,
    queues,
    retry,
    return_to_bot,
    send_anyway,
    take,
    template,
    ticket,
    transfer,
    watch,
)
from bridge.commands.command import Command
from bridge.commands.desk import OptionsView
from bridge.commands.grammar import bare, nearest_of
from bridge.domain.moves import Outcome, refused
from bridge.ports.commands import CommandSpec

_WORKING = (
    take.COMMAND,
    transfer.COMMAND,
    return_to_bot.COMMAND,
    available.COMMAND,
    priority.COMMAND,
    ticket.COMMAND,
    template.COMMAND,
    note.COMMAND,
    events.COMMAND,
    conversations.COMMAND,
    queues.COMMAND,
    watch.COMMAND,
)
COMMANDS: tuple[Command, ...] = (
    *_WORKING,
    help.over(_WORKING),
    send_anyway.COMMAND,
    retry.COMMAND,
    decline.COMMAND,
    people.COMMAND,
    language.COMMAND,
)

_BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}
_BY_WORD: Mapping[str, Command] = {
    word: command for command in COMMANDS for word in (command.name, *command.aliases)
}
_TYPED = tuple(word for word, command in _BY_WORD.items() if command.typed)


def spec(name: str) -> CommandSpec:
    """A command's declaration. Raises `KeyError`."""
    return _BY_NAME[name].spec


def declared(options: OptionsView | None = None) -> tuple[CommandSpec, ...]:
    """What a platform's own command list shows: everything that may be typed.

    With the desk's settings, the arguments that these decide have their choices.
    """
    specs = tuple(command.spec for command in COMMANDS if command.typed)
    if options is None:
        return specs
    return tuple(ticket.configured(spec_, options) for spec_ in specs)


def find(word: str) -> Command | None:
    """The command meant by a word: its name, the same in every language, or an alias."""
    return _BY_WORD.get(bare(word).strip("/!").strip(":.,;!?"))


def nearest(word: str) -> str:
    """The name of the command that was probably meant; `help` when none is near."""
    near = nearest_of(bare(word).strip("/!"), _TYPED)
    return _BY_WORD[near].name if near else "help"


def unknown(word: str) -> Outcome:
    """The answer to a command that does not exist."""
    return refused("unknown_command", word=word.lstrip("/!")[:40], nearest=nearest(word))
