"""`send-anyway`: the button that sends a line kept back for a mention."""

from bridge.commands.authorize import Action
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import me
from bridge.commands.request import Request, line_named
from bridge.domain.moves import SendAnyway
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec


def parse(request: Request, desk: DeskView) -> Wanted:
    """The line is the button's own."""
    me(request)
    message = line_named(request.arguments)
    if message is None or message not in desk.messages:
        refuse("stale")
    return SendAnyway(message=message)


COMMAND = Command(
    spec=CommandSpec(
        name="send-anyway",
        arguments=(ArgumentSpec(name="message", kind=ArgumentKind.WORD, required=True),),
    ),
    actions=(Action.SEND_ANYWAY,),
    parse=parse,
    typed=False,
)
