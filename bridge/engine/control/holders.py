"""Who may speak to the customer: every change of holder, and nothing else changes it."""

from collections.abc import Mapping

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.conversation import STARTED, Conversation, Hold, HoldKind, Skip, State
from bridge.domain.delivery import BotEventKind
from bridge.domain.events import SYSTEM, Actor, EventKind
from bridge.domain.ids import AgentId, HoldId, Instant, after
from bridge.domain.queue import Queue
from bridge.engine.control import bot_news
from bridge.engine.lines import held, window
from bridge.engine.step import Step

ACCEPTED = "accept"
"""The cause of an assignment that was offered first."""
NOTHING_COMPARED: Mapping[str, str] = {}


def queue_up(
    step: Step, conversation: Conversation, queue: Queue, actor: Actor, cause: str
) -> Conversation:
    """Bring a conversation into a queue; the beginning of its wait is kept if it waited before."""
    before = conversation.state
    conversation = release(step, conversation, cause)
    conversation = step.put(
        replace(
            conversation,
            state=State.WAITING,
            queue=queue.id,
            agent=None,
            epoch=conversation.epoch + 1,
            since=conversation.since or step.now,
            assigned_at=None,
            bot_due=None,
            notified=False,
            widened=(),
            told_place=0,
            told_at=None,
        )
    )
    step.event(
        EventKind.QUEUED,
        actor,
        conversation=conversation.id,
        queue=queue.id,
        cause=cause,
        queue_title=queue.title,
        priority=conversation.priority.word,
    )
    bot_news.queued(step, before, conversation, cause)
    step.hint("queues")
    return conversation


def assign(
    step: Step,
    conversation: Conversation,
    agent: Agent,
    actor: Actor,
    cause: str,
    *,
    seq: int | None = None,
    why: Mapping[str, str] = NOTHING_COMPARED,
) -> Conversation:
    """Give control to an agent; without a free slot the hold is a forced one.

    `why` is what was compared when distribution chose him.
    """
    before = conversation.agent if conversation.human else None
    conversation = release(step, conversation, cause, actor)
    _hold(step, conversation, agent, cause)
    _remember_assignment(step, conversation, agent, seq or step.new_id())
    conversation = step.put(
        replace(
            conversation,
            state=State.ASSIGNED,
            agent=agent.id,
            epoch=conversation.epoch + 1,
            assigned_at=step.now,
            replied_at=None,
            bot_due=None,
            skips=(),
            warned=False,
            widened=(),
            told_place=0,
            told_at=None,
        )
    )
    _record_assignment(step, conversation, agent, actor, cause, before, why)
    return conversation


def _hold(step: Step, conversation: Conversation, agent: Agent, cause: str) -> None:
    """What a person began uses no slot until the customer answers."""
    step.desk.holds.put(
        Hold(
            id=HoldId(step.new_id()),
            conversation=conversation.id,
            agent=agent.id,
            kind=HoldKind.ASSIGNMENT,
            cause=cause,
            started_at=step.now,
            slot=None if cause == STARTED else step.desk.free_slot(agent),
            capacity_at=agent.capacity,
        )
    )


def _remember_assignment(step: Step, conversation: Conversation, agent: Agent, seq: int) -> None:
    step.desk.agents.touch(replace(agent, last_seq=seq, idle_since=None))
    if conversation.queue is not None:
        member = step.desk.members.get((agent.id, conversation.queue))
        if member is not None:
            step.desk.members.touch(replace(member, last_seq=seq))
    step.shift(agent.id)


def _record_assignment(
    step: Step,
    conversation: Conversation,
    agent: Agent,
    actor: Actor,
    cause: str,
    before: AgentId | None,
    why: Mapping[str, str],
) -> None:
    queue = None if conversation.queue is None else step.desk.queues[conversation.queue]
    step.event(
        EventKind.ASSIGNED,
        actor,
        conversation=conversation.id,
        agent=agent.id,
        queue=conversation.queue,
        cause=cause,
        agent_name=agent.name,
        queue_title="" if queue is None else queue.title,
        **why,
    )
    name = "" if queue is None else queue.name
    kind = BotEventKind.HANDOFF_ASSIGNED
    bot_news.tell(step, conversation, kind, cause=cause, queue=name, agent=agent.name)
    if before != agent.id:
        step.say(conversation.id, "thread.assigned", agent.id, agent=agent.name)


def release(
    step: Step, conversation: Conversation, cause: str, actor: Actor = SYSTEM
) -> Conversation:
    """End the open hold, if any; held replies go out first, the agent's slot is free."""
    held.flush(step, conversation)
    hold = step.desk.hold_on(conversation.id)
    if hold is None:
        return conversation
    step.desk.holds.put(replace(hold, ended_at=step.now, end_cause=cause))
    agent = step.desk.agents.get(hold.agent)
    if hold.kind is HoldKind.OFFER:
        _offer_ended(step, hold, agent, cause, actor)
    elif agent is not None and step.desk.holds_nothing(agent.id):
        step.desk.agents.touch(replace(agent, idle_since=step.now))
    step.shift(hold.agent)
    return conversation


def _offer_ended(step: Step, hold: Hold, agent: Agent | None, cause: str, actor: Actor) -> None:
    """Whoever was asked is asked no more; that he said yes is an event of its own."""
    if cause != ACCEPTED:
        step.event(
            EventKind.OFFER_ENDED,
            actor,
            conversation=hold.conversation,
            agent=hold.agent,
            cause=cause,
            agent_name="" if agent is None else agent.name,
        )


def requeue(
    step: Step, conversation: Conversation, actor: Actor, cause: str, *, skip: AgentId | None
) -> Conversation:
    """Take the conversation from its agent and let it wait again, its place kept.

    Without a usable queue it waits in the default one.
    """
    queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
    if queue is None or not queue.active:
        queue = step.desk.default_queue()
    if queue is None:
        return conversation
    conversation = queue_up(step, conversation, queue, actor, cause)
    if skip is None:
        return conversation
    return step.put(replace(conversation, skips=skips_with(step, conversation, skip)))


def skips_with(step: Step, conversation: Conversation, agent: AgentId) -> tuple[Skip, ...]:
    """The skips still running, and this agent for the cool-down."""
    until = after(step.now, step.desk.options.cool_down)
    running = tuple(
        skip for skip in conversation.skips if skip.until > step.now and skip.agent != agent
    )
    return (*running, Skip(agent=agent, until=Instant(until)))


def end(
    step: Step, conversation: Conversation, actor: Actor, cause: str, summary: str = ""
) -> Conversation:
    """End the conversation; control is the bot's again, whose next event tells it so."""
    agent = conversation.agent if conversation.human else None
    conversation = release(step, conversation, cause, actor)
    conversation = step.put(
        replace(
            conversation,
            state=State.ENDED,
            agent=None,
            epoch=conversation.epoch + 1,
            bot_due=None,
            summary=summary or conversation.summary,
            ended_at=step.now,
            end_cause=cause,
        )
    )
    window.remember(step, conversation)
    if agent is not None:
        identity = step.identity(conversation)
        step.desk.identities.touch(replace(identity, last_agent=agent, last_agent_at=step.now))
    step.event(EventKind.ENDED, actor, conversation=conversation.id, agent=agent, cause=cause)
    step.desk.count_end(cause, conversation.queue)
    bot_news.tell(step, conversation, BotEventKind.CONVERSATION_ENDED, cause=cause)
    step.hint("queues")
    return conversation
