"""`/take`: take control of a conversation."""

from bridge.commands.authorize import Action
from bridge.commands.command import CONVERSATION, Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import me, offer_named, perhaps_conversation
from bridge.commands.request import Request
from bridge.domain.conversation import State
from bridge.domain.moves import Take
from bridge.ports.commands import CommandSpec
from bridge.ports.queries import ConversationFilter, ListConversations


def parse(request: Request, desk: DeskView) -> Wanted:
    """Outside a thread and without a number, those that wait are shown to pick from."""
    me(request)
    conversation, rest = perhaps_conversation(request, desk)
    if rest:
        refuse("unexpected_words", words=rest, example="/take #1042")
    if conversation is None:
        waiting = ConversationFilter(states=(State.WAITING, State.OFFERED, State.PARKED))
        return ListConversations(filter=waiting)
    return Take(conversation=conversation.id, force=request.forced, offer=offer_named(request))


COMMAND = Command(
    spec=CommandSpec(name="take", arguments=(CONVERSATION,)),
    actions=(Action.TAKE, Action.TAKE_BY_FORCE, Action.LIST_CONVERSATIONS),
    parse=parse,
    aliases=("pegar", "assumir"),
)
