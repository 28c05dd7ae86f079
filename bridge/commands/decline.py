"""`/decline`: say no to a conversation that is offered; it goes to somebody else."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import conversation_and_rest, me, offer_named
from bridge.commands.request import Request
from bridge.domain.moves import DeclineOffer
from bridge.ports.commands import CommandSpec


def parse(request: Request, desk: DeskView) -> Wanted:
    """The one offered in this thread, or `#n`; a button says which offer it means."""
    me(request)
    conversation, rest = conversation_and_rest(request, desk)
    if rest:
        refuse("unexpected_words", words=rest, example="/decline #1042")
    return DeclineOffer(conversation=conversation.id, offer=offer_named(request))


COMMAND = Command(
    spec=CommandSpec(name="decline", arguments=(CONVERSATION,)),
    actions=(Action.DECLINE_OFFER,),
    parse=parse,
    aliases=("recusar",),
    typed=False,
)
