"""What becomes due by time alone; the truth is in the conversation, an alarm only wakes us.

After downtime, deadlines that began before we stopped do not count the time we were down.
"""

from heapq import heappop, heappush

from msgspec.structs import replace

from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import BotEventKind
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.ids import MINUTE, ConversationId, Instant, after
from bridge.domain.queue import Queue
from bridge.domain.value import Value
from bridge.engine.control import bot_news, bots, holders, presence, returning
from bridge.engine.lines import held
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step

_GRAIN = 5 * MINUTE
_PHONE_SILENT = 30 * MINUTE


class TimerFired(Value, tag="timer_fired"):
    """Something of this conversation may be due; None: the router's own deadlines."""

    conversation: ConversationId | None = None


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
        due = next_due(self._desk, conversation)
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
        conversation = self._desk.conversations.get(id_)
        due = None if conversation is None else next_due(self._desk, conversation)
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
                due = None if conversation is None else next_due(self._desk, conversation)
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


def next_due(desk: Desk, conversation: Conversation) -> Instant | None:
    """The next moment at which time alone changes something here."""
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    deadlines = _deadlines(desk, conversation, queue)
    held_replies = desk.held_in(conversation.id)
    if not (deadlines or held_replies):
        return None
    moments = [moment for _, moment in deadlines]
    moments += [reply.due_at for reply in held_replies]
    return min(moments)


def _deadlines(
    desk: Desk, conversation: Conversation, queue: Queue | None
) -> list[tuple[str, Instant]]:
    if conversation.state is State.BOT:
        return _bot_deadline(desk, conversation)
    if queue is not None and conversation.state is State.WAITING:
        return _waiting_deadlines(conversation, queue)
    if queue is not None and conversation.state is State.ASSIGNED:
        return _assigned_deadlines(desk, conversation, queue)
    return []


def _bot_deadline(desk: Desk, conversation: Conversation) -> list[tuple[str, Instant]]:
    if conversation.bot_due is None:
        return []
    length = desk.options.bot_deadline
    return [("bot", desk.downtime.due(after(conversation.bot_due, -length), length))]


def _waiting_deadlines(conversation: Conversation, queue: Queue) -> list[tuple[str, Instant]]:
    since = conversation.since or conversation.opened_at
    found = []
    if queue.notify_after and not conversation.notified:
        found.append(("notify", after(since, queue.notify_after)))
    if queue.starvation and not conversation.escalated:
        found.append(("starve", after(since, queue.starvation)))
    return found


def _assigned_deadlines(
    desk: Desk, conversation: Conversation, queue: Queue
) -> list[tuple[str, Instant]]:
    due = desk.downtime.due
    found = []
    holder = None if conversation.agent is None else desk.agents.get(conversation.agent)
    if holder is not None and holder.reserved:
        last = max(conversation.last_our_at or 0, conversation.last_customer_at or 0)
        return [("inactive", due(Instant(last), _PHONE_SILENT))]
    hold = desk.hold_on(conversation.id)
    if (
        conversation.replied_at is None
        and conversation.started_by is None
        and queue.first_reply_timeout
        and conversation.assigned_at is not None
        and hold is not None
        and conversation.requeues < desk.options.max_requeues
    ):
        found.append(("first_reply", due(conversation.assigned_at, queue.first_reply_timeout)))
    silent_since, length = _silence(desk, conversation, queue)
    if silent_since is not None and length:
        warning = max(0, length - desk.options.inactivity_warning)
        if not conversation.warned:
            found.append(("warn", due(silent_since, warning)))
        found.append(("inactive", due(silent_since, length)))
    return found


def _silence(desk: Desk, conversation: Conversation, queue: Queue) -> tuple[Instant | None, int]:
    """Since when the customer owes an answer, and how long we wait for it."""
    if conversation.last_customer_at is None:
        return conversation.last_our_at, desk.options.started_timeout
    ours = conversation.last_our_at
    if ours is None or ours < conversation.last_customer_at:
        return None, 0
    return ours, queue.inactivity_timeout


def timer_fired(step: Step, event: TimerFired) -> None:
    """Do what is due now; an alarm that is out of date does nothing."""
    if event.conversation is None:
        step.look_again = True
        return
    _let_held_go(step, event.conversation)
    conversation = step.desk.conversation(event.conversation)
    if conversation is None:
        return
    queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
    for name, moment in _deadlines(step.desk, conversation, queue):
        if moment > step.now:
            continue
        current = step.desk.conversations[conversation.id]
        if current.state is conversation.state and current.epoch == conversation.epoch:
            _ACTIONS[name](step, current)


def _let_held_go(step: Step, conversation_id: ConversationId) -> None:
    conversation = step.desk.conversation(conversation_id)
    if conversation is None:
        return
    for reply in step.desk.held_in(conversation_id):
        if reply.due_at <= step.now:
            held.let_go(step, conversation, reply)


def _notify(step: Step, conversation: Conversation) -> None:
    """Nobody took it: one line mentions the queue's available members."""
    step.put(replace(conversation, notified=True))
    if conversation.queue is None:
        return
    members = step.desk.members_of(conversation.queue)
    available = [
        member.agent
        for member in members
        if (agent := step.desk.agents.get(member.agent)) is not None and agent.available
    ]
    name = _customer(step, conversation)
    step.say(conversation.id, "thread.nobody_took", *available, customer=name)
    queue = step.desk.queues[conversation.queue].name
    bot_news.tell(step, conversation, BotEventKind.HANDOFF_TIMED_OUT, queue=queue)


def _starve(step: Step, conversation: Conversation) -> None:
    """It waited so long that it goes before every priority now."""
    step.put(replace(conversation, escalated=True))
    step.event(EventKind.ESCALATED, SYSTEM, conversation=conversation.id, cause="starving")


def _first_reply(step: Step, conversation: Conversation) -> None:
    """The agent stays silent: the conversation goes back to the queue, once more without him.

    He missed it only if he did nothing anywhere since the assignment.
    """
    agent = None if conversation.agent is None else step.desk.agents.get(conversation.agent)
    if agent is None or conversation.assigned_at is None:
        return
    step.event(
        EventKind.REQUEUED,
        SYSTEM,
        conversation=conversation.id,
        agent=agent.id,
        queue=conversation.queue,
        cause="no_reply",
        agent_name=agent.name,
    )
    step.say(conversation.id, "thread.no_reply", agent=agent.name)
    requeued = replace(conversation, requeues=conversation.requeues + 1)
    holders.requeue(step, requeued, SYSTEM, "no_reply", skip=agent.id)
    if (agent.last_seen or 0) < conversation.assigned_at:
        presence.missed(step, agent.id)


def _warn(step: Step, conversation: Conversation) -> None:
    step.put(replace(conversation, warned=True))
    mention = () if conversation.agent is None else (conversation.agent,)
    name = _customer(step, conversation)
    step.say(conversation.id, "thread.inactive_soon", *mention, customer=name)


def _inactive(step: Step, conversation: Conversation) -> None:
    returning.give_back(step, conversation, SYSTEM, "inactive", "")


def _customer(step: Step, conversation: Conversation) -> str:
    return step.identity(conversation).name


_ACTIONS = {
    "bot": bots.bot_down,
    "notify": _notify,
    "starve": _starve,
    "first_reply": _first_reply,
    "warn": _warn,
    "inactive": _inactive,
}
