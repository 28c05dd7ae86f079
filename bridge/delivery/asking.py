"""Asks a bot: everything that its event names is looked up, its answer is handed in."""

from collections.abc import Mapping, Sequence

from bridge.delivery.answers import BotAnswers
from bridge.domain.content import Content
from bridge.domain.conversation import State
from bridge.domain.delivery import ANSWERED, AskBot, Delivery, DeliveryState
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import BotId, ConversationId
from bridge.domain.message import Author, Message
from bridge.engine.reading.lookup import Lookup
from bridge.engine.settle import Settled
from bridge.ports.bot import (
    MOST_HISTORY,
    BotAdapter,
    BotCall,
    Control,
    Earlier,
    QueueState,
    Remembers,
)

_CUSTOMER = Author.CUSTOMER
_BEHIND = 50
"""Lines that may have come since the one that a bot is told of."""
_CONTROL = {State.BOT: Control.BOT, State.ASSIGNED: Control.AGENT, State.ENDED: Control.ENDED}


class Asking:
    """Makes the calls to bots."""

    def __init__(
        self, bots: Mapping[BotId, BotAdapter], lookup: Lookup, answers: BotAnswers
    ) -> None:
        """What it calls, where it looks things up, where answers go."""
        self._bots = bots
        self._lookup = lookup
        self._answers = answers

    async def ask(self, delivery: Delivery) -> Settled:
        """Make the call, unless what it is about is over. Raises as `BotAdapter.ask` does."""
        body = delivery.body
        bot = self._bots.get(BotId(delivery.place))
        if bot is None or delivery.identity is None or not isinstance(body, AskBot):
            raise DeliveryRejected(f"bot {delivery.place} is not configured", "no_bot")
        conversation = await self._lookup.conversation(delivery.conversation)
        if body.fleeting and conversation.epoch != body.epoch:
            return Settled(delivery=delivery, state=DeliveryState.CANCELLED)
        identity = await self._lookup.identity(delivery.identity)
        reply = await bot.ask(
            BotCall(
                key=body.key or f"d{delivery.id}",
                kind=body.kind,
                session=str(identity.id),
                conversation=conversation.public_id,
                number=conversation.number,
                control=_CONTROL.get(conversation.state, Control.WAITING),
                channel=conversation.channel,
                language=conversation.language,
                customer=identity.name,
                epoch=conversation.epoch,
                cause=body.cause,
                queue=body.queue,
                agent=body.agent,
                content=body.content or await self._unanswered(body.returned),
                memory=conversation.bot_memory,
                summary=body.summary,
                queues=self._queue_states(),
                history=await self._history(bot, delivery, body),
            )
        )
        await self._answers.answered(delivery, body, reply)
        return Settled(delivery=delivery, state=DeliveryState.SENT)

    async def _history(
        self, bot: BotAdapter, delivery: Delivery, body: AskBot
    ) -> tuple[Earlier, ...]:
        """What the customer could read before what this is about, for a bot that wants it."""
        asked: object = bot
        most = asked.history if isinstance(asked, Remembers) else 0
        if not most or body.kind not in ANSWERED:
            return ()
        about = body.returned or delivery.conversation
        lines = await self._lookup.reads.lines(about, None, min(most, MOST_HISTORY) + _BEHIND)
        spoken = [line for line in lines if not line.internal and not line.deleted_at]
        before = spoken[: _first_of(spoken, body.content)][-min(most, MOST_HISTORY) :]
        return tuple(
            Earlier(author=line.author, name=line.name, at=line.at, content=line.content)
            for line in before
        )

    async def _unanswered(self, returned: ConversationId | None) -> Content | None:
        """What the customer wrote since the last reply of ours, in one."""
        if returned is None:
            return None
        lines = await self._lookup.reads.lines(returned, None, 50)
        spoken = [line for line in lines if not line.internal and not line.deleted_at]
        left = spoken[_first_of(spoken, None) :]
        if not left:
            return None
        return Content(
            text=tuple(block for line in left for block in line.content.text),
            files=tuple(file for line in left for file in line.content.files),
        )

    def _queue_states(self) -> tuple[QueueState, ...]:
        desk = self._lookup.desk
        return tuple(
            QueueState(
                name=queue.name,
                title=queue.title,
                available=desk.available_in(queue.id),
                waiting=desk.waiting_in(queue.id),
            )
            for queue in desk.queues
            if queue.active
        )


def _first_of(lines: Sequence[Message], content: Content | None) -> int:
    """Where in the lines the customer's begins that this is about; without a word the last ones."""
    if content is not None:
        for at in range(len(lines) - 1, -1, -1):
            if lines[at].author is _CUSTOMER and lines[at].content == content:
                return at
    said = (at for at, line in enumerate(lines) if line.author is not _CUSTOMER)
    return max(said, default=-1) + 1
