"""Promises of calls: to whom, and in which lane."""

from msgspec.structs import replace

from bridge.commands.speech import spoken
from bridge.domain.binding import Binding
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import (
    ANSWERED,
    AskBot,
    Body,
    Delivery,
    DeliveryState,
    OfferedCommand,
    Side,
    Whisper,
    bot_lane,
    bot_news_lane,
    contact_lane,
    thread_lane,
    whisper_lane,
)
from bridge.domain.ids import DeliveryId, IdentityId, WorkspaceUserId
from bridge.domain.text import FormattedText, plain
from bridge.engine.step import Step
from bridge.locales import say


def to_customer(step: Step, conversation: Conversation, body: Body) -> Delivery:
    """Promise a call on the customer's channel."""
    return step.deliver(
        Delivery(
            id=DeliveryId(step.new_id()),
            lane=contact_lane(conversation.identity),
            side=Side.CHANNEL,
            place=conversation.channel,
            conversation=conversation.id,
            identity=conversation.identity,
            body=body,
            created_at=step.now,
        )
    )


def to_thread(step: Step, binding: Binding, body: Body, lane: str = "") -> Delivery:
    """Promise a call in a thread, in the thread's lane or in another one."""
    return step.deliver(
        Delivery(
            id=DeliveryId(step.new_id()),
            lane=lane or thread_lane(binding.id),
            side=Side.WORKSPACE,
            place=binding.workspace,
            conversation=binding.conversation,
            binding=binding.id,
            body=body,
            created_at=step.now,
        )
    )


def to_bot(step: Step, conversation: Conversation, body: AskBot) -> Delivery | None:
    """Promise to ask the channel's bot; None when it has none."""
    bot = step.channel(conversation).bot
    if bot is None:
        return None
    return step.deliver(
        Delivery(
            id=DeliveryId(step.new_id()),
            lane=_lane_of_bot(conversation.identity, body),
            side=Side.BOT,
            place=bot,
            conversation=conversation.id,
            identity=conversation.identity,
            body=body,
            created_at=step.now,
        )
    )


def to_bot_later(step: Step, old: Delivery, body: AskBot) -> Delivery:
    """Promise a call to a bot anew, in the lane of what has time."""
    assert old.identity is not None, "a bot is always told of a customer"
    return step.deliver(
        replace(
            old,
            id=DeliveryId(step.new_id()),
            lane=_lane_of_bot(old.identity, body),
            body=body,
            created_at=step.now,
            state=DeliveryState.PENDING,
            attempts=0,
            due_at=None,
            error="",
        )
    )


def _lane_of_bot(identity: IdentityId, body: AskBot) -> str:
    """What may wait for days must not keep a customer's line waiting behind it."""
    news = body.late or body.observed or body.kind not in ANSWERED
    return bot_news_lane(identity) if news else bot_lane(identity)


def whisper(
    step: Step,
    binding: Binding,
    user: WorkspaceUserId,
    key: str,
    *offers: OfferedCommand,
    **data: object,
) -> None:
    """Tell one person something privately, in his language; `key` is in the catalogue."""
    agent = step.desk.agent_of(binding.workspace, user)
    place = step.desk.places.workspaces[binding.workspace]
    language = place.language if agent is None else agent.language
    labelled = tuple(
        replace(offer, label=say(language, offer.label, **offer.arguments)) for offer in offers
    )
    words = spoken({name: str(each) for name, each in data.items()}, language)
    whisper_text(step, binding, user, plain(say(language, key, **words)), labelled)


def whisper_text(
    step: Step,
    binding: Binding,
    user: WorkspaceUserId,
    text: FormattedText,
    offers: tuple[OfferedCommand, ...],
) -> None:
    """Tell one person something privately that is worded already.

    In a thread that is only being opened it is said behind that.
    """
    lane = "" if binding.thread is None else whisper_lane(user)
    to_thread(step, binding, Whisper(user=user, text=text, offers=offers), lane)
