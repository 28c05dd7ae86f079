"""`/help`: what one can ask for, and how."""

from collections.abc import Sequence

from bridge.commands.authorize import Action, EntryPoint, admits
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import bare, first_word, me, nearest_of
from bridge.commands.request import Request
from bridge.domain.moves import done
from bridge.locales import say
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

_SPEC = CommandSpec(
    name="help",
    arguments=(ArgumentSpec(name="command", kind=ArgumentKind.WORD),),
    in_thread=False,
    reads=True,
)


def over(commands: Sequence[Command]) -> Command:
    """The help for these commands and for itself."""

    def parse(request: Request, desk: DeskView) -> Wanted:
        me(request)
        word, _ = first_word(request.arguments.get("command", "") or request.text)
        known = [*(command for command in commands if _may(request, command)), itself]
        if not word:
            return done("help", commands="\n".join(_line(request, each) for each in known))
        name = bare(word).lstrip("/!")
        for each in known:
            if name in (each.name, *each.aliases):
                return done("help_one", **_texts(request, each))
        names = [each.name for each in known]
        return refuse("unknown_command", word=name[:40], nearest=nearest_of(name, names) or "help")

    itself = Command(
        spec=_SPEC, actions=(Action.GET_HELP,), parse=parse, aliases=("ajuda", "comandos")
    )
    return itself


def _may(request: Request, command: Command) -> bool:
    return command.typed and admits(request.actor, command.actions[0], via=EntryPoint.COMMAND)


def _line(request: Request, command: Command) -> str:
    usage = say(request.language, f"command.{command.name}.usage")
    return f"{usage}: {say(request.language, f'command.{command.name}.help')}"


def _texts(request: Request, command: Command) -> dict[str, str]:
    return {
        "usage": say(request.language, f"command.{command.name}.usage"),
        "help": say(request.language, f"command.{command.name}.help"),
        "example": say(request.language, f"command.{command.name}.example"),
    }
