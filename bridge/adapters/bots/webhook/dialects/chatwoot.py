"""Chatwoot's agent bots: told by webhook, they answer through Chatwoot's API, which we serve.

The bot's Chatwoot address is `<public_url>/bots/<id>`, its access token is `token`. Setting a
conversation's status to `open` calls a person, `resolved` ends it; a private note before that is
the summary. (developers.chatwoot.com, agent bots and conversations, 2026)
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bridge.adapters.bots.webhook.dialects.dialect import Said, Tools, words_of
from bridge.domain.delivery import BotEventKind
from bridge.domain.errors import UntrustedRequest
from bridge.ports.bot import HEARD, BotCall
from bridge.ports.bot_answer import BotAnswer, BotButton, BotHandoff, BotLine, Text

_ACCOUNT = 1
_MOST_NOTES = 10_000


Shape = TypeVar("Shape", bound=BaseModel)


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ChatwootItem(_Loose):
    """A button."""

    title: str
    value: str = ""


class ChatwootAttributes(_Loose):
    """What makes a message more than words."""

    items: tuple[ChatwootItem, ...] = ()


class ChatwootMessage(_Loose):
    """A message that the bot writes."""

    content: Text = ""
    private: bool = False
    message_type: Literal["outgoing", "incoming", "template"] = "outgoing"
    content_attributes: ChatwootAttributes = Field(default_factory=ChatwootAttributes)


class ChatwootStatus(_Loose):
    """Whose turn it is."""

    status: Literal["open", "resolved", "pending", "snoozed"] = "open"


class Chatwoot:
    """Tells the bot as Chatwoot would, and takes its answers as Chatwoot would."""

    hears = HEARD

    def __init__(self, tools: Tools) -> None:
        """Everything that is said is said through these."""
        self._tools = tools
        self._token = tools.settings.token.get_secret_value().encode()
        self._epochs: dict[int, int] = {}
        self._notes: dict[int, str] = {}

    async def ask(self, call: BotCall) -> Said:
        """See `Dialect.ask`. What it says comes later, through our side of the API."""
        self._epochs[call.number] = call.epoch
        while len(self._epochs) > _MOST_NOTES:
            del self._epochs[next(iter(self._epochs))]
        await self._tools.post(call.key, self._tools.settings.url, self._event(call))
        return Said(later=call.content is not None)

    def _event(self, call: BotCall) -> JsonValue:
        sender: JsonValue = {"id": self._tools.session(call), "name": call.customer}
        conversation: JsonValue = {
            "id": call.number,
            "status": "pending",
            "channel": f"Channel::{call.channel}",
            "meta": {"sender": sender},
            "custom_attributes": {"epoch": call.epoch, "summary": call.summary},
            "contact_inbox": {"source_id": self._tools.session(call)},
        }
        account: JsonValue = {"id": _ACCOUNT}
        if call.kind is BotEventKind.HANDOFF_RETURNED and call.content is None:
            event = "conversation_status_changed"
            return {"event": event, "account": account, "conversation": conversation}
        files = () if call.content is None else call.content.files
        return {
            "event": "message_created",
            "id": call.key,
            "message_type": "incoming",
            "content_type": "text",
            "content": words_of(call),
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "sender": sender,
            "account": account,
            "conversation": conversation,
            "attachments": [
                {"file_type": file.kind.value, "data_url": self._tools.link(file)} for file in files
            ],
        }

    # --- Chatwoot's API, as far as a bot uses it ----------------------------------------------

    def routes(self, prefix: str) -> Iterable[web.RouteDef]:
        """What the bot calls."""
        path = prefix + r"/api/v1/accounts/{account:\d+}/conversations/{number:\d{1,15}}"
        yield web.post(f"{path}/messages", self._message)
        yield web.post(f"{path}/toggle_status", self._status)

    async def _message(self, request: web.Request) -> web.Response:
        self._prove(request)
        message = await _body(ChatwootMessage, request)
        number = int(request.match_info["number"])
        if message.private:
            self._notes[number] = message.content
            while len(self._notes) > _MOST_NOTES:
                del self._notes[next(iter(self._notes))]
        else:
            items = message.content_attributes.items
            buttons = tuple(BotButton(label=each.title, id=each.value) for each in items)
            line = BotLine(markdown=message.content, buttons=buttons)
            await self._speak(number, BotAnswer(messages=(line,)))
        return web.json_response({"id": secrets.randbits(48), "content": message.content})

    async def _status(self, request: web.Request) -> web.Response:
        self._prove(request)
        status = (await _body(ChatwootStatus, request)).status
        number = int(request.match_info["number"])
        if status == "open":
            handoff = BotHandoff(summary=self._notes.pop(number, "")[:4_000])
            await self._speak(number, BotAnswer(handoff=handoff))
        elif status == "resolved":
            await self._speak(number, BotAnswer(close=True))
        payload = {"success": True, "current_status": status, "conversation_id": number}
        return web.json_response({"payload": payload})

    async def _speak(self, number: int, answer: BotAnswer) -> None:
        """Chatwoot knows no epoch: the one of our last question counts."""
        if not await self._tools.speak(number, answer, self._epochs.get(number)):
            raise web.HTTPConflict(text="A person has this conversation now.")

    def _prove(self, request: web.Request) -> None:
        given = request.headers.get("api_access_token", "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._token):
            raise UntrustedRequest("Send api_access_token.")


async def _body(shape: type[Shape], request: web.Request) -> Shape:
    """What the bot sent. Raises `ValidationError`, which is answered with 422."""
    return shape.model_validate_json(await request.read() or b"{}")
