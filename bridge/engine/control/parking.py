"""Kept until a queue opens: who was handed over outside its hours, his place by time kept."""

from datetime import UTC, datetime

from msgspec.structs import replace

from bridge.commands.speech import day_and_time, moment
from bridge.domain.conversation import Conversation, State
from bridge.domain.events import SYSTEM, Actor, EventKind
from bridge.domain.ids import SECOND, Instant
from bridge.domain.queue import Queue
from bridge.engine.control import bot_news, holders
from bridge.engine.lines import outward, window
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step
from bridge.locales import say

_NOWHERE = "UTC"


def park(
    step: Step,
    conversation: Conversation,
    queue: Queue,
    opens_at: Instant,
    actor: Actor,
    cause: str,
) -> Conversation:
    """Keep a conversation until its queue opens; the customer is told when that is."""
    before = conversation.state
    conversation = holders.release(step, conversation, cause)
    conversation = step.put(
        replace(
            conversation,
            state=State.PARKED,
            queue=queue.id,
            agent=None,
            epoch=conversation.epoch + 1,
            since=conversation.since or step.now,
            assigned_at=None,
            bot_due=None,
            told_place=0,
            told_at=step.now,
        )
    )
    step.event(
        EventKind.PARKED,
        actor,
        conversation=conversation.id,
        queue=queue.id,
        cause=cause,
        queue_title=queue.title,
        opens_at=datetime.fromtimestamp(opens_at / SECOND, UTC).isoformat(),
    )
    bot_news.queued(step, before, conversation, "parked")
    if not window.is_closed(step, conversation):
        opens = when(queue, opens_at, step.now, conversation.language)
        outward.system_line(step, conversation, "customer.parked", opens=opens)
    step.hint("queues")
    return conversation


def when(queue: Queue, opens_at: Instant, now: Instant, language: str) -> str:
    """When a queue opens, in the time of its own zone."""
    return moment(opens_at, now, _NOWHERE if queue.hours is None else queue.hours.zone, language)


def opens(desk: Desk, conversation: Conversation, language: str) -> str:
    """When the queue opens for which it is kept, as a day and a time; empty: it is not kept."""
    queue = None if conversation.queue is None else desk.queues.get(conversation.queue)
    if conversation.state is not State.PARKED or queue is None or queue.hours is None:
        return ""
    parked_at = conversation.told_at or conversation.opened_at
    opens_at = desk.calendars.opens_at(queue, parked_at)
    if opens_at is None:
        return ""
    words = day_and_time(opens_at, parked_at, queue.hours.zone, language)
    return say(language, "view.opens", opens=words)


def says_closed(desk: Desk, queue: Queue, now: Instant, language: str) -> str:
    """When a queue opens that is closed now; empty: it is open, or out of use."""
    opens_at = desk.calendars.opens_at(queue, now)
    if queue.hours is None or opens_at == now:
        return ""
    if opens_at is None:
        return say(language, "view.closed_long")
    words = day_and_time(opens_at, now, queue.hours.zone, language)
    return say(language, "view.closed", opens=words)


def opening(desk: Desk, conversation: Conversation, queue: Queue, now: Instant) -> Instant | None:
    """When a parked conversation may wait: at the next opening since it was parked, or from `now`.

    Where no opening is in sight any more it waits at once: nobody is parked for ever.
    """
    parked_at = conversation.told_at or conversation.opened_at
    found = desk.calendars.opens_at(queue, max(parked_at, now))
    return parked_at if found is None else found


def opened(step: Step, conversation: Conversation) -> None:
    """The queue is open: all who are kept for it wait from now on, together.

    So the first of them is whose turn it is, and not whose alarm went off first.
    """
    if conversation.queue is None:
        return
    queue = step.desk.queues[conversation.queue]
    for each in step.desk.parked(queue.id):
        holders.queue_up(step, each, queue, SYSTEM, "opened")
