"""From the bot to people: into the queue that was asked for, or where its rules send it now."""

from collections.abc import Iterator

from msgspec.structs import replace

from bridge.domain.conversation import Conversation
from bridge.domain.delivery import AskBot, BotEventKind
from bridge.domain.events import Actor, ActorKind, EventKind
from bridge.domain.ids import MINUTE, QueueId, after
from bridge.domain.queue import ClosedPolicy, Queue
from bridge.engine import deliveries
from bridge.engine.control import holders, parking
from bridge.engine.lines import outward
from bridge.engine.step import Step

_DEEPEST = 5
"""So many queues are gone through, one overflowing into the next."""
_SAID_LATELY = 10 * MINUTE
CLOSED, FULL = "queue_closed", "queue_full"


def admit(
    step: Step,
    conversation: Conversation,
    queue: Queue,
    actor: Actor,
    cause: str,
    *,
    again: bool = False,
) -> Conversation:
    """Let a customer wait for people; `again` when the bot was told before that he cannot.

    Outside the hours and without room the queue's policy decides: kept until it opens, another
    queue, or no: then he stays with the bot.
    """
    hindrance = why_not(step, queue)
    if not hindrance:
        return holders.queue_up(step, conversation, queue, actor, cause)
    if queue.closed_policy is ClosedPolicy.OVERFLOW:
        for other in _overflow(step, queue):
            if not why_not(step, other):
                return _elsewhere(step, conversation, queue, other, actor, hindrance)
    opens_at = step.desk.calendars.opens_at(queue, step.now)
    may_park = hindrance == CLOSED and queue.closed_policy is not ClosedPolicy.REFUSE
    if may_park and opens_at is not None:
        return parking.park(step, conversation, queue, opens_at, actor, cause)
    return _refuse(step, conversation, queue, actor, hindrance, again=again)


def why_not(step: Step, queue: Queue) -> str:
    """Why a queue takes nobody now; empty: it does."""
    if not step.desk.calendars.open(queue, step.now):
        return CLOSED
    full = 0 < queue.max_waiting <= step.desk.waiting_in(queue.id)
    return FULL if full else ""


def _overflow(step: Step, queue: Queue) -> Iterator[Queue]:
    """The queues it overflows into, nearest first, each once; then those that they do."""
    visited, level = {queue.id}, [queue]
    for _ in range(_DEEPEST):
        following: list[QueueId] = []
        for here in level:
            following += [each for each in here.overflow if each not in visited]
            visited.update(here.overflow)
        found = (step.desk.queues.get(each) for each in dict.fromkeys(following))
        level = [each for each in found if each is not None]
        yield from level


def _elsewhere(
    step: Step,
    conversation: Conversation,
    queue: Queue,
    other: Queue,
    actor: Actor,
    hindrance: str,
) -> Conversation:
    step.event(
        EventKind.OVERFLOWED,
        actor,
        conversation=conversation.id,
        queue=other.id,
        cause=hindrance,
        before=queue.title,
        queue_title=other.title,
    )
    return holders.queue_up(step, conversation, other, actor, hindrance)


def _refuse(
    step: Step,
    conversation: Conversation,
    queue: Queue,
    actor: Actor,
    hindrance: str,
    *,
    again: bool,
) -> Conversation:
    """Nobody will come: the bot is told why and speaks on; one that cannot hear it, we do."""
    step.event(
        EventKind.HANDOFF_REFUSED,
        actor,
        conversation=conversation.id,
        queue=queue.id,
        cause=hindrance,
        queue_title=queue.title,
    )
    conversation = step.desk.conversations[conversation.id]
    hears = BotEventKind.HANDOFF_REFUSED in step.channel(conversation).bot_hears
    if hears and not again and actor.kind is ActorKind.BOT:
        due = after(step.now, step.desk.options.bot_deadline)
        conversation = step.touch(replace(conversation, bot_due=due))
        deliveries.to_bot(
            step,
            conversation,
            AskBot(
                kind=BotEventKind.HANDOFF_REFUSED,
                epoch=conversation.epoch,
                cause=hindrance,
                queue=queue.name,
            ),
        )
        return conversation
    return _tell(step, conversation, queue, hindrance)


def _tell(step: Step, conversation: Conversation, queue: Queue, hindrance: str) -> Conversation:
    """Tell the customer himself, but not at each of his lines."""
    conversation = step.touch(replace(conversation, bot_due=None))
    told = conversation.told_at
    if told is not None and step.now - told < _SAID_LATELY:
        return conversation
    conversation = step.desk.conversations.put(replace(conversation, told_at=step.now))
    opens_at = step.desk.calendars.opens_at(queue, step.now)
    if hindrance == CLOSED and opens_at is not None:
        opens = parking.when(queue, opens_at, step.now, conversation.language)
        outward.system_line(step, conversation, "customer.closed", opens=opens)
    else:
        key = "customer.closed_long" if hindrance == CLOSED else "customer.full"
        outward.system_line(step, conversation, key)
    return conversation
