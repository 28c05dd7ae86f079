"""Our own contract: signed events, answered with lines, a hand-over, an end."""

from datetime import UTC, datetime

from pydantic import JsonValue

from bridge.adapters.bots.webhook.dialects.dialect import Said, Tools, shaped
from bridge.domain.content import Content
from bridge.domain.delivery import BotEventKind
from bridge.domain.ids import SECOND, Instant
from bridge.ports.bot import BotCall
from bridge.ports.bot_answer import BotAnswer, attributes

_LATER = 202


class Native:
    """Standard Webhooks, both ways."""

    hears = frozenset(BotEventKind)

    def __init__(self, tools: Tools) -> None:
        """Everything that is said is said through these."""
        self._tools = tools

    async def ask(self, call: BotCall) -> Said:
        """See `Dialect.ask`."""
        tools = self._tools
        answered = await tools.post(call.key, tools.settings.url, self.event(call))
        if answered.status == _LATER:
            return Said(later=True)
        return Said(answer=shaped(BotAnswer, answered))

    def event(self, call: BotCall) -> dict[str, JsonValue]:
        """The event as it goes over the wire."""
        data: dict[str, JsonValue] = {
            "conversation": {
                "id": str(call.number),
                "session": self._tools.session(call),
                "channel": call.channel,
                "language": call.language.replace("_", "-"),
                "control": call.control.value,
                "epoch": call.epoch,
                "attributes": attributes(call.memory),
            },
            "contact": {"name": call.customer},
        }
        if call.content is not None:
            data["message"] = self._message(call.content, call.key)
        if call.kind is BotEventKind.MESSAGE_CREATED:
            data["queues"] = [
                {
                    "name": queue.name,
                    "title": queue.title,
                    "available": queue.available,
                    "waiting": queue.waiting,
                }
                for queue in call.queues
            ]
        if call.history:
            data["history"] = [
                {
                    "from": {"kind": line.author.value, "name": line.name},
                    "at": _moment(line.at),
                    **self._said(line.content),
                }
                for line in call.history
            ]
        for name in ("summary", "cause", "queue", "agent"):
            if value := getattr(call, name):
                data[name] = value
        timestamp = _written(datetime.now(UTC))
        return {"type": call.kind.value, "timestamp": timestamp, "data": data}

    def _message(self, content: Content, key: str) -> JsonValue:
        return {"id": key, **self._said(content)}

    def _said(self, content: Content) -> dict[str, JsonValue]:
        message: dict[str, JsonValue] = {"text": content.words()}
        if content.files:
            message["attachments"] = [
                {
                    "kind": file.kind.value,
                    "mime": file.mime,
                    "size": file.size,
                    "name": file.name,
                    "url": self._tools.link(file),
                }
                for file in content.files
            ]
        if content.chosen is not None:
            message["chosen"] = content.chosen
        if content.quote is not None:
            message["quoted"] = content.quote.excerpt
        if content.location is not None:
            place = content.location
            message["location"] = {
                "latitude": place.latitude,
                "longitude": place.longitude,
                "name": place.name,
                "address": place.address,
            }
        if content.contact_card is not None:
            card = content.contact_card
            message["contact_card"] = {
                "name": card.name,
                "phones": list(card.phones),
                "emails": list(card.emails),
            }
        return message


def _moment(at: Instant) -> str:
    return _written(datetime.fromtimestamp(at / SECOND, UTC))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
