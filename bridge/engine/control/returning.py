"""From people back to the bot: the human part ends, and nobody is left without an answer."""

from msgspec.structs import replace

from bridge.domain.conversation import Conversation
from bridge.domain.delivery import AskBot, BotEventKind
from bridge.domain.events import Actor
from bridge.domain.ids import after
from bridge.engine import deliveries
from bridge.engine.control import holders
from bridge.engine.lines import inward
from bridge.engine.step import Step


def give_back(
    step: Step, conversation: Conversation, actor: Actor, cause: str, summary: str
) -> None:
    """End the human part and hand the summary to the bot, which may answer.

    If the customer wrote last, his next conversation begins at once and the bot's deadline runs.
    """
    unanswered = _customer_wrote_last(conversation)
    ended = holders.end(step, conversation, actor, cause, summary)
    if step.channel(ended).bot is None:
        return
    current = ended
    if unanswered:
        opened = inward.open_conversation(step, step.identity(ended))
        due = after(step.now, step.desk.options.bot_deadline)
        current = step.put(replace(opened, bot_due=due, last_customer_at=ended.last_customer_at))
    deliveries.to_bot(
        step,
        current,
        AskBot(
            kind=BotEventKind.HANDOFF_RETURNED,
            epoch=current.epoch,
            summary=summary,
            returned=ended.id,
        ),
    )


def _customer_wrote_last(conversation: Conversation) -> bool:
    if conversation.last_customer_at is None:
        return False
    return (conversation.last_our_at or 0) < conversation.last_customer_at
