"""`/events`: the history of a conversation."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import conversation_and_rest, me
from bridge.commands.request import Request
from bridge.ports.commands import CommandSpec
from bridge.ports.queries import ShowEvents


def parse(request: Request, desk: DeskView) -> Wanted:
    """Of the thread's conversation, or of `#n`."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    if rest:
        refuse("unexpected_words", words=rest, example="/events #1042")
    return ShowEvents(number=conversation.number)


COMMAND = Command(
    spec=CommandSpec(name="events", arguments=(CONVERSATION,), reads=True),
    actions=(Action.SHOW_EVENTS,),
    parse=parse,
    aliases=("eventos",),
)
