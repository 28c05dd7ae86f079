"""The customer is told how many are before him: when he begins to wait, and when it got better."""

from msgspec.structs import replace

from bridge.domain.conversation import Conversation, State
from bridge.domain.ids import Instant, after
from bridge.domain.queue import Queue
from bridge.engine.lines import outward, window
from bridge.engine.step import Step
from bridge.routing.router import Router


def due(conversation: Conversation, queue: Queue) -> Instant | None:
    """When to look again; who is the first cannot come nearer."""
    if not queue.tell_waiting or conversation.told_at is None or conversation.told_place == 1:
        return None
    return after(conversation.told_at, queue.tell_waiting)


def look(step: Step, conversation: Conversation) -> None:
    """It is time to tell him his place, if it is a better one."""
    step.tell_place[conversation.id] = None


def tell(router: Router, step: Step) -> None:
    """Tell those who begin to wait, and those whose time has come."""
    for id_ in dict.fromkeys((*step.moved, *step.tell_place)):
        conversation = step.desk.conversations[id_]
        queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
        if queue is None or not queue.tell_waiting or conversation.state is not State.WAITING:
            continue
        if conversation.told_at is None or id_ in step.tell_place:
            _tell(step, conversation, router.position(id_))
    step.tell_place.clear()


def _tell(step: Step, conversation: Conversation, place: int) -> None:
    """A place that is not better, or that cannot be told, is only looked at."""
    better = conversation.told_place == 0 or place < conversation.told_place
    told = better and not window.is_closed(step, conversation)
    step.desk.conversations.put(
        replace(
            conversation,
            told_place=place if told else conversation.told_place,
            told_at=step.now,
        )
    )
    if told:
        key = "customer.place_first" if place == 1 else "customer.place"
        outward.system_line(step, conversation, key, place=str(place))
