"""What became of a thread: it is there, it never will be, or somebody deleted it."""

from msgspec.structs import replace

from bridge.domain.binding import Binding, Purpose
from bridge.domain.delivery import CloseThread, Delivery, OpenThread
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.ids import SECOND, BindingId, RoomRef, ThreadRef, WorkspaceId
from bridge.engine import deliveries
from bridge.engine.step import Step

_SETTLED_IN = 10 * SECOND


def opened(step: Step, delivery: Delivery, body: OpenThread, thread: ThreadRef | None) -> None:
    """It is there: what waited behind its opening goes there, those that it replaces are closed."""
    binding = None if delivery.binding is None else step.desk.bindings.get(delivery.binding)
    if binding is not None and thread is not None and binding.thread is None:
        step.desk.bindings.put(replace(binding, thread=thread))
        step.effects.redraws[binding.id] = None
        step.hint("conversations")
    _close_replaced(step, delivery, body.replaces)


def never_opened(step: Step, delivery: Delivery, body: OpenThread) -> None:
    """A thread was given up after many tries: it is closed, and another is opened in its place.

    What waited behind it ends with it: the new one begins with everything said so far, and calls
    whoever is in control.
    """
    binding = _open_binding(step, delivery)
    if binding is not None and binding.thread is None:
        _open_another(step, binding, "no_thread", "thread.assigned")
    _close_replaced(step, delivery, body.replaces)


def was_deleted(step: Step, delivery: Delivery) -> None:
    """Somebody deleted a thread, and now a line was for it: as if it had never opened.

    One that is gone as soon as it is there (a robot may take our posts away) is left until the next
    line: threads do not chase each other.
    """
    binding = _open_binding(step, delivery)
    if binding is None or step.now - binding.opened_at < _SETTLED_IN:
        return
    _open_another(step, binding, "thread_gone", "thread.gone")
    deliveries.to_thread(step, binding, CloseThread())


def _open_binding(step: Step, delivery: Delivery) -> Binding | None:
    binding = None if delivery.binding is None else step.desk.bindings.get(delivery.binding)
    return None if binding is None or binding.closed_at is not None else binding


def _open_another(step: Step, binding: Binding, cause: str, words: str) -> None:
    """Close this one; who is in control is called where it goes on."""
    step.desk.bindings.put(replace(binding, closed_at=step.now, mirrors=False, close_cause=cause))
    step.event(EventKind.DELIVERY_FAILED, SYSTEM, conversation=binding.conversation, cause=cause)
    conversation = step.desk.conversation(binding.conversation)
    if conversation is None:
        return
    step.moved[conversation.id] = None
    holder = None if conversation.agent is None else step.desk.agents.get(conversation.agent)
    if holder is not None and binding.purpose is Purpose.WORK:
        step.say(conversation.id, words, holder.id, agent=holder.name)


def _close_replaced(step: Step, delivery: Delivery, replaced: tuple[BindingId, ...]) -> None:
    """Threads of this conversation that were closed in favour of this one: show their last cards.

    They are not in memory any more; a call in them needs no more than where they are.
    """
    for id_ in replaced:
        thread = Binding(
            id=id_,
            conversation=delivery.conversation,
            workspace=WorkspaceId(delivery.place),
            room=RoomRef(""),
            purpose=Purpose.WORK,
            opened_at=step.now,
        )
        deliveries.to_thread(step, thread, CloseThread())
