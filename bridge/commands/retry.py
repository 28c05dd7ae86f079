"""`retry`: the button that calls the platform again for a line that failed."""

from bridge.commands.authorize import Action
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import me
from bridge.commands.request import Request, line_named
from bridge.domain.moves import RetryLine
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec


def parse(request: Request, desk: DeskView) -> Wanted:
    """The line is the button's own."""
    me(request)
    message = line_named(request.arguments)
    if message is None or message not in desk.messages:
        refuse("stale")
    return RetryLine(message=message)


COMMAND = Command(
    spec=CommandSpec(
        name="retry",
        arguments=(ArgumentSpec(name="message", kind=ArgumentKind.WORD, required=True),),
    ),
    actions=(Action.RETRY_LINE,),
    parse=parse,
    typed=False,
)
