"""The router beside the desk: told of every change, asked after every change."""

from msgspec.structs import replace

from bridge.domain.conversation import Conversation, State
from bridge.domain.events import SYSTEM
from bridge.domain.ids import AgentId, Instant, QueueId, after
from bridge.domain.queue import TARGETS, Queue
from bridge.engine.control import holders, offers, places, threads, why
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.routing.facts import ORDINARY, STARVING, AgentFacts, Match, QueueRule, Waiting
from bridge.routing.router import Router


def rebuild(desk: Desk, now: Instant) -> Router:
    """A router that knows what is committed."""
    return Router.rebuild(
        (rule(queue) for queue in desk.queues),
        (facts(desk, agent.id, now) for agent in desk.agents),
        (
            waiting(desk, conversation)
            for conversation in desk.conversations
            if conversation.state is State.WAITING
        ),
    )


def settle(router: Router, step: Step) -> None:
    """Give out what can be given out, then bring the threads in line."""
    if step.rules_changed:
        step.effects.rules_changed = True
        for queue in step.desk.queues:
            router.put_queue(rule(queue))
    elif not (step.moved or step.shifted or step.tell_place or step.look_again):
        return
    _tell(router, step)
    for match in router.fill(step.now):
        _give_out(step, match)
    _tell(router, step)
    places.tell(router, step)
    settle_threads(step)


def _give_out(step: Step, match: Match) -> None:
    """Give it to the chosen agent, or ask him first."""
    conversation = step.desk.conversations[match.conversation]
    agent, queue = step.desk.agents[match.agent], step.desk.queues[match.queue]
    cause = "sticky" if match.sticky else "auto"
    reasons = why.compared(step, match)
    if offers.wanted(step, conversation, queue, agent):
        offers.offer(step, conversation, queue, agent, SYSTEM, cause, reasons)
    else:
        found = replace(conversation, queue=queue.id)
        holders.assign(step, found, agent, SYSTEM, cause, seq=match.seq, why=reasons)


def settle_threads(step: Step) -> None:
    """Bring the threads of everything that moved in line, then post our lines there."""
    for conversation_id in step.moved:
        threads.settle(step, step.desk.conversations[conversation_id])
    for line in step.lines:
        threads.post_line(step, line)
    for private in step.private:
        threads.tell(step, private)
    step.moved.clear()
    step.lines.clear()
    step.private.clear()


def _tell(router: Router, step: Step) -> None:
    for agent_id in step.shifted:
        router.put_agent(facts(step.desk, agent_id, step.now))
    step.shifted.clear()
    for conversation_id in step.moved:
        conversation = step.desk.conversations[conversation_id]
        if conversation.state is State.WAITING:
            router.put_waiting(waiting(step.desk, conversation))
        else:
            router.drop_waiting(conversation_id)


def rule(queue: Queue) -> QueueRule:
    """A queue as the router knows it."""
    return QueueRule(
        id=queue.id,
        active=queue.active,
        strategy=queue.strategy,
        order=queue.order,
        targets={**TARGETS, **queue.targets},
        sticky_wait=queue.sticky_wait,
        require_connected=queue.require_connected,
        escalate_after=queue.escalate_after,
        specialist_first=queue.specialist_first,
    )


def facts(desk: Desk, agent_id: AgentId, now: Instant) -> AgentFacts:
    """An agent as the router knows him."""
    agent = desk.agents[agent_id]
    members = desk.memberships_of(agent_id)
    return AgentFacts(
        id=agent.id,
        active=agent.active,
        available=agent.available,
        connected=desk.connected(agent, now),
        capacity=agent.capacity,
        used=desk.load(agent_id),
        memberships={member.queue: member.level for member in members},
        positions={member.queue: member.position for member in members if member.position},
        last_seq=agent.last_seq,
        last_seq_in_queue={member.queue: member.last_seq for member in members},
        idle_since=agent.idle_since,
        cool_until=agent.cool_until,
    )


def waiting(desk: Desk, conversation: Conversation) -> Waiting:
    """A waiting conversation as the router knows it."""
    if conversation.queue is None:
        raise ValueError(f"conversation {conversation.number} waits in no queue")
    sticky, until = _sticky(desk, conversation, conversation.queue)
    return Waiting(
        conversation=conversation.id,
        queue=conversation.queue,
        priority=conversation.priority,
        since=conversation.since or conversation.opened_at,
        seq=conversation.id,
        also=conversation.widened,
        order_class=STARVING if conversation.escalated else ORDINARY,
        skip={skip.agent: skip.until for skip in conversation.skips},
        sticky_agent=sticky,
        sticky_until=until,
    )


def _sticky(
    desk: Desk, conversation: Conversation, queue_id: QueueId
) -> tuple[AgentId | None, Instant | None]:
    """The customer's last agent, as long as the queue's window says."""
    identity = desk.identities[conversation.identity]
    window = desk.queues[queue_id].sticky_window
    if identity.last_agent is None or identity.last_agent_at is None or not window:
        return None, None
    return AgentId(identity.last_agent), after(identity.last_agent_at, window)
