"""Who is there: available or not, connected or not, gone for good."""

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.delivery import OfferedCommand
from bridge.domain.events import SYSTEM, Actor, EventKind
from bridge.domain.ids import MINUTE, AgentId, ConversationId, Instant, after
from bridge.domain.moves import Outcome, SetPresence, done, refused
from bridge.engine.control import holders, offers, promises
from bridge.engine.step import Step
from bridge.ports.channel import Accepted
from bridge.ports.workspace import ConnectionChanged

_SEEN_LATELY = MINUTE


def set_presence(step: Step, move: SetPresence, actor: Actor) -> Outcome:
    """Unavailable stops new assignments from this instant; what is held is kept."""
    agent = step.desk.agents.get(move.agent)
    if agent is None or not agent.active:
        return refused("not_an_agent")
    if move.available and not step.desk.memberships(agent.id):
        return refused("no_queue")
    already = agent.available == move.available and agent.reason == move.reason
    if not already:
        _set(step, agent, move.available, move.reason, actor)
    given = _hand_over_all(step, agent, actor) if move.handover and not move.available else 0
    if already and not given:
        return done("already_available" if move.available else "already_unavailable")
    held = len(step.desk.agent_holds(agent.id))
    if move.available:
        return done("available", agent=agent.name, held=str(held))
    offers = (_give_away(agent),) if held else ()
    return Outcome(
        ok=True,
        code="unavailable",
        data={"agent": agent.name, "held": str(held), "given": str(given)},
        offers=offers,
    )


def _give_away(agent: Agent) -> OfferedCommand:
    """What is kept may be handed over, too."""
    arguments = {"state": "handover", "agent": f"@{agent.handle}"}
    return OfferedCommand(command="available", label="button.handover", arguments=arguments)


def _set(step: Step, agent: Agent, available: bool, reason: str, actor: Actor) -> None:
    idle = step.now if available and not step.desk.agent_holds(agent.id) else agent.idle_since
    step.desk.agents.put(
        replace(
            agent,
            available=available,
            reason="" if available else reason,
            available_since=step.now if available else None,
            missed=0 if available else agent.missed,
            cool_until=None if available else agent.cool_until,
            idle_since=idle,
        )
    )
    kind = EventKind.AGENT_AVAILABLE if available else EventKind.AGENT_UNAVAILABLE
    held = str(len(step.desk.agent_holds(agent.id)))
    step.event(kind, actor, agent=agent.id, cause=reason, agent_name=agent.name, kept=held)
    step.shift(agent.id)
    if not available:
        offers.withdraw(step, agent.id, actor)


def _hand_over_all(step: Step, agent: Agent, actor: Actor) -> int:
    held = list(step.desk.held_by(agent.id))
    for conversation in held:
        holders.requeue(step, conversation, actor, "handover", skip=agent.id)
    return len(held)


def missed(step: Step, agent_id: AgentId, about: ConversationId) -> None:
    """He did not answer what he was given or offered; after three in a row he is unavailable.

    He is told, with a way back; if his queues have nobody left for those who wait, admins are.
    """
    agent = step.desk.agents[agent_id]
    options = step.desk.options
    agent = step.desk.agents.put(
        replace(agent, missed=agent.missed + 1, cool_until=after(step.now, options.cool_down))
    )
    step.shift(agent_id)
    if agent.missed >= options.max_missed and agent.available:
        _set(step, agent, False, "missed", SYSTEM)
        back = OfferedCommand(
            command="available", label="button.available_on", arguments={"state": "on"}
        )
        step.tell(about, "thread.auto_unavailable", agent.id, back, count=str(agent.missed))
        _tell_admins(step, agent, about)


def _tell_admins(step: Step, agent: Agent, about: ConversationId) -> None:
    """Somebody waits where nobody is available any more."""
    for member in step.desk.memberships_of(agent.id):
        queue = step.desk.queues.get(member.queue)
        waiting = step.desk.waiting_in(member.queue)
        if queue is None or not waiting or step.desk.available_in(queue.id):
            continue
        for admin in promises.admins(step.desk):
            step.tell(about, "thread.nobody_left", admin, queue=queue.title, count=str(waiting))


def seen(step: Step, agent_id: AgentId) -> None:
    """An agent acted in a workspace: he counts as connected for a while."""
    agent = step.desk.agents.get(agent_id)
    if agent is not None and step.now - (agent.last_seen or 0) > _SEEN_LATELY:
        if not step.desk.connected(agent, step.now):
            step.shifted[agent_id] = None
        step.desk.agents.put(replace(agent, last_seen=step.now))


def connection_changed(step: Step, event: ConnectionChanged) -> Accepted:
    """A first page opened or the last one closed; it never changes availability."""
    agent = step.desk.agent_of(event.workspace, event.user.id)
    if agent is None:
        return Accepted()
    places = step.desk.connections.setdefault(agent.id, set())
    if event.connected:
        places.add(event.workspace)
        seen(step, agent.id)
    else:
        places.discard(event.workspace)
        there = step.now - step.desk.options.connected_for  # so that he is gone from now on
        last = Instant(max(agent.last_seen or 0, there))
        step.desk.agents.put(replace(agent, last_seen=last))
    step.shift(agent.id)
    return Accepted()


def remove(step: Step, agent: Agent, actor: Actor, cause: str) -> None:
    """An agent is gone: everything he holds waits again, its place kept, his claim cleared."""
    for conversation in list(step.desk.held_by(agent.id)):
        identity = step.identity(conversation)
        step.desk.identities.put(replace(identity, last_agent=None, last_agent_at=None))
        holders.requeue(step, conversation, actor, "agent_gone", skip=agent.id)
    offers.withdraw(step, agent.id, actor)
    current = step.desk.agents[agent.id]
    step.desk.agents.put(replace(current, active=False, available=False, reason=cause))
    step.event(EventKind.AGENT_REMOVED, actor, agent=agent.id, cause=cause, agent_name=agent.name)
    step.shift(agent.id)
