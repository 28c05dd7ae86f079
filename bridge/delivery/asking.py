"""Asks a bot: everything that its event names is looked up, its answer is handed in."""

from collections.abc import Mapping

from bridge.delivery.answers import BotAnswers
from bridge.domain.content import Content
from bridge.domain.conversation import State
from bridge.domain.delivery import AskBot, Delivery, DeliveryState
from bridge.domain.errors import DeliveryRejected
from bridge.domain.ids import BotId, ConversationId
from bridge.domain.message import Author
from bridge.engine.reading.lookup import Lookup
from bridge.engine.settle import Settled
from bridge.ports.bot import BotAdapter, BotCall, Control, QueueState

_CUSTOMER = Author.CUSTOMER
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
            )
        )
        await self._answers.answered(delivery, body, reply)
        return Settled(delivery=delivery, state=DeliveryState.SENT)

    async def _unanswered(self, returned: ConversationId | None) -> Content | None:
        """What the customer wrote since the last reply of ours, in one."""
        if returned is None:
            return None
        lines = await self._lookup.reads.lines(returned, None, 50)
        spoken = [line for line in lines if not line.internal and not line.deleted_at]
        last = max((n for n, line in enumerate(spoken) if line.author is not _CUSTOMER), default=-1)
        left = spoken[last + 1 :]
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
