"""What became of deliveries: ids are remembered, trouble is told."""

from msgspec.structs import replace

from bridge.domain.delivery import (
    ANSWERED,
    AskBot,
    Delivery,
    DeliveryState,
    Mark,
    OpenThread,
    PostLine,
    Side,
)
from bridge.domain.ids import (
    Address,
    ExternalId,
    Instant,
    ThreadRef,
)
from bridge.domain.message import (
    MessageLink,
    Receipt,
    channel_scope,
    merge_receipt,
    thread_scope,
)
from bridge.domain.value import Value
from bridge.engine.control import bots, thread_outcomes
from bridge.engine.lines import names, trouble, window
from bridge.engine.step import Step
from bridge.ports.store import DeliveryMark

PUT_OFF = "put_off"
"""The code of a call to a bot that is given up here and promised anew, with more patience."""

WAITS = "waits"
"""The code of an agent's line that waits until its channel takes anything from us again."""

THREAD_GONE = "thread_gone"
"""The code of a call in a thread that is not there any more."""

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
        if outcome.code == WAITS:
            _waits(step, delivery)
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
        thread_outcomes.opened(step, delivery, body, outcome.thread)


def _scope(delivery: Delivery) -> str:
    if delivery.binding is not None:
        return thread_scope(delivery.binding)
    return channel_scope(delivery.place)  # type: ignore[arg-type]  # a channel's call


def _receipt(step: Step, body: PostLine, receipt: Receipt, reason: str) -> None:
    message = step.desk.line(body.message)
    if message is None:
        return
    merged = merge_receipt(message.receipt, receipt)
    if merged is not message.receipt:
        step.change_message(replace(message, receipt=merged, receipt_reason=reason))


def _waits(step: Step, delivery: Delivery) -> None:
    """Whoever writes there shall know that it is late, and that it is not lost."""
    conversation = step.desk.conversation(delivery.conversation)
    if conversation is not None:
        step.moved[conversation.id] = None
        step.say(conversation.id, "trouble.waits", channel=step.channel(conversation).label)


def _learn(step: Step, delivery: Delivery, outcome: Settled) -> None:
    """What the platform calls him; perhaps we knew him by that as somebody else."""
    identity = None if delivery.identity is None else step.desk.identities.get(delivery.identity)
    if identity is not None and outcome.addresses and identity.merged is None:
        names.meet(step, identity, outcome.addresses, outcome.certain)


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
        thread_outcomes.never_opened(step, delivery, body)
    elif isinstance(body, AskBot):
        _bot_failed(step, delivery, body, outcome.code)
    elif delivery.side is Side.WORKSPACE and outcome.code == THREAD_GONE:
        thread_outcomes.was_deleted(step, delivery)
    elif delivery.side is Side.CHANNEL and isinstance(body, PostLine):
        _line_in_trouble(step, outcome, body)


def _line_in_trouble(step: Step, outcome: Settled, body: PostLine) -> None:
    """A line that did not reach the customer, or nobody knows."""
    delivery = outcome.delivery
    unknown = outcome.state is DeliveryState.UNKNOWN
    reason = outcome.code or "failed"
    _receipt(step, body, Receipt.UNKNOWN if unknown else Receipt.FAILED, reason)
    if reason == window.CLOSED:
        window.close(step, delivery.conversation, delivery.created_at)
    message = step.desk.line(body.message)
    if message is not None:
        trouble.tell(step, message, Mark.UNKNOWN if unknown else Mark.FAILED, reason)
