"""Agents who are not there any more: nothing tells us when, so an alarm does."""

from heapq import heappop, heappush

from bridge.domain.agent import Agent
from bridge.domain.events import SYSTEM
from bridge.domain.ids import AgentId, Instant, after
from bridge.domain.moves import SetPresence
from bridge.engine.control import presence
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step

IDLE = "idle"


class Absences:
    """When to look at which agent again; everybody has one alarm at most."""

    def __init__(self, desk: Desk) -> None:
        """Of the agents of this desk."""
        self._desk = desk
        self._moments: list[tuple[Instant, AgentId]] = []
        self._of: dict[AgentId, Instant] = {}

    def look(self, agent: Agent, now: Instant) -> None:
        """He changed or was seen; an earlier alarm stays, and is set anew when it goes off."""
        due = next_due(self._desk, agent, now)
        known = self._of.get(agent.id)
        if due is not None and (known is None or due < known):
            self._of[agent.id] = due
            heappush(self._moments, (due, agent.id))

    def due(self, now: Instant) -> list[AgentId]:
        """The agents of whom something is due."""
        found = []
        while self._moments and self._moments[0][0] <= now:
            moment, id_ = heappop(self._moments)
            if self._of.get(id_) != moment:
                continue
            del self._of[id_]
            agent = self._desk.agents.get(id_)
            due = None if agent is None else next_due(self._desk, agent, Instant(moment - 1))
            if due is not None and due <= now:
                found.append(id_)
            elif agent is not None:
                self.look(agent, now)
        return found


def next_due(desk: Desk, agent: Agent, now: Instant) -> Instant | None:
    """When he counts as not connected, or as idle, if nothing is heard of him until then.

    Only of who is available: of anybody else nothing depends on it.
    """
    if not agent.available or desk.connections.get(agent.id):
        return None
    leaves = _leaves(desk, agent)
    return leaves if leaves is not None and leaves > now else _idle_at(desk, agent)


def _leaves(desk: Desk, agent: Agent) -> Instant | None:
    return None if agent.last_seen is None else after(agent.last_seen, desk.options.connected_for)


def _idle_at(desk: Desk, agent: Agent) -> Instant | None:
    leaves, limit = _leaves(desk, agent), desk.options.idle_timeout
    return desk.downtime.due(leaves, limit) if limit and leaves is not None else None


def absent(step: Step, agent_id: AgentId) -> None:
    """Distribution learns that he is not connected; away for too long, he is made unavailable."""
    agent = step.desk.agents.get(agent_id)
    if agent is None or step.desk.connected(agent, step.now):
        return
    step.shift(agent_id)
    idle_at = _idle_at(step.desk, agent)
    if agent.available and idle_at is not None and idle_at <= step.now:
        away = SetPresence(agent=agent_id, available=False, reason=IDLE)
        presence.set_presence(step, away, SYSTEM)
