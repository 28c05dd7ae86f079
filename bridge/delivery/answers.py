"""Where a bot's answer goes: back to the engine, as something that came in."""

from bridge.domain.delivery import ANSWERED, AskBot, Delivery
from bridge.domain.ids import SourceKey
from bridge.engine.control.bots import BotAnswered
from bridge.engine.engine import Engine
from bridge.ports.bot import BotReply


class BotAnswers:
    """Hands a bot's answer in; the same delivery answers once."""

    def __init__(self, engine: Engine) -> None:
        """Hand in to this engine."""
        self._engine = engine

    async def answered(self, delivery: Delivery, asked: AskBot, reply: BotReply) -> None:
        """Returns when the answer is on disk and decided."""
        if delivery.identity is None or asked.observed or asked.kind not in ANSWERED:
            return
        event = BotAnswered(
            conversation=delivery.conversation,
            identity=delivery.identity,
            epoch=asked.epoch,
            asked=asked.kind,
            reply=reply,
        )
        await self._engine.accept(event, (SourceKey(f"bot:{delivery.id}"),))
