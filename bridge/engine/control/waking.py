"""Everything that wakes the engine although nothing comes in: one place to ask what is due."""

from bridge.domain.agent import Agent
from bridge.domain.conversation import Conversation
from bridge.domain.ids import Instant
from bridge.engine.control.absences import Absences
from bridge.engine.control.alarms import Alarms
from bridge.engine.control.timers import TimerFired
from bridge.engine.state.desk import Desk
from bridge.ports.store import Changes


class Waking:
    """The alarms of conversations and agents; `router_due` is the router's own."""

    def __init__(self, desk: Desk) -> None:
        """Nothing set yet."""
        self._desk = desk
        self._alarms = Alarms(desk)
        self._absences = Absences(desk)
        self.router_due: Instant | None = None

    def look_at_all(self, now: Instant) -> None:
        """At the start, and when a rule changed: every deadline may be another one."""
        for conversation in self._desk.conversations:
            self._alarms.look(conversation)
        for agent in self._desk.agents:
            self._absences.look(agent, now)

    def committed(self, changes: Changes, now: Instant) -> None:
        """What changed is on disk: its alarms are set."""
        for value in changes.puts.values():
            if isinstance(value, Conversation):
                self._alarms.look(value)
            elif isinstance(value, Agent):
                self._absences.look(value, now)
        for touched in changes.touches.values():
            if isinstance(touched, Conversation):
                self._alarms.spoken_in(touched)

    def due(self, now: Instant) -> list[TimerFired]:
        """What is due; each is told once."""
        found = [TimerFired(conversation=each) for each in self._alarms.due(now)]
        found += [TimerFired(agent=each) for each in self._absences.due(now)]
        if self.router_due is not None and self.router_due <= now:
            self.router_due = None
            found.append(TimerFired())
        return found

    def heeded(self, fired: TimerFired, now: Instant) -> None:
        """It was done: there may be a later one."""
        if fired.conversation is not None:
            self._alarms.look_on(fired.conversation, now)
        self._look_at_agent(fired, now)

    def failed(self, fired: TimerFired, now: Instant) -> None:
        """It could not be done now: it stays due."""
        if fired.conversation is not None:
            conversation = self._desk.conversation(fired.conversation)
            if conversation is not None:
                self._alarms.look(conversation)
        elif fired.agent is None:
            self.router_due = now
        self._look_at_agent(fired, now)

    def _look_at_agent(self, fired: TimerFired, now: Instant) -> None:
        agent = None if fired.agent is None else self._desk.agents.get(fired.agent)
        if agent is not None:
            self._absences.look(agent, now)
