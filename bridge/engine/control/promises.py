"""Promised times: until somebody has it, and until the first answer; who is told on the way.

Promises count the time in which the queue is open, from the beginning of the wait.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from bridge.domain.agent import Role
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.ids import AgentId, Instant
from bridge.domain.queue import AlertTo, Queue
from bridge.domain.value import Value
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.ports.queries import Promised

WAIT, REPLY = "wait_target", "reply_target"
_WAITS = (State.PARKED, State.WAITING, State.OFFERED)


class Mark(Value):
    """A part of a promised time has passed: so many percent of it, `length` of open time.

    `to` None is the promised time itself, for all to see on the card.
    """

    length: int
    target: str
    percent: int
    to: AlertTo | None


def marks(queue: Queue) -> tuple[Mark, ...]:
    """Every mark of a queue's promises, in the order in which they come."""
    found = []
    for target, length in ((WAIT, queue.wait_target), (REPLY, queue.reply_target)):
        if not length:
            continue
        told = [(alert.percent, alert.to) for alert in queue.alerts]
        seen = [] if any(percent == 100 for percent, _ in told) else [(100, None)]
        found += [
            Mark(length=length * percent // 100, target=target, percent=percent, to=to)
            for percent, to in (*told, *seen)
        ]
    return tuple(sorted(found, key=lambda mark: (mark.length, mark.target, mark.to or "")))


def due(desk: Desk, conversation: Conversation, queue: Queue) -> Instant | None:
    """When the next mark comes; None: none any more."""
    for _, mark in _coming(conversation, queue):
        return desk.calendars.due(queue, _since(conversation), mark.length)
    return None


def _coming(conversation: Conversation, queue: Queue) -> Iterator[tuple[int, Mark]]:
    """The marks not passed yet, by number: kept promises have none any more."""
    if conversation.since is None or not (queue.wait_target or queue.reply_target):
        return
    for number, mark in enumerate(marks(queue)):
        if number >= conversation.alerts and not kept(conversation, mark.target):
            yield number, mark


def kept(conversation: Conversation, target: str) -> bool:
    """True when what was promised has come, in time or not."""
    if target == WAIT:
        return conversation.state not in _WAITS
    return conversation.answered_at is not None


def _since(conversation: Conversation) -> Instant:
    return conversation.since or conversation.opened_at


def promised(desk: Desk, conversation: Conversation, queue: Queue, target: str) -> Instant | None:
    """When a promise is to be kept at the latest; None: nothing is promised."""
    length = queue.wait_target if target == WAIT else queue.reply_target
    if not length or conversation.since is None:
        return None
    return desk.calendars.due(queue, conversation.since, length)


def stands(desk: Desk, conversation: Conversation, target: str, now: Instant) -> Promised | None:
    """What was promised and whether it was kept; None: nothing was."""
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    due = None if queue is None else promised(desk, conversation, queue, target)
    if due is None:
        return None
    came = conversation.assigned_at if target == WAIT else conversation.answered_at
    if came is not None:
        return Promised(due=due, met=came <= due)
    return Promised(due=due, met=False if due <= now or not conversation.open else None)


def overdue(desk: Desk, conversation: Conversation) -> Instant | None:
    """Since when a promise to this customer is broken; None: none is.

    It is when its mark has passed, which draws the card anew.
    """
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    if queue is None or not conversation.open or not conversation.alerts:
        return None
    broken = {
        mark.target
        for mark in marks(queue)[: conversation.alerts]
        if mark.percent >= 100 and not kept(conversation, mark.target)
    }
    moments = (promised(desk, conversation, queue, target) for target in broken)
    return min((moment for moment in moments if moment is not None), default=None)


def passed(step: Step, conversation: Conversation) -> None:
    """Tell everybody whose mark has come; each once for a wait."""
    if conversation.queue is None:
        return
    queue = step.desk.queues[conversation.queue]
    since = _since(conversation)
    for number, mark in list(_coming(conversation, queue)):
        moment = step.desk.calendars.due(queue, since, mark.length)
        if moment is None or moment > step.now:
            return
        conversation = step.put(replace(conversation, alerts=number + 1))
        if mark.to is not None:
            _alert(step, conversation, queue, mark, mark.to)


def _alert(step: Step, conversation: Conversation, queue: Queue, mark: Mark, to: AlertTo) -> None:
    step.event(
        EventKind.ESCALATED,
        SYSTEM,
        conversation=conversation.id,
        queue=queue.id,
        agent=conversation.agent,
        cause=mark.target,
        step=to.value,
        target=mark.target,
        percent=str(mark.percent),
    )
    customer = step.identity(conversation).name
    late = "late" if mark.percent >= 100 else "soon"
    key = f"thread.{mark.target}.{late}"
    if to is AlertTo.ADMINS:
        for admin in admins(step.desk):
            number = str(conversation.number)
            step.tell(
                conversation.id,
                f"thread.{mark.target}.admins",
                admin,
                customer=customer,
                number=number,
                queue=queue.title,
            )
        return
    mentioned = _mentioned(step.desk, conversation, queue, to)
    if mentioned or to is AlertTo.QUEUE:
        step.say(conversation.id, key, *mentioned, customer=customer)


def _mentioned(
    desk: Desk, conversation: Conversation, queue: Queue, to: AlertTo
) -> tuple[AgentId, ...]:
    if to is AlertTo.AGENT:
        return () if conversation.agent is None else (conversation.agent,)
    members = (
        member.agent
        for each in (queue.id, *conversation.widened)
        for member in desk.members_of(each)
    )
    found = (desk.agents.get(member) for member in dict.fromkeys(members))
    return tuple(agent.id for agent in found if agent is not None and agent.available)


def admins(desk: Desk) -> tuple[AgentId, ...]:
    """Everybody who runs the desk."""
    return tuple(each.id for each in desk.agents if each.active and each.role is Role.ADMIN)
