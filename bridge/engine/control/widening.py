"""A wait that lasts: after each `max_wait` one more queue's agents are tried, too."""

from collections.abc import Iterator

from msgspec.structs import replace

from bridge.domain.agent import Agent
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import AskBot, BotEventKind
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.ids import Instant, QueueId, after
from bridge.domain.queue import OverflowEnd, Queue
from bridge.engine import deliveries
from bridge.engine.control import holders
from bridge.engine.lines import outward, window
from bridge.engine.state.desk import Desk
from bridge.engine.step import Step


def due(desk: Desk, conversation: Conversation, queue: Queue, now: Instant) -> Instant | None:
    """When the wait is widened next, or ends; None: never.

    A queue that is closed by then joins when it opens; meanwhile it keeps nothing from ending.
    """
    if not queue.max_wait:
        return None
    since = conversation.since or conversation.opened_at
    moment = after(since, (len(conversation.widened) + 1) * queue.max_wait)
    seen = max(moment, now)
    opening = [desk.calendars.opens_at(each, seen) for each in _left(desk, conversation, queue)]
    if seen in opening or _ends(desk, conversation, queue):
        return moment
    return min((each for each in opening if each is not None), default=None)


def lasted(step: Step, conversation: Conversation) -> None:
    """Add every queue whose turn has come; after the last, do what the queue says."""
    if conversation.queue is None:
        return
    queue = step.desk.queues[conversation.queue]
    while (moment := due(step.desk, conversation, queue, step.now)) is not None:
        if moment > step.now:
            return
        added = _next(step, conversation, queue)
        if added is None:
            if _ends(step.desk, conversation, queue):
                give_up(step, conversation)
            return
        conversation = _widen(step, conversation, added)


def home_of(desk: Desk, conversation: Conversation, agent: Agent) -> QueueId | None:
    """The queue in which this agent has it: its own, or the one of his to which it was widened."""
    his = desk.memberships(agent.id)
    for queue in (conversation.queue, *conversation.widened):
        if queue in his:
            return queue
    return conversation.queue


def _left(desk: Desk, conversation: Conversation, queue: Queue) -> Iterator[Queue]:
    """The queues that may still be added."""
    visited = {queue.id, *conversation.widened}
    for id_ in queue.overflow:
        found = desk.queues.get(id_)
        if found is not None and found.active and found.id not in visited:
            yield found


def _next(step: Step, conversation: Conversation, queue: Queue) -> Queue | None:
    left = _left(step.desk, conversation, queue)
    return next((each for each in left if step.desk.calendars.open(each, step.now)), None)


def _ends(desk: Desk, conversation: Conversation, queue: Queue) -> bool:
    """Whether there is a bot for it to go back to, and the queue wants that."""
    place = desk.places.channels.get(conversation.channel)
    has_bot = place is not None and place.bot is not None
    return queue.overflow_end is OverflowEnd.BOT and has_bot


def _widen(step: Step, conversation: Conversation, added: Queue) -> Conversation:
    step.event(
        EventKind.OVERFLOWED,
        SYSTEM,
        conversation=conversation.id,
        queue=added.id,
        cause="max_wait",
        queue_title=added.title,
    )
    step.hint("queues")
    return step.put(replace(conversation, widened=(*conversation.widened, added.id)))


def give_up(step: Step, conversation: Conversation) -> None:
    """Nobody came: the customer is told, and the bot has the word again."""
    queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
    conversation = holders.release(step, conversation, "wait_expired")
    conversation = step.put(
        replace(
            conversation,
            state=State.BOT,
            queue=None,
            agent=None,
            epoch=conversation.epoch + 1,
            since=None,
            widened=(),
            skips=(),
            alerts=0,
            told_place=0,
            told_at=None,
            escalated=False,
            notified=False,
        )
    )
    step.event(
        EventKind.HANDOFF_REFUSED,
        SYSTEM,
        conversation=conversation.id,
        queue=None if queue is None else queue.id,
        cause="wait_expired",
        queue_title="" if queue is None else queue.title,
    )
    step.hint("queues")
    if not window.is_closed(step, conversation):
        outward.system_line(step, conversation, "customer.nobody_came")
    kind, epoch = BotEventKind.HANDOFF_RETURNED, conversation.epoch
    deliveries.to_bot(step, conversation, AskBot(kind=kind, epoch=epoch, cause="wait_expired"))
