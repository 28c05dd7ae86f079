"""Moves on one conversation; what stands in their way has been asked before."""

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.binding import Purpose
from bridge.domain.content import text_content
from bridge.domain.conversation import Conversation
from bridge.domain.events import Actor, EventKind
from bridge.domain.ids import AgentId, QueueId
from bridge.domain.message import Author
from bridge.domain.moves import (
    AddNote,
    Outcome,
    ReturnToBot,
    SetPriority,
    Take,
    TransferToAgent,
    TransferToQueue,
    Watch,
    done,
    refused,
)
from bridge.engine.control import holders, offers, parking, returning, threads, widening
from bridge.engine.lines.inward import post_in_thread
from bridge.engine.step import Step


def take(step: Step, move: Take, actor: Actor) -> Outcome:
    """Take control; what was with the bot belongs to a queue of its taker from now on."""
    conversation = step.desk.conversations[move.conversation]
    agent = _agent(step, actor)
    standing = offers.standing(step.desk, conversation)
    if move.offer is not None and (standing is None or standing.id != move.offer):
        return refused("stale")
    if conversation.queue is None:
        conversation = replace(conversation, queue=home_queue(step, agent))
    elif not conversation.human:
        queue = widening.home_of(step.desk, conversation, agent)
        conversation = replace(conversation, queue=queue)
    offered = offers.accepted(step, conversation, agent, actor)
    cause = holders.ACCEPTED if offered else "take"
    holders.assign(step, conversation, agent, actor, cause)
    return done("taken", number=str(conversation.number), customer=_customer(step, conversation))


def home_queue(step: Step, agent: Agent) -> QueueId | None:
    """The agent's first queue, else the default one."""
    for member in step.desk.memberships_of(agent.id):
        return member.queue
    queue = step.desk.default_queue()
    return None if queue is None else queue.id


def transfer_to_agent(step: Step, move: TransferToAgent, actor: Actor) -> Outcome:
    """Give the conversation to another agent; the queue is kept if he answers it."""
    conversation = step.desk.conversations[move.conversation]
    target = step.desk.agents[move.agent]
    before = _name(step, conversation.agent)
    if conversation.queue not in step.desk.memberships(target.id):
        conversation = replace(conversation, queue=home_queue(step, target))
    _transferred(step, conversation, actor, before, target.name, move.note)
    moved = replace(conversation, transfers=conversation.transfers + 1)
    holders.assign(step, moved, target, actor, "transfer")
    _pass_note(step, conversation, actor, move.note)
    return done("transferred", number=str(conversation.number), target=target.name)


def transfer_to_queue(step: Step, move: TransferToQueue, actor: Actor) -> Outcome:
    """Put the conversation into another queue, its place by waiting time kept."""
    conversation = step.desk.conversations[move.conversation]
    queue = step.desk.queues[move.queue]
    holder = conversation.agent
    before = _name(step, holder) or _queue_title(step, conversation)
    _transferred(step, conversation, actor, before, queue.title, move.note)
    moved = replace(conversation, transfers=conversation.transfers + 1, requeues=0)
    if move.prefer is not None and queue.id in step.desk.memberships(move.prefer):
        identity = step.identity(conversation)
        meant = replace(identity, last_agent=move.prefer, last_agent_at=step.now)
        step.desk.identities.put(meant)
    opens_at = step.desk.calendars.opens_at(queue, step.now)
    if move.park and opens_at is not None and opens_at > step.now:
        parking.park(step, moved, queue, opens_at, actor, "transfer")
        _pass_note(step, conversation, actor, move.note)
        return done("parked", number=str(conversation.number), target=queue.title)
    queued = holders.queue_up(step, moved, queue, actor, "transfer")
    if holder is not None:
        step.put(replace(queued, skips=holders.skips_with(step, queued, holder)))
    _pass_note(step, conversation, actor, move.note)
    code = "transferred" if step.desk.available_in(queue.id) else "transferred_nobody"
    return done(code, number=str(conversation.number), target=queue.title)


def _transferred(
    step: Step, conversation: Conversation, actor: Actor, before: str, after: str, note: str
) -> None:
    step.event(
        EventKind.TRANSFERRED,
        actor,
        conversation=conversation.id,
        queue=conversation.queue,
        before=before,
        after=after,
        note=note,
    )


def _pass_note(step: Step, conversation: Conversation, actor: Actor, note: str) -> None:
    """The note of a transfer is for whoever comes next."""
    if note:
        step.say(conversation.id, "thread.transfer_note", agent=actor.name, note=note)


def set_priority(step: Step, move: SetPriority, actor: Actor) -> Outcome:
    """Change the priority; an offer or assignment that stands is not taken back."""
    conversation = step.desk.conversations[move.conversation]
    step.put(replace(conversation, priority=move.priority))
    step.event(
        EventKind.PRIORITY_CHANGED,
        actor,
        conversation=conversation.id,
        from_priority=conversation.priority.word,
        to_priority=move.priority.word,
    )
    return done("priority_set", number=str(conversation.number), priority=move.priority.word)


def return_to_bot(step: Step, move: ReturnToBot, actor: Actor) -> Outcome:
    """End the human part and hand the summary to the bot."""
    conversation = step.desk.conversations[move.conversation]
    customer = _customer(step, conversation)
    returning.give_back(step, conversation, actor, "return_to_bot", move.summary)
    return done("returned", number=str(conversation.number), customer=customer)


def add_note(step: Step, move: AddNote, actor: Actor) -> Outcome:
    """A line for the team, shown where the team looks, never to the customer."""
    conversation = step.desk.conversations[move.conversation]
    line = step.message(
        conversation.id,
        Author.AGENT,
        actor.name,
        text_content(move.text),
        agent=actor.agent,
        internal=True,
    )
    for binding in step.desk.open_bindings(conversation.id):
        if binding.purpose is not Purpose.MONITOR:
            post_in_thread(step, conversation, binding, line)
    step.event(EventKind.NOTE_ADDED, actor, conversation=conversation.id)
    return done("noted", number=str(conversation.number))


def watch(step: Step, move: Watch, actor: Actor) -> Outcome:
    """Mirror the conversation into the monitor room, or stop doing it."""
    conversation = step.desk.conversations[move.conversation]
    if not threads.watch(step, conversation, move.workspace, move.stop):
        return refused("no_monitor_room")
    if not move.stop:
        step.event(EventKind.WATCHED, actor, conversation=conversation.id)
    step.redraw(conversation.id)
    step.hint("conversations")
    code = "unwatched" if move.stop else "watching"
    return done(code, number=str(conversation.number))


def _agent(step: Step, actor: Actor) -> Agent:
    if actor.agent is None:
        raise ValueError(f"{actor.name} is no agent, and was allowed to act as one")
    return step.desk.agents[actor.agent]


def _name(step: Step, agent_id: AgentId | None) -> str:
    agent = None if agent_id is None else step.desk.agents.get(agent_id)
    return "" if agent is None else agent.name


def _queue_title(step: Step, conversation: Conversation) -> str:
    queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
    return "" if queue is None else queue.title


def _customer(step: Step, conversation: Conversation) -> str:
    return step.identity(conversation).name
