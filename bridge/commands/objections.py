"""Why a permitted move cannot be carried out as the desk is now, and what can be done instead."""

from bridge.commands.authorize import Action, EntryPoint, admits
from bridge.commands.command import button
from bridge.commands.desk import DeskView
from bridge.commands.permission import about
from bridge.commands.questions import question
from bridge.domain import moves
from bridge.domain.agent import Agent
from bridge.domain.contact import Identity, Refuses
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import OfferedCommand
from bridge.domain.events import Actor
from bridge.domain.ids import MINUTE, AgentId, Instant, QueueId, TemplateId
from bridge.domain.moves import Move, Outcome, done, refused
from bridge.domain.queue import Queue
from bridge.ports.queries import Query


def objection(
    actor: Actor, wish: Move | Query, desk: DeskView, now: Instant, *, sure: bool = False
) -> Outcome | None:
    """None when nothing stands in the way. `sure` answers the question that would be asked."""
    found: Outcome | None = None
    match wish:
        case moves.Take():
            found = _take(actor, wish, desk)
        case moves.TransferToAgent():
            found = _to_agent(actor, wish, desk)
        case moves.TransferToQueue():
            found = _to_queue(wish, desk, now)
        case moves.SetPriority():
            found = _priority(wish, desk)
        case moves.ReturnToBot():
            found = _return(wish, desk)
        case moves.SetPresence():
            found = _presence(wish, desk)
        case moves.SendTemplate():
            found = _template(wish, desk)
        case moves.StartConversation():
            found = _start(actor, wish, desk, now)
        case moves.CreateQueue():
            found = _create_queue(wish, desk)
        case moves.ChangeQueue():
            found = _change_queue(wish, desk)
        case moves.SetMember():
            found = _member(wish, desk)
        case _:
            pass
    return found or (None if sure else question(wish, desk, now))


def _take(actor: Actor, move: moves.Take, desk: DeskView) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    agent = None if actor.agent is None else desk.agent(actor.agent)
    if conversation is None or agent is None:
        return refused("stale")
    names = about(conversation, desk)
    if conversation.agent == agent.id and conversation.human:
        return done("already_yours", number=names["number"])
    if move.offer is not None and conversation.state is not State.OFFERED:
        return refused("stale")
    offered = conversation.state is State.OFFERED and conversation.agent == agent.id
    if not agent.available and not actor.is_admin:
        return refused("unavailable_agent", button("available", "available_on", state="on"))
    if desk.load(agent.id) >= agent.capacity and not (move.force or offered):
        offers = _force(actor, Action.TAKE_BY_FORCE, "take", conversation=names["number"])
        return refused("at_capacity", *offers, capacity=str(agent.capacity))
    return None


def _force(actor: Actor, action: Action, command: str, **arguments: str) -> list[OfferedCommand]:
    if not admits(actor, action, via=EntryPoint.BUTTON):
        return []
    return [button(command, "force", force="yes", **arguments)]


def _to_agent(actor: Actor, move: moves.TransferToAgent, desk: DeskView) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    target = desk.agent(move.agent)
    if conversation is None or target is None or not target.active:
        return refused("stale")
    cannot = _cannot_transfer(conversation, desk)
    if cannot is not None:
        return cannot
    if conversation.agent == target.id:
        return refused("same_target", target=target.name, number=str(conversation.number))
    if move.force:
        return None
    if not target.available:
        return refused(
            "target_unavailable",
            *_instead(actor, conversation, target, move.note, desk),
            agent=target.name,
        )
    if desk.load(target.id) >= target.capacity:
        return refused(
            "target_full",
            *_instead(actor, conversation, target, move.note, desk),
            agent=target.name,
            capacity=str(target.capacity),
        )
    return None


def _cannot_transfer(conversation: Conversation, desk: DeskView) -> Outcome | None:
    number = str(conversation.number)
    if conversation.state is not State.ASSIGNED:
        take = button("take", "take", conversation=number)
        return refused("not_assigned", take, number=number)
    queue = None if conversation.queue is None else desk.queue(conversation.queue)
    if queue is not None and 0 < queue.max_transfers <= conversation.transfers:
        return refused("too_many_transfers", number=number, limit=str(queue.max_transfers))
    return None


def _instead(
    actor: Actor, conversation: Conversation, target: Agent, note: str, desk: DeskView
) -> list[OfferedCommand]:
    """His queue, where it is not the one the conversation is in, and force for an admin."""
    number = str(conversation.number)
    offers = []
    queue = _other_queue(target.id, conversation.queue, desk)
    if queue is not None:
        target_queue = {"target": queue, "note": note, "prefer": f"@{target.handle}"}
        offers.append(button("transfer", "queue_instead", conversation=number, **target_queue))
    return offers + _force(
        actor,
        Action.TRANSFER_BY_FORCE,
        "transfer",
        conversation=number,
        target=f"@{target.handle}",
        note=note,
    )


def _other_queue(agent: AgentId, current: QueueId | None, desk: DeskView) -> str | None:
    his = desk.memberships(agent)
    for queue in desk.queues:
        if queue.id in his and queue.active and queue.id != current:
            return queue.name
    return None


def _to_queue(move: moves.TransferToQueue, desk: DeskView, now: Instant) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    queue = desk.queue(move.queue)
    if conversation is None or queue is None:
        return refused("stale")
    if not queue.active:
        return refused("queue_closed", queue=queue.title)
    if conversation.queue == queue.id:
        return refused("same_target", target=queue.title, number=str(conversation.number))
    opens_at = desk.opens_at(queue.id, now)
    if opens_at is None:
        return refused("queue_closed", queue=queue.title)
    if opens_at > now:
        return _cannot_transfer(conversation, desk) or _park(move, conversation, queue, desk)
    if queue.max_waiting and desk.waiting_in(queue.id) >= queue.max_waiting:
        return refused("queue_full", queue=queue.title, limit=str(queue.max_waiting))
    return _cannot_transfer(conversation, desk)


def _park(
    move: moves.TransferToQueue, conversation: Conversation, queue: Queue, desk: DeskView
) -> Outcome | None:
    """A queue outside its hours keeps it until it opens, if that is wanted."""
    if move.park:
        return None
    meant = None if move.prefer is None else desk.agent(move.prefer)
    more = {"note": move.note, "prefer": "" if meant is None else f"@{meant.handle}"}
    arguments = {"target": queue.name, "park": "yes"} | {k: v for k, v in more.items() if v}
    offer = button("transfer", "park", conversation=str(conversation.number), **arguments)
    return refused("queue_outside_hours", offer, queue=queue.title)


def _priority(move: moves.SetPriority, desk: DeskView) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    if conversation is None:
        return refused("stale")
    if conversation.priority is move.priority:
        number, word = str(conversation.number), move.priority.word
        return done("already_priority", number=number, priority=word)
    return None


def _return(move: moves.ReturnToBot, desk: DeskView) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    if conversation is None:
        return refused("stale")
    if conversation.state is not State.ASSIGNED:
        return refused("not_assigned", number=str(conversation.number))
    return None


def _presence(move: moves.SetPresence, desk: DeskView) -> Outcome | None:
    agent = desk.agent(move.agent)
    if agent is None or not agent.active:
        return refused("stale")
    his = [desk.queue(queue) for queue in desk.memberships(agent.id)]
    if move.available and not any(queue is not None and queue.active for queue in his):
        return refused("no_queue", agent=agent.name)
    if agent.available is not move.available or move.reason not in ("", agent.reason):
        return None
    if move.handover and any(True for _ in desk.held_by(agent.id)):
        return None
    return done("already_available" if move.available else "already_unavailable", agent=agent.name)


def _template(move: moves.SendTemplate, desk: DeskView) -> Outcome | None:
    conversation = desk.conversation(move.conversation)
    identity = None if conversation is None else desk.identity(conversation.identity)
    return None if identity is None else _unwanted(identity, move.template, desk)


def _unwanted(identity: Identity, template_id: TemplateId, desk: DeskView) -> Outcome | None:
    """He said what he does not want: a template that is just that would only annoy him."""
    if identity.refuses is Refuses.EVERYTHING:
        return refused("opted_out", customer=identity.name)
    found = next((each for each in desk.templates() if each.id == template_id), None)
    if identity.refuses is Refuses.MARKETING and found is not None and found.is_marketing:
        return refused("opted_out_marketing", customer=identity.name, template=found.name)
    return None


def _start(
    actor: Actor, move: moves.StartConversation, desk: DeskView, now: Instant
) -> Outcome | None:
    identity = desk.identity_at(move.channel, move.address)
    there = None if identity is None else desk.current(identity.id)
    if there is None or there.state is State.BOT:
        unwanted = None if identity is None else _unwanted(identity, move.template, desk)
        return unwanted or _too_many(actor, desk, now)
    names = about(there, desk)
    if there.state is not State.ASSIGNED:
        take = button("take", "take", conversation=names["number"])
        return refused("already_open", take, **names)
    if there.agent == actor.agent:
        return refused("already_open_yours", **names)
    return refused("already_open_held", **names)


def _too_many(actor: Actor, desk: DeskView, now: Instant) -> Outcome | None:
    """Whoever writes to many strangers at once spoils the good name of the number for all."""
    limit = desk.options.starts_per_minute
    if actor.agent is None or not limit or desk.begun_by(actor.agent, now - MINUTE) < limit:
        return None
    return refused("rate_limited", count=str(limit))


def _create_queue(move: moves.CreateQueue, desk: DeskView) -> Outcome | None:
    there = desk.queue_by_name(move.name)
    return None if there is None else refused("name_taken", name=move.name)


def _change_queue(move: moves.ChangeQueue, desk: DeskView) -> Outcome | None:
    queue = desk.queue(move.queue)
    if queue is None:
        return refused("stale")
    kept = desk.waiting_in(queue.id) + desk.parked_in(queue.id)
    if move.active is False and kept:
        return refused("queue_not_empty", queue=queue.title, count=str(kept))
    return _overflow(queue, move.overflow or (), desk)


def _overflow(queue: Queue, to: tuple[QueueId, ...], desk: DeskView) -> Outcome | None:
    """A wait is never widened back to where it came from."""
    if queue.id in to:
        return refused("overflow_itself", queue=queue.name)
    for one in to:
        path = _path(one, queue.id, desk, frozenset())
        if path is not None:
            names = [queue.name, *(each.name for each in path), queue.name]
            return refused("overflow_cycle", queue=queue.name, path=" → ".join(names))
    return None


def _path(
    start: QueueId, end: QueueId, desk: DeskView, visited: frozenset[QueueId]
) -> tuple[Queue, ...] | None:
    """The queues from one to the one before the other, by overflow; None: it is never reached."""
    here = desk.queue(start)
    if here is None or start in visited:
        return None
    for onward in here.overflow:
        if onward == end:
            return (here,)
        rest = _path(onward, end, desk, visited | {start})
        if rest is not None:
            return (here, *rest)
    return None


def _member(move: moves.SetMember, desk: DeskView) -> Outcome | None:
    queue = desk.queue(move.queue)
    agent = desk.agent(move.agent)
    if queue is None or agent is None:
        return refused("stale")
    if move.level is None and queue.id not in desk.memberships(agent.id):
        return refused("not_in_queue", agent=agent.name, queue=queue.title)
    return None
