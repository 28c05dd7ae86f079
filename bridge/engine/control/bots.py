"""What bots answer, and what happens when they do not."""

from msgspec.structs import replace

from bridge.domain.content import Content
from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import AskBot, BotEventKind, Delivery, DeliveryState
from bridge.domain.events import Actor, ActorKind, EventKind
from bridge.domain.ids import ConversationId, IdentityId, after
from bridge.domain.moves import Outcome, done, refused
from bridge.domain.queue import Queue
from bridge.domain.text import plain
from bridge.domain.value import Value
from bridge.engine import deliveries
from bridge.engine.control import admitting, holders
from bridge.engine.lines import inward, outward
from bridge.engine.step import Step
from bridge.ports.bot import BotReply, Handoff
from bridge.ports.store import DeliveryMark


class BotAnswered(Value, tag="bot_answered"):
    """A bot's answer to one event; it counts only under the epoch it was asked under."""

    conversation: ConversationId
    identity: IdentityId
    epoch: int
    asked: BotEventKind
    reply: BotReply


class BotFailed(Value, tag="bot_failed"):
    """The bot could not be reached, or refuses."""

    conversation: ConversationId
    identity: IdentityId
    epoch: int
    reason: str


class BotSpoke(Value, tag="bot_spoke"):
    """A bot speaks by itself, in a conversation that it last saw under this epoch."""

    conversation: ConversationId
    number: int
    identity: IdentityId
    epoch: int
    reply: BotReply


class BotReplayed(Value, tag="bot_replayed"):
    """Somebody wants the bot to be told again what it was never told."""

    delivery: Delivery


def bot_answered(step: Step, event: BotAnswered) -> None:
    """Send what the bot says, if it still may, then do what it asks."""
    conversation = _still_his(step, event)
    if conversation is None:
        return
    if not event.reply.later:
        again = event.asked is BotEventKind.HANDOFF_REFUSED
        _follow(step, conversation, event.reply, again=again)
    elif conversation.bot_due is not None:  # or it has spoken already
        step.touch(replace(conversation, bot_due=after(step.now, step.desk.options.bot_late)))


def spoken(conversation: Conversation, reply: BotReply, epoch: int) -> BotSpoke:
    """What a bot says by itself in this conversation."""
    return BotSpoke(
        conversation=conversation.id,
        number=conversation.number,
        identity=conversation.identity,
        epoch=epoch,
        reply=reply,
    )


def bot_spoke(step: Step, event: BotSpoke) -> Outcome:
    """The same, unasked: also to a customer with whom nobody talks any more."""
    conversation = step.desk.conversation(event.conversation)
    if conversation is None or conversation.epoch != event.epoch:
        return refused("stale")
    if conversation.state is State.ENDED and event.reply.messages:
        identity = step.desk.identity(event.identity)
        if identity is None or identity.merged or step.desk.current(identity.id) is not None:
            return refused("stale")
        conversation = inward.open_conversation(step, identity)
    if conversation.state is not State.BOT:
        return refused("stale")
    _follow(step, conversation, event.reply)
    now = step.desk.conversations[conversation.id]
    return done(number=str(now.number), epoch=str(now.epoch))


def bot_replayed(step: Step, event: BotReplayed) -> Outcome:
    """Promise once more what was given up, under its first name, so that it acts once."""
    old = event.delivery
    if not isinstance(old.body, AskBot) or old.body.fleeting:
        return refused("stale")
    when, now = (DeliveryState.DEAD,), DeliveryState.CANCELLED
    step.mark(DeliveryMark(id=old.id, when=when, state=now, at=step.now, error="replayed"))
    put_off(step, old, old.body)
    return done()


def put_off(step: Step, old: Delivery, body: AskBot) -> None:
    """Tell the bot later what it could not be told now, behind nobody's line."""
    deliveries.to_bot_later(step, old, replace(body, late=True, key=body.key or f"d{old.id}"))


def _follow(
    step: Step, conversation: Conversation, reply: BotReply, *, again: bool = False
) -> None:
    """Do what the bot says; `again` when it was told just now that nobody will come."""
    conversation = step.touch(
        replace(
            conversation,
            bot_due=None,
            bot_memory=conversation.bot_memory if reply.memory is None else reply.memory,
            language=reply.language or conversation.language,
            last_our_at=step.now if reply.messages else conversation.last_our_at,
        )
    )
    for content in reply.messages:
        line = outward.bot_line(step, conversation, _filled(step, conversation, content))
        inward.mirror(step, conversation, line)
    if reply.handoff is not None:
        hand_off(step, conversation, reply.handoff, again=again)
    elif reply.close:
        holders.end(step, conversation, _bot(step), "bot_closed")


def _filled(step: Step, conversation: Conversation, content: Content) -> Content:
    """A template that the bot names, with its words: the one in the nearest language."""
    use = content.template
    if use is None or content.text:
        return content
    language = use.language or conversation.language
    named = [
        each
        for each in step.desk.templates()
        if each.name == use.name and each.approved and each.channel in (None, conversation.channel)
    ]
    if not named:
        return content
    template = min(named, key=lambda each: each.distance(language))
    values = dict(zip(template.variables(), use.variables, strict=False))
    return replace(
        content,
        text=plain(template.fill(values)),
        template=replace(use, language=template.language),
    )


def _still_his(step: Step, event: BotAnswered) -> Conversation | None:
    """The conversation this answer may go to; None: somebody else has the word by now."""
    conversation = step.desk.conversation(event.conversation)
    if conversation is not None and conversation.open:
        ours = conversation.state is State.BOT and conversation.epoch == event.epoch
        return conversation if ours else None
    if event.asked is not BotEventKind.HANDOFF_RETURNED or not event.reply.messages:
        return None
    identity = step.desk.identity(event.identity)
    if identity is None or identity.merged or step.desk.current(identity.id) is not None:
        return None
    return inward.open_conversation(step, identity)


def hand_off(
    step: Step, conversation: Conversation, handoff: Handoff, *, again: bool = False
) -> None:
    """The bot wants a person: into the queue it names, or the default one."""
    queue = _queue(step, handoff)
    if queue is None:
        step.event(
            EventKind.HANDOFF_REFUSED, _bot(step), conversation=conversation.id, cause="no_queue"
        )
        return
    waiting = replace(
        conversation,
        priority=min(conversation.priority, handoff.priority),
        reason=handoff.reason,
        summary=handoff.summary,
    )
    cause = handoff.reason or "asked"
    admitting.admit(step, waiting, queue, _bot(step), cause, again=again)


def _queue(step: Step, handoff: Handoff) -> Queue | None:
    queue = None if handoff.queue is None else step.desk.queue_by_name(handoff.queue)
    return queue if queue is not None and queue.active else step.desk.default_queue()


def bot_failed(step: Step, event: BotFailed) -> None:
    """No bot to answer: a person is called, and the customer is told."""
    conversation = step.desk.conversation(event.conversation)
    if conversation is None or conversation.state is not State.BOT:
        return
    if conversation.epoch == event.epoch:
        bot_down(step, conversation)


def bot_down(step: Step, conversation: Conversation) -> None:
    """Never leave a customer in silence: say that a person will answer, and queue."""
    inward.hand_over(step, conversation, "bot_down")
    current = step.desk.conversations[conversation.id]
    if current.state is State.WAITING:  # else he was told already what comes now
        outward.system_line(step, current, "customer.bot_down")


def _bot(step: Step) -> Actor:
    return Actor(kind=ActorKind.BOT, name=step.desk.options.brand)
