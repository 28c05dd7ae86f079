"""`/watch`: mirror a conversation into the monitor room, or stop; the admins' card button."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import chosen, conversation_and_rest, me
from bridge.commands.request import Request
from bridge.domain.moves import Watch
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

MODES = {"on": ("sim", "acompanhar"), "stop": ("off", "parar", "nao")}


def parse(request: Request, desk: DeskView) -> Wanted:
    """In the workspace where it is asked for."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    word = request.arguments.get("mode", "") or rest
    mode = chosen(word or "on", MODES)
    if mode is None:
        refuse("unexpected_words", words=word, example="/watch #1042 stop")
    if request.workspace is None:
        refuse("not_in_workspace")
    return Watch(conversation=conversation.id, workspace=request.workspace, stop=mode == "stop")


COMMAND = Command(
    spec=CommandSpec(
        name="watch",
        arguments=(
            CONVERSATION,
            ArgumentSpec(name="mode", kind=ArgumentKind.CHOICE, choices=tuple(MODES)),
        ),
    ),
    actions=(Action.WATCH,),
    parse=parse,
    aliases=("acompanhar",),
)
