"""Operations of bots: to speak by themselves; and of the operator: what they were never told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from bridge.commands.authorize import Action, Object, Scope, authorize
from bridge.domain.conversation import Conversation
from bridge.domain.delivery import AskBot, Delivery, DeliveryState, Side
from bridge.domain.errors import DeliveryRejected, NotAuthorized, TemporaryFailure
from bridge.domain.ids import BotId, SourceKey
from bridge.domain.moves import Outcome
from bridge.engine.control.bots import BotReplayed, spoken
from bridge.engine.engine import Engine
from bridge.ports.bot import BotAdapter
from bridge.ports.bot_answer import BotAnswer, ReadsAnswers
from bridge.ports.store import Reads
from bridge.web.api.fields import Body, Nothing, Shape, moment
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.problems import Refused
from bridge.web.tokens import entry_point

_MOST = 1_000


class BotMessages(Body, BotAnswer):
    """What the bot says and wants, under the epoch in which it last saw the conversation."""

    epoch: Annotated[int, Field(ge=1)]


class BotSaid(Shape):
    """It was taken; the conversation may be a new one, if the old one had ended."""

    conversation: str
    epoch: int


class DeadLetter(Shape):
    """News that a bot was never told; `error` says why."""

    id: str
    bot: str
    type: str
    conversation: str
    error: str
    at: datetime


class DeadLetters(Shape):
    """Newest first."""

    dead_letters: tuple[DeadLetter, ...]


class Bots:
    """Takes what bots say, under the fence that everything they say is under."""

    def __init__(self, engine: Engine, reads: Reads, bots: Mapping[BotId, BotAdapter]) -> None:
        """`bots` read their own words: only they know where their files may come from."""
        self._engine = engine
        self._reads = reads
        self._bots = bots

    def routes(self) -> list[AnyRoute]:
        """Every operation on bots."""
        letters = "/v1/bots/{bot}/dead-letters"
        return [
            Route(
                method="POST",
                path="/v1/conversations/{number}/messages",
                scope=Scope.BOT,
                handler=self._speak,
                body=BotMessages,
                query=Nothing,
                answer=BotSaid,
                keyed=True,
            ),
            Route(
                method="GET",
                path=letters,
                scope=None,
                handler=self._dead,
                body=Nothing,
                query=Nothing,
                answer=DeadLetters,
            ),
            Route(
                method="POST",
                path=f"{letters}/{{letter}}/replay",
                scope=None,
                handler=self._replay,
                body=Nothing,
                query=Nothing,
                status=204,
            ),
        ]

    # --- what bots say ------------------------------------------------------------------------

    async def _speak(self, call: Call[BotMessages, Nothing]) -> BotSaid:
        """Say something, hand over or end, if the bot has the word."""
        conversation = await self._own(call)
        reader: object = self._bots.get(self._bot_of(conversation) or BotId(""))
        if not isinstance(reader, ReadsAnswers):
            raise Refused(409, "no_words", "This bot is no program of its own.")
        try:
            reply = await reader.read(call.body, conversation.bot_memory)
        except DeliveryRejected as error:
            raise Refused(422, error.code, str(error)) from error
        except TemporaryFailure as error:
            raise Refused(503, "file_unreachable", str(error)) from error
        event = spoken(conversation, reply, call.body.epoch)
        outcome = await self._engine.accept(event, call.source)
        if not isinstance(outcome, Outcome):  # it was taken before
            return BotSaid(conversation=str(conversation.number), epoch=call.body.epoch)
        if not outcome.ok:
            raise Refused(409, outcome.code, "Somebody else has the word by now.")
        return BotSaid(conversation=outcome.data["number"], epoch=int(outcome.data["epoch"]))

    async def _own(self, call: Call[BotMessages, Nothing]) -> Conversation:
        """The conversation, if it is one of the token's bot. Raises `NotAuthorized`."""
        number, desk = call.number(), self._engine.desk
        found = desk.conversation_by_number(number) or await self._reads.conversation(number)
        object = Object()
        if found is not None:
            bot = self._bot_of(found)
            object = Object(state=found.state, channel=found.channel, bot=bot)
        allowed = authorize(call.actor, Action.SPEAK_AS_BOT, object, via=entry_point(call.actor))
        if not allowed.allowed or found is None:
            raise NotAuthorized("This token speaks for no bot of such a conversation.")
        return found

    def _bot_of(self, conversation: Conversation) -> BotId | None:
        place = self._engine.desk.places.channels.get(conversation.channel)
        return None if place is None else place.bot

    # --- what they were never told ------------------------------------------------------------

    async def _dead(self, call: Call[Nothing, Nothing]) -> DeadLetters:
        """List what a bot was never told."""
        letters = [await self._letter(each) for each in await self._letters(call.path["bot"])]
        return DeadLetters(dead_letters=tuple(letters))

    async def _letter(self, delivery: Delivery) -> DeadLetter:
        about = await self._reads.find(delivery.conversation)
        return DeadLetter(
            id=str(delivery.id),
            bot=delivery.place,
            type=delivery.body.kind.value if isinstance(delivery.body, AskBot) else "",
            conversation="" if about is None else str(about.number),
            error=delivery.error,
            at=moment(delivery.created_at),
        )

    async def _replay(self, call: Call[Nothing, Nothing]) -> None:
        """Tell it now, under the name of the first try."""
        for each in await self._letters(call.path["bot"]):
            if str(each.id) == call.path["letter"]:
                replayed = BotReplayed(delivery=each)
                await self._engine.accept(replayed, (SourceKey(f"replay:{each.id}"),))
                return
        raise Refused(404, "not_found", "There is no such dead letter.")

    async def _letters(self, bot: str) -> list[Delivery]:
        found = await self._reads.deliveries((DeliveryState.DEAD,), _MOST)
        return [
            each
            for each in found
            if each.side is Side.BOT
            and each.place == bot
            and isinstance(each.body, AskBot)
            and not each.body.fleeting
        ]
