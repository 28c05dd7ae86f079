"""Rasa's REST channel: the customer's words in, a list of messages out.

`url` is the whole address, such as `http://rasa:5005/webhooks/rest/webhook`. A custom payload
`{"handoff": {"queue": "sales"}}` calls a person. (rasa.com/docs, REST channel, 2026)
"""

from pydantic import BaseModel, ConfigDict, JsonValue, RootModel

from bridge.adapters.bots.webhook.dialects.dialect import Said, Tools, shaped, words_of
from bridge.domain.delivery import BotEventKind
from bridge.ports.bot import HEARD, BotCall
from bridge.ports.bot_answer import (
    LONGEST_LINE,
    BotAnswer,
    BotButton,
    BotHandoff,
    BotLine,
    BotMedia,
)

RETURNED = "/handoff_returned"
"""The intent that Rasa is told of when people gave the customer back."""


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class RasaButton(_Loose):
    """A button; what comes back is its payload."""

    title: str
    payload: str = ""


class RasaMessage(_Loose):
    """One message of Rasa's."""

    text: str | None = None
    image: str | None = None
    buttons: tuple[RasaButton, ...] = ()
    custom: dict[str, JsonValue] = {}


class RasaMessages(RootModel[tuple[RasaMessage, ...]]):
    """The answer: a list, which may be empty."""


class Rasa:
    """Speaks to a Rasa assistant."""

    hears = HEARD

    def __init__(self, tools: Tools) -> None:
        """Everything that is said is said through these."""
        self._tools = tools

    async def ask(self, call: BotCall) -> Said:
        """See `Dialect.ask`. What it says to the mere news of a return is not for the customer."""
        body = self._question(call)
        answered = await self._tools.post(call.key, self._tools.settings.url, body)
        if call.kind is BotEventKind.HANDOFF_RETURNED and call.content is None:
            return Said()
        messages = shaped(RasaMessages, answered)
        return Said(answer=_answer(messages.root))

    def _question(self, call: BotCall) -> JsonValue:
        words = words_of(call) or RETURNED
        if call.content is not None and call.content.chosen:
            words = call.content.chosen
        files = () if call.content is None else call.content.files
        metadata: dict[str, JsonValue] = {
            "event": call.kind.value,
            "conversation": str(call.number),
            "channel": call.channel,
            "language": call.language.replace("_", "-"),
            "name": call.customer,
            "summary": call.summary,
            "attachments": [self._tools.link(file) for file in files],
        }
        return {"sender": self._tools.session(call), "message": words, "metadata": metadata}


def _answer(messages: tuple[RasaMessage, ...]) -> BotAnswer:
    wanted = [each.custom["handoff"] for each in messages if "handoff" in each.custom]
    return BotAnswer(
        messages=tuple(map(_line, messages)), handoff=_handoff(wanted[-1]) if wanted else None
    )


def _line(message: RasaMessage) -> BotLine:
    buttons = tuple(BotButton(label=each.title, id=each.payload) for each in message.buttons)
    media = (BotMedia(url=message.image),) if message.image else ()
    return BotLine(text=(message.text or "")[:LONGEST_LINE], buttons=buttons, media=media)


def _handoff(wanted: JsonValue) -> BotHandoff | None:
    """`true`, a queue's name, or everything that our own contract takes."""
    if isinstance(wanted, str):
        return BotHandoff(queue=wanted)
    if isinstance(wanted, dict):
        return BotHandoff.model_validate(wanted)
    return BotHandoff() if wanted else None
