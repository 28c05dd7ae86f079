"""Any server with OpenAI's chat completions: a model talks, and calls a person with a tool.

`url` is the whole address, such as `http://llm:8000/v1/chat/completions`; `token` its key.
(platform.openai.com/docs/api-reference/chat, 2026)
"""

import json

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bridge.adapters.bots.webhook.dialects.dialect import Said, Tools, shaped, words_of
from bridge.domain.delivery import BotEventKind
from bridge.ports.bot import HEARD, BotCall
from bridge.ports.bot_answer import (
    LONGEST_LINE,
    MOST_REMEMBERED,
    BotAnswer,
    BotHandoff,
    BotLine,
    attributes,
)

HANDOFF, CLOSE = "handoff", "close"
_PROMPT = (
    "You answer customers in their own language, shortly. When you cannot help, or they ask for "
    "a person, call the tool `handoff`. When they have nothing more to ask, call `close`."
)
_TURNS = 20
_ROOM = MOST_REMEMBERED - 2_000


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Called(_Loose):
    """Which tool, with which arguments, in JSON."""

    name: str
    arguments: str = ""


class ToolCall(_Loose):
    """A tool that the model wants."""

    function: Called


class Spoken(_Loose):
    """What the model says."""

    content: str | None = None
    tool_calls: tuple[ToolCall, ...] | None = None


class ChoiceOfAnswer(_Loose):
    """One of its answers."""

    message: Spoken


class Completion(_Loose):
    """The answer."""

    choices: tuple[ChoiceOfAnswer, ...] = Field(min_length=1)


class OpenAI:
    """Keeps the last turns with the conversation, so that the model knows what was said."""

    hears = HEARD

    def __init__(self, tools: Tools) -> None:
        """Everything that is said is said through these."""
        self._tools = tools

    async def ask(self, call: BotCall) -> Said:
        """See `Dialect.ask`. Of a return with nothing left to answer it need not hear."""
        if call.content is None:
            return Said()
        turns: list[JsonValue] = [*_turns(call), {"role": "user", "content": words_of(call)}]
        answered = await self._tools.post(
            call.key, self._tools.settings.url, self._question(call, turns)
        )
        spoken = shaped(Completion, answered).choices[0].message
        if spoken.content:
            turns.append({"role": "assistant", "content": spoken.content})
        answer = _answer(spoken)
        return Said(answer=answer.model_copy(update={"set": {"turns": _last(turns)}}))

    def _question(self, call: BotCall, turns: list[JsonValue]) -> JsonValue:
        settings = self._tools.settings
        said: list[JsonValue] = [{"role": "system", "content": settings.prompt or _PROMPT}]
        if call.kind is BotEventKind.HANDOFF_RETURNED and call.summary:
            said.append({"role": "system", "content": f"A colleague reports: {call.summary}"})
        return {
            "model": settings.model,
            "messages": [*said, *turns],
            "tools": _tools([queue.name for queue in call.queues]),
            "user": self._tools.session(call),
        }


def _turns(call: BotCall) -> list[JsonValue]:
    found = attributes(call.memory).get("turns")
    return found if isinstance(found, list) else []


def _last(turns: list[JsonValue]) -> list[JsonValue]:
    """As many of the last turns as may be remembered."""
    kept = turns[-_TURNS:]
    while len(json.dumps(kept)) > _ROOM:
        kept = kept[1:]
    return kept


def _tools(queues: list[str]) -> JsonValue:
    queue: dict[str, JsonValue] = {"type": "string", "description": "which team"}
    if queues:
        queue["enum"] = list(queues)
    handoff: JsonValue = {
        "type": "object",
        "properties": {
            "queue": queue,
            "reason": {"type": "string"},
            "summary": {"type": "string", "description": "what the person has to know"},
            "priority": {"type": "string", "enum": ["low", "normal", "high", "urgent"]},
        },
    }
    nothing: JsonValue = {"type": "object", "properties": {}}
    return [
        _tool(HANDOFF, "Let a person answer this customer.", handoff),
        _tool(CLOSE, "End the conversation.", nothing),
    ]


def _tool(name: str, description: str, parameters: JsonValue) -> JsonValue:
    function: JsonValue = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


def _answer(spoken: Spoken) -> BotAnswer:
    called = {each.function.name: each.function.arguments for each in spoken.tool_calls or ()}
    return BotAnswer(
        messages=(BotLine(markdown=spoken.content[:LONGEST_LINE]),) if spoken.content else (),
        handoff=_handoff(called[HANDOFF]) if HANDOFF in called else None,
        close=CLOSE in called,
    )


def _handoff(arguments: str) -> BotHandoff:
    """A person is called, however badly the model worded it."""
    try:
        return BotHandoff.model_validate_json(arguments or "{}")
    except ValidationError:
        return BotHandoff(summary=arguments[:1_000])
