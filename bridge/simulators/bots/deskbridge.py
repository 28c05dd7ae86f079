"""A bot of our own contract: greets, offers, hands over, and remembers by attributes alone."""

from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

from bridge.simulators.bots.server import Heard, Json, SimulatedBot

_MENU = {
    "text": "What is it about?",
    "buttons": [{"id": "hours", "label": "Opening hours"}, {"id": "person", "label": "A person"}],
}


class DeskbridgeBot(SimulatedBot):
    """Refuses what is not signed with its secret; the same id again gets the same answer."""

    def __init__(self, secret: str, ledger: Path | None = None) -> None:
        """`secret` is shared with the desk."""
        super().__init__(ledger)
        self._webhook = Webhook(secret)
        self._answers: dict[str, tuple[int, Json]] = {}

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        """See `SimulatedBot.answer`."""
        try:
            event = self._webhook.verify(heard.body, dict(heard.headers))
        except (WebhookVerificationError, ValueError):
            return 401, {"error": "signature"}
        key = heard.headers["webhook-id"]
        if key not in self._answers:
            self._answers[key] = (200, self._answer(event["type"], event["data"]))
        return self._answers[key]

    def _answer(self, kind: str, data: Json) -> Json:
        if kind == "handoff.returned":
            return {"messages": [{"text": "Anything else?"}]} if "message" in data else {}
        if kind != "message.created" or data["conversation"]["control"] != "bot":
            return {}
        message = data["message"]
        words = (message.get("chosen") or message["text"]).strip().lower()
        if words == "person":
            last = data["conversation"]["attributes"].get("last", "")
            return {"handoff": {"queue": "sales", "reason": "asked", "summary": f"saw: {last}"}}
        if words == "bye":
            return {"messages": [{"text": "Goodbye"}], "close": True}
        said = {"text": "9 to 18"} if words == "hours" else _MENU
        if "attachments" in message:
            said = {"text": f"Thanks for {message['attachments'][0]['name']}"}
        return {"messages": [said], "set": {"last": words[:40]}}
