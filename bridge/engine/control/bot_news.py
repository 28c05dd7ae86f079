"""What the bot is told of a conversation that it does not hold."""

from bridge.domain.conversation import Conversation, State
from bridge.domain.delivery import AskBot, BotEventKind
from bridge.domain.message import Message
from bridge.engine import deliveries
from bridge.engine.step import Step


def tell(
    step: Step,
    conversation: Conversation,
    kind: BotEventKind,
    *,
    cause: str = "",
    queue: str = "",
    agent: str = "",
) -> None:
    """Promise to tell the channel's bot, if it wants to know this kind of thing."""
    if kind in step.channel(conversation).bot_hears:
        epoch = conversation.epoch
        news = AskBot(kind=kind, epoch=epoch, cause=cause, queue=queue, agent=agent)
        deliveries.to_bot(step, conversation, news)


def queued(step: Step, before: State, conversation: Conversation, cause: str) -> None:
    """It waits for people now; `before` says who had it."""
    queue = None if conversation.queue is None else step.desk.queues.get(conversation.queue)
    name = "" if queue is None else queue.name
    if before is State.BOT:
        tell(step, conversation, BotEventKind.HANDOFF_REQUESTED, cause=cause, queue=name)
    tell(step, conversation, BotEventKind.HANDOFF_QUEUED, cause=cause, queue=name)


def overheard(step: Step, conversation: Conversation, message: Message) -> None:
    """A customer's line to people: for a bot that observes, and for no other."""
    if step.channel(conversation).bot_observes:
        kind, epoch = BotEventKind.MESSAGE_CREATED, conversation.epoch
        line = AskBot(kind=kind, epoch=epoch, content=message.content, observed=True)
        deliveries.to_bot(step, conversation, line)
