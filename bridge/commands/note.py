"""`/note`: write a line that only the team sees."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import conversation_and_rest, me
from bridge.commands.request import Request
from bridge.domain.moves import AddNote
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

MAX_NOTE = 4_000


def parse(request: Request, desk: DeskView) -> Wanted:
    """Everything after the number is the note."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    text = request.arguments.get("text", "").strip() or rest
    if not text:
        refuse("empty_note")
    if len(text) > MAX_NOTE:
        refuse("too_long", limit=str(MAX_NOTE))
    return AddNote(conversation=conversation.id, text=text)


COMMAND = Command(
    spec=CommandSpec(
        name="note",
        arguments=(
            CONVERSATION,
            ArgumentSpec(name="text", kind=ArgumentKind.TEXT, required=True),
        ),
    ),
    actions=(Action.ADD_NOTE,),
    parse=parse,
    aliases=("nota", "anotar"),
)
