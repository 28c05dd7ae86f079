"""Typebot's chat API: a flow is started, then continued.

`url` is the viewer's address, such as `https://typebot.io`. A text bubble that begins with
`/handoff` calls a person: `/handoff sales` names the queue, what stands after `|` is the summary.
(docs.typebot.io, startChat and continueChat, 2026)
"""

from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bridge.adapters.bots.webhook.dialects.dialect import Said, Tools, shaped, words_of
from bridge.adapters.common.webhook_calls import Answered
from bridge.domain.errors import DeliveryRejected
from bridge.ports.bot import HEARD, BotCall
from bridge.ports.bot_answer import (
    LONGEST_LINE,
    BotAnswer,
    BotButton,
    BotHandoff,
    BotLine,
    BotMedia,
    attributes,
)

HANDOFF = "/handoff"


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class TypebotContent(_Loose):
    """What a bubble shows."""

    markdown: str = ""
    url: str | None = None


class TypebotMessage(_Loose):
    """A bubble: text, or something at an address."""

    type: str
    content: TypebotContent = Field(default_factory=TypebotContent)


class TypebotItem(_Loose):
    """A button."""

    id: str = ""
    content: str | None = None


class TypebotInput(_Loose):
    """What the flow waits for."""

    type: str
    items: tuple[TypebotItem, ...] = ()


class TypebotAnswer(_Loose):
    """Bubbles, then what the flow waits for; nothing, and it is at its end."""

    session_id: str = Field("", alias="sessionId")
    messages: tuple[TypebotMessage, ...] = ()
    input: TypebotInput | None = None


class Typebot:
    """Walks through a flow; which walk it is, is kept with the conversation."""

    hears = HEARD

    def __init__(self, tools: Tools) -> None:
        """Everything that is said is said through these."""
        self._tools = tools
        self._base = tools.settings.url.rstrip("/")

    async def ask(self, call: BotCall) -> Said:
        """See `Dialect.ask`. A flow that ended, or was forgotten, begins anew."""
        known = attributes(call.memory).get("session")
        if call.content is None:
            return Said()
        if isinstance(known, str) and known:
            try:
                answered = await self._post(call, f"sessions/{quote(known)}/continueChat")
            except DeliveryRejected as error:
                if error.code != "bot_refused":
                    raise
            else:
                return _said(shaped(TypebotAnswer, answered), known)
        name = quote(self._tools.settings.typebot)
        answered = await self._post(call, f"typebots/{name}/startChat", self._known_to_us(call))
        return _said(shaped(TypebotAnswer, answered), "")

    async def _post(
        self, call: BotCall, path: str, more: dict[str, JsonValue] | None = None
    ) -> Answered:
        message: JsonValue = {"type": "text", "text": _words(call)}
        body: JsonValue = {
            "message": message,
            "textBubbleContentFormat": "markdown",
            **(more or {}),
        }
        return await self._tools.post(call.key, f"{self._base}/api/v1/{path}", body)

    def _known_to_us(self, call: BotCall) -> dict[str, JsonValue]:
        return {
            "prefilledVariables": {
                "name": call.customer,
                "language": call.language.replace("_", "-"),
                "session": self._tools.session(call),
                "summary": call.summary,
            }
        }


def _words(call: BotCall) -> str:
    chosen = None if call.content is None else call.content.chosen
    return chosen or words_of(call)


def _said(answer: TypebotAnswer, session: str) -> Said:
    lines: list[BotLine] = []
    handoff: BotHandoff | None = None
    for each in answer.messages:
        if each.content.markdown.strip().startswith(HANDOFF):
            handoff = _handoff(each.content.markdown)
        elif each.content.markdown:
            lines.append(BotLine(markdown=each.content.markdown[:LONGEST_LINE]))
        elif each.content.url:
            lines.append(BotLine(media=(BotMedia(url=each.content.url),)))
    buttons = _buttons(answer.input)
    if buttons:
        lines.append(BotLine(text=" / ".join(each.label for each in buttons), buttons=buttons))
    kept = answer.session_id or session if answer.input else None
    return Said(answer=BotAnswer(messages=tuple(lines), handoff=handoff, set={"session": kept}))


def _buttons(waits_for: TypebotInput | None) -> tuple[BotButton, ...]:
    """Typebot takes back what stands on a button."""
    items = () if waits_for is None else waits_for.items
    return tuple(BotButton(label=each.content) for each in items if each.content)


def _handoff(text: str) -> BotHandoff:
    queue, _, summary = text.strip().removeprefix(HANDOFF).partition("|")
    return BotHandoff(queue=queue.strip() or None, summary=summary.strip())
