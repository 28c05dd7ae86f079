"""What becomes due by time alone; the truth is in the conversation, an alarm only wakes us.

After downtime, deadlines that began before we stopped do not count the time we were down.
"""

from msgspec.structs import replace

from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import BotEventKind
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.ids import MINUTE, AgentId, ConversationId, Instant, after
from bridge.domain.queue import Queue
from bridge.domain.value import Value
from bridge.engine.control import (
    absences,
    bot_news,
    bots,
    holders,
    offers,
    parking,
    places,
    presence,
    promises,
    returning,
    widening,
)
from bridge.engine.lines import held
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step

_PHONE_SILENT = 30 * MINUTE


class TimerFired(Value, tag="timer_fired"):
    """Something of this conversation, or of this agent, may be due; of neither: the router's."""

    conversation: ConversationId | None = None
    agent: AgentId | None = None


def next_due(desk: Desk, conversation: Conversation, now: Instant) -> Instant | None:
    """The next moment at which time alone changes something here, as it looks now."""
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    deadlines = _deadlines(desk, conversation, queue, now)
    held_replies = desk.held_in(conversation.id)
    if not (deadlines or held_replies):
        return None
    moments = [moment for _, moment in deadlines]
    moments += [reply.due_at for reply in held_replies]
    return min(moments)


def _deadlines(
    desk: Desk, conversation: Conversation, queue: Queue | None, now: Instant
) -> list[tuple[str, Instant]]:
    if conversation.state is State.BOT:
        return _bot_deadline(desk, conversation)
    if queue is None:
        return []
    found: list[tuple[str, Instant | None]] = [("promise", promises.due(desk, conversation, queue))]
    match conversation.state:
        case State.PARKED:
            found.append(("open", parking.opening(desk, conversation, queue, now)))
        case State.WAITING:
            found += _waiting_deadlines(conversation, queue)
            found.append(("widen", widening.due(desk, conversation, queue, now)))
            found.append(("place", places.due(conversation, queue)))
        case State.OFFERED:
            found.append(("offer", offers.due(desk, conversation)))
        case State.ASSIGNED:
            found += _assigned_deadlines(desk, conversation, queue)
        case _:
            return []
    return [(name, moment) for name, moment in found if moment is not None]


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
    if event.agent is not None:
        absences.absent(step, event.agent)
        return
    if event.conversation is None:
        step.look_again = True
        return
    _let_held_go(step, event.conversation)
    conversation = step.desk.conversation(event.conversation)
    if conversation is None:
        return
    queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
    for name, moment in _deadlines(step.desk, conversation, queue, step.now):
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
    if requeued.requeues >= step.desk.options.max_requeues:
        _tell_admins(step, requeued)
    holders.requeue(step, requeued, SYSTEM, "no_reply", skip=agent.id)
    if (agent.last_seen or 0) < conversation.assigned_at:
        presence.missed(step, agent.id, conversation.id)


def _tell_admins(step: Step, conversation: Conversation) -> None:
    """So many agents stayed silent that the next one keeps it, whatever he does."""
    for admin in promises.admins(step.desk):
        step.tell(
            conversation.id,
            "thread.silent_agents",
            admin,
            customer=_customer(step, conversation),
            number=str(conversation.number),
            count=str(conversation.requeues),
        )


def _offer_expired(step: Step, conversation: Conversation) -> None:
    """He did not answer: somebody else is asked, and him not for a while."""
    agent = conversation.agent
    offers.back(step, conversation, SYSTEM, "expired", skip=agent)
    if agent is not None:
        presence.missed(step, agent, conversation.id)


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
    "open": parking.opened,
    "offer": _offer_expired,
    "widen": widening.lasted,
    "place": places.look,
    "promise": promises.passed,
    "starve": _starve,
    "first_reply": _first_reply,
    "warn": _warn,
    "inactive": _inactive,
}
