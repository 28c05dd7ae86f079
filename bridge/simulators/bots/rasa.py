"""A Rasa assistant behind its REST channel."""

from bridge.simulators.bots.server import Heard, Json, SimulatedBot


class RasaBot(SimulatedBot):
    """Answers a list, calls a person with a custom payload, says nothing it has no words for."""

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        """See `SimulatedBot.answer`."""
        if heard.path != "/webhooks/rest/webhook":
            return 404, {"status": "failure"}
        said = heard.json()
        words, to = said["message"].lower(), said["sender"]
        if words == "/handoff_returned":
            return 200, [{"recipient_id": to, "text": "Sorry, I did not get that."}]
        if words == "person":
            wanted = {"queue": "sales", "reason": "asked", "summary": "shoes", "priority": "high"}
            return 200, [
                {"recipient_id": to, "text": "One moment"},
                {"recipient_id": to, "custom": {"handoff": wanted}},
            ]
        if words == "team":
            return 200, [{"recipient_id": to, "custom": {"handoff": "sales"}}]
        buttons = [{"title": "A person", "payload": "person"}]
        return 200, [
            {"recipient_id": to, "text": "Hello"},
            {"recipient_id": to, "text": "What is it?", "buttons": buttons},
        ]
