"""What became of deliveries: ids are remembered, threads are known, trouble is told."""

from msgspec.structs import replace

from bridge.domain.binding import Binding, Purpose
from bridge.domain.delivery import (
    ANSWERED,
    AskBot,
    CloseThread,
    Delivery,
    DeliveryState,
    Mark,
    OpenThread,
    PostLine,
    Side,
)
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.ids import (
    SECOND,
    Address,
    BindingId,
    ExternalId,
    Instant,
    RoomRef,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.message import (
    MessageLink,
    Receipt,
    channel_scope,
    merge_receipt,
    thread_scope,
)
from bridge.domain.value import Value
from bridge.engine.control import bots
from bridge.engine.lines import names, trouble, window
from bridge.engine.step import Step
from bridge.ports.store import DeliveryMark

PUT_OFF = "put_off"
"""The code of a call to a bot that is given up here and promised anew, with more patience."""

THREAD_GONE = "thread_gone"
"""The code of a call in a thread that is not there any more."""

_SETTLED_IN = 10 * SECOND
_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN)


class Settled(Value):
    """One delivery's end, or its next try (`due_at` set; `state` sending when in doubt)."""

    delivery: Delivery
    state: DeliveryState
    external_ids: tuple[ExternalId, ...] = ()
    thread: ThreadRef | None = None
    addresses: tuple[Address, ...] = ()
    certain: Address | None = None
    code: str = ""
    error: str = ""
    attempts: int = 0
    due_at: Instant | None = None


def settled(step: Step, outcome: Settled) -> None:
    """Keep what the platform said, and tell whoever has to know."""
    delivery = outcome.delivery
    step.mark(
        DeliveryMark(
            id=delivery.id,
            when=_OPEN,
            state=outcome.state,
            at=step.now,
            attempts=outcome.attempts,
            due_at=outcome.due_at,
            error=outcome.error,
        )
    )
    if outcome.state is DeliveryState.SENT:
        _sent(step, delivery, outcome)
    elif outcome.state in (DeliveryState.PENDING, DeliveryState.SENDING):
        return
    elif outcome.code == PUT_OFF and isinstance(delivery.body, AskBot):
        bots.put_off(step, delivery, delivery.body)
        _bot_failed(step, delivery, delivery.body, outcome.code)
    elif outcome.state in (DeliveryState.DEAD, DeliveryState.UNKNOWN):
        _in_trouble(step, delivery, outcome)
    if delivery.side is Side.CHANNEL and isinstance(delivery.body, PostLine):
        step.desk.landed(delivery.body.message, delivery.id)


def _sent(step: Step, delivery: Delivery, outcome: Settled) -> None:
    body = delivery.body
    if isinstance(body, PostLine):
        scope = _scope(delivery)
        for external_id in outcome.external_ids:
            step.link(
                MessageLink(
                    message=body.message,
                    conversation=delivery.conversation,
                    scope=scope,
                    external_id=external_id,
                    part=body.part,
                )
            )
        if delivery.side is Side.CHANNEL:
            _receipt(step, body, Receipt.ACCEPTED, "")
            _learn(step, delivery, outcome)
    elif isinstance(body, OpenThread):
        _thread_open(step, delivery, outcome.thread)
        _close_replaced(step, delivery, body.replaces)


def _scope(delivery: Delivery) -> str:
    if delivery.binding is not None:
        return thread_scope(delivery.binding)
    return channel_scope(delivery.place)  # type: ignore[arg-type]  # a channel's call


def _thread_open(step: Step, delivery: Delivery, thread: ThreadRef | None) -> None:
    binding: Binding | None = None
    if delivery.binding is not None:
        binding = step.desk.bindings.get(delivery.binding)
    if binding is not None and thread is not None and binding.thread is None:
        step.desk.bindings.put(replace(binding, thread=thread))
        step.effects.redraws[binding.id] = None
        step.hint("conversations")


def _receipt(step: Step, body: PostLine, receipt: Receipt, reason: str) -> None:
    message = step.desk.line(body.message)
    if message is None:
        return
    merged = merge_receipt(message.receipt, receipt)
    if merged is not message.receipt:
        step.change_message(replace(message, receipt=merged, receipt_reason=reason))


def _learn(step: Step, delivery: Delivery, outcome: Settled) -> None:
    """What the platform calls him; perhaps we knew him by that as somebody else."""
    identity = None if delivery.identity is None else step.desk.identities.get(delivery.identity)
    if identity is not None and outcome.addresses and identity.merged is None:
        names.meet(step, identity, outcome.addresses, outcome.certain)


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
        step.to_thread(thread, CloseThread())


def _never_opened(step: Step, delivery: Delivery) -> None:
    """A thread was given up after many tries: it is closed, and another is opened in its place.

    What waited behind it ends with it: the new one begins with everything said so far, and calls
    whoever is in control.
    """
    binding = _open_binding(step, delivery)
    if binding is not None and binding.thread is None:
        _open_another(step, binding, "no_thread", "thread.assigned")


def _was_deleted(step: Step, delivery: Delivery) -> None:
    """Somebody deleted a thread, and now a line was for it: as if it had never opened.

    One that is gone as soon as it is there (a robot may take our posts away) is left until the next
    line: threads do not chase each other.
    """
    binding = _open_binding(step, delivery)
    if binding is None or step.now - binding.opened_at < _SETTLED_IN:
        return
    _open_another(step, binding, "thread_gone", "thread.gone")
    step.to_thread(binding, CloseThread())


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


def _bot_failed(step: Step, delivery: Delivery, body: AskBot, reason: str) -> None:
    """Where an answer was due, somebody else has to give it."""
    if delivery.identity is None or body.late or body.observed or body.kind not in ANSWERED:
        return
    failed = bots.BotFailed(
        conversation=delivery.conversation,
        identity=delivery.identity,
        epoch=body.epoch,
        reason=reason,
    )
    bots.bot_failed(step, failed)


def _in_trouble(step: Step, delivery: Delivery, outcome: Settled) -> None:
    body = delivery.body
    if isinstance(body, OpenThread):
        _never_opened(step, delivery)
        _close_replaced(step, delivery, body.replaces)
    elif outcome.code == THREAD_GONE and delivery.side is Side.WORKSPACE:
        _was_deleted(step, delivery)
    if isinstance(body, AskBot):
        _bot_failed(step, delivery, body, outcome.code)
    if not isinstance(body, PostLine) or delivery.side is not Side.CHANNEL:
        return
    unknown = outcome.state is DeliveryState.UNKNOWN
    reason = outcome.code or "failed"
    _receipt(step, body, Receipt.UNKNOWN if unknown else Receipt.FAILED, reason)
    if reason == window.CLOSED:
        window.close(step, delivery.conversation, delivery.created_at)
    message = step.desk.line(body.message)
    if message is not None:
        trouble.tell(step, message, Mark.UNKNOWN if unknown else Mark.FAILED, reason)
