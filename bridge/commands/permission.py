"""Which right a wish needs, and on what; asks `authorize` and words a refusal with its facts."""

from collections.abc import Mapping

from bridge.commands.authorize import Action, EntryPoint, Object, authorize
from bridge.commands.desk import DeskView
from bridge.domain import moves
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import Actor
from bridge.domain.ids import AgentId, QueueId
from bridge.domain.moves import Move, Outcome, done, refused
from bridge.domain.queue import Visibility
from bridge.ports import queries
from bridge.ports.queries import Query

# Refusals that are no reproach: what was wanted is so already.
_ALREADY_SO = frozenset({"already_yours", "already_ended"})


def check(actor: Actor, wish: Move | Query, desk: DeskView, *, via: EntryPoint) -> Outcome | None:
    """None when the actor may; otherwise what he is told."""
    action, object = required(actor, wish, desk)
    decision = authorize(actor, action, object, via=via)
    return None if decision.allowed else refusal(decision.code, _conversation_of(wish, desk), desk)


def refusal(code: str, conversation: Conversation | None, desk: DeskView) -> Outcome:
    """The answer to a refused wish, with the names that its sentence uses."""
    data = {} if conversation is None else about(conversation, desk)
    return done(code, **data) if code in _ALREADY_SO else refused(code, **data)


def about(conversation: Conversation, desk: DeskView) -> dict[str, str]:
    """A conversation's names as sentences use them."""
    agent = None if conversation.agent is None else desk.agent(conversation.agent)
    queue = None if conversation.queue is None else desk.queue(conversation.queue)
    return {
        "number": str(conversation.number),
        "agent": "" if agent is None else agent.name,
        "queue": "" if queue is None else queue.title,
    }


def may_see(actor: Actor, conversation: Conversation, desk: DeskView, *, via: EntryPoint) -> bool:
    """True when the actor may read this conversation's lines."""
    object = conversation_facts(actor, conversation, desk)
    return authorize(actor, Action.SHOW_CONVERSATION, object, via=via).allowed


def conversation_facts(
    actor: Actor, conversation: Conversation, desk: DeskView, *, writer: AgentId | None = None
) -> Object:
    """What `authorize` has to know of a conversation; `writer` is whose line it is about."""
    queue = None if conversation.queue is None else desk.queue(conversation.queue)
    holder = None if conversation.agent is None else desk.agent(conversation.agent)
    # What somebody answers on the telephone may be taken as if it waited.
    free = holder is not None and holder.reserved
    return Object(
        state=State.WAITING if free else conversation.state,
        holder=None if free else conversation.agent,
        queue=conversation.queue,
        member=any(_member(actor, queue, desk) for queue in queues_of(conversation)),
        channel=conversation.channel,
        visibility=Visibility.ROOM if queue is None else queue.visibility,
        agent=writer,
    )


def queues_of(conversation: Conversation) -> tuple[QueueId, ...]:
    """The queues whose agents may have it: its own, and those to which its wait was widened."""
    own = () if conversation.queue is None else (conversation.queue,)
    return (*own, *conversation.widened)


def required(actor: Actor, wish: Move | Query, desk: DeskView) -> tuple[Action, Object]:
    """The right that a wish needs, and the facts of what it is about.

    What does not exist has no facts, and without facts nothing about a conversation is granted.
    """
    conversation = _conversation_of(wish, desk)
    about = Object()
    if conversation is not None:
        about = conversation_facts(actor, conversation, desk, writer=_writer_of(wish, desk))
    match wish:
        case moves.Take(force=True):
            return Action.TAKE_BY_FORCE, about
        case moves.TransferToAgent(force=True):
            return Action.TRANSFER_BY_FORCE, about
        case moves.SetPresence(agent=agent):
            return Action.SET_PRESENCE, Object(agent=agent)
        case moves.ChangeAgent(agent=agent) if wish == _language_alone(wish):
            return Action.SET_LANGUAGE, Object(agent=agent)
        case queries.ShowQueues(queue=str(name)):
            found = desk.queue_by_name(name)
            queue = None if found is None else found.id
            return Action.SHOW_QUEUES, Object(queue=queue, member=_member(actor, queue, desk))
        case _:
            return ACTIONS[type(wish)], about


ACTIONS: Mapping[type[Move | Query], Action] = {
    moves.SetPresence: Action.SET_PRESENCE,
    moves.Take: Action.TAKE,
    moves.DeclineOffer: Action.DECLINE_OFFER,
    moves.TransferToAgent: Action.TRANSFER,
    moves.TransferToQueue: Action.TRANSFER,
    moves.SetPriority: Action.SET_PRIORITY,
    moves.OpenTicket: Action.CHANGE_TICKETS,
    moves.ChangeTicket: Action.CHANGE_TICKETS,
    moves.SendTemplate: Action.SEND_TEMPLATE,
    moves.StartConversation: Action.START_CONVERSATION,
    moves.ReturnToBot: Action.RETURN_TO_BOT,
    moves.AddNote: Action.ADD_NOTE,
    moves.Watch: Action.WATCH,
    moves.SendAnyway: Action.SEND_ANYWAY,
    moves.RetryLine: Action.RETRY_LINE,
    moves.CreateQueue: Action.CREATE_QUEUE,
    moves.ChangeQueue: Action.CHANGE_QUEUE,
    moves.SetMember: Action.SET_MEMBER,
    moves.BindRoom: Action.BIND_ROOM,
    moves.UnbindRoom: Action.BIND_ROOM,
    moves.CreateAgent: Action.CREATE_AGENT,
    moves.ChangeAgent: Action.CHANGE_AGENT,
    moves.LinkAgent: Action.LINK_AGENT,
    moves.CreateTemplate: Action.CREATE_TEMPLATE,
    moves.EndForErasure: Action.RUN_DESK,
    moves.EraseContact: Action.RUN_DESK,
    queries.ListConversations: Action.LIST_CONVERSATIONS,
    queries.ShowQueues: Action.SHOW_QUEUES,
    queries.ShowConversation: Action.SHOW_CONVERSATION,
    queries.ShowEvents: Action.SHOW_EVENTS,
    queries.ShowActions: Action.SHOW_CONVERSATION,
    queries.ShowTickets: Action.SHOW_TICKETS,
    queries.ShowHome: Action.SHOW_HOME,
    queries.Complete: Action.COMPLETE,
    queries.ShowAgents: Action.SHOW_AGENTS,
}
"""The usual right of every move and query; `required` knows the unusual ones."""


def _language_alone(move: moves.ChangeAgent) -> moves.ChangeAgent:
    return moves.ChangeAgent(agent=move.agent, language=move.language)


def _member(actor: Actor, queue: QueueId | None, desk: DeskView) -> bool:
    if actor.agent is None or queue is None:
        return False
    return queue in desk.memberships(actor.agent)


def _conversation_of(wish: Move | Query, desk: DeskView) -> Conversation | None:
    match wish:
        case moves.SendAnyway(message=message) | moves.RetryLine(message=message):
            line = desk.messages.get(message)
            return None if line is None else desk.conversation(line.conversation)
        case (
            queries.ShowConversation(number=number)
            | queries.ShowEvents(number=number)
            | queries.ShowActions(number=number)
            | queries.ShowTickets(number=number)
        ):
            return desk.conversation_by_number(number)
        case (
            moves.Take(conversation=named)
            | moves.DeclineOffer(conversation=named)
            | moves.TransferToAgent(conversation=named)
            | moves.TransferToQueue(conversation=named)
            | moves.SetPriority(conversation=named)
            | moves.OpenTicket(conversation=named)
            | moves.ChangeTicket(conversation=named)
            | moves.SendTemplate(conversation=named)
            | moves.ReturnToBot(conversation=named)
            | moves.AddNote(conversation=named)
            | moves.Watch(conversation=named)
        ):
            return None if named is None else desk.conversation(named)
        case _:
            return None


def _writer_of(wish: Move | Query, desk: DeskView) -> AgentId | None:
    if isinstance(wish, moves.SendAnyway | moves.RetryLine):
        line = desk.messages.get(wish.message)
        return None if line is None else line.agent
    return None
