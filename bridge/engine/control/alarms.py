"""When to look at which conversation again: an alarm only wakes us, the truth is in the desk."""

from heapq import heappop, heappush

from bridge.domain.conversation import Conversation, State
from bridge.domain.ids import MINUTE, ConversationId, Instant
from bridge.engine.control.timers import next_due
from bridge.engine.state.desk import Desk

_GRAIN = 5 * MINUTE


class Alarm:
    """A moment, and the conversations to look at then."""

    __slots__ = ("conversations", "moment")

    def __init__(self, moment: Instant) -> None:
        """For nobody yet."""
        self.moment = moment
        self.conversations: list[ConversationId] = []


class Alarms:
    """When to look at which conversation again; looking too early does no harm.

    So conversations whose deadlines lie in the same minutes of the future share an alarm: one of
    their own each would be three times the memory. When these minutes begin, each gets its own.
    """

    def __init__(self, desk: Desk) -> None:
        """Alarms of the conversations of this desk."""
        self._desk = desk
        self._now = Instant(0)
        self._moments: list[Instant] = []
        self._at: dict[Instant, Alarm] = {}
        self._of: dict[ConversationId, Alarm] = {}

    def __len__(self) -> int:
        """How many conversations have one; nobody has two."""
        return sum(len(alarm.conversations) for alarm in self._at.values())

    def look(self, conversation: Conversation) -> None:
        """A conversation came or changed: set its next alarm.

        One that is set for an earlier moment stays, and is set anew when it goes off: a busy
        conversation moves its deadline with every line.
        """
        if not conversation.open:
            self._forget(conversation.id)
            return
        due = next_due(self._desk, conversation, self._now)
        known = self._of.get(conversation.id)
        if due is None or (known is not None and known.moment <= due):
            return
        self._forget(conversation.id)
        alarm = self._alarm(due)
        alarm.conversations.append(conversation.id)
        self._of[conversation.id] = alarm

    def spoken_in(self, conversation: Conversation) -> None:
        """A line came and changed no more of it than its times.

        When the customer wrote last, no deadline came nearer: who owes him an answer was known
        before, and nobody waits for him any more.
        """
        theirs = conversation.last_customer_at
        his = theirs is not None and theirs > (conversation.last_our_at or 0)
        if not his or conversation.state is State.BOT:
            self.look(conversation)

    def look_on(self, id_: ConversationId, now: Instant) -> None:
        """Its alarm went off and was heeded: there may be later ones.

        What is still due now could not be helped: it would only go off again and again.
        """
        self._now = max(self._now, now)
        conversation = self._desk.conversations.get(id_)
        due = None if conversation is None else next_due(self._desk, conversation, now)
        if conversation is not None and due is not None and due > now:
            self.look(conversation)

    def due(self, now: Instant) -> list[ConversationId]:
        """The conversations of which something is due; each is told once per alarm."""
        self._now = now
        found = []
        while self._moments and self._moments[0] <= now:
            alarm = self._at.pop(heappop(self._moments))
            for id_ in alarm.conversations:
                del self._of[id_]
                conversation = self._desk.conversations.get(id_)
                due = None if conversation is None else next_due(self._desk, conversation, now)
                if due is not None and due <= now:
                    found.append(id_)
                elif conversation is not None:
                    self.look(conversation)
        return found

    def _alarm(self, due: Instant) -> Alarm:
        """Where a deadline belongs: with others that are as far away, else to its own moment."""
        begins = Instant(due - due % _GRAIN)
        moment = begins if begins > self._now else due
        alarm = self._at.get(moment)
        if alarm is None:
            alarm = self._at[moment] = Alarm(moment)
            heappush(self._moments, moment)
        return alarm

    def _forget(self, conversation: ConversationId) -> None:
        known = self._of.pop(conversation, None)
        if known is not None:
            known.conversations.remove(conversation)
