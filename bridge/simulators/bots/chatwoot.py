"""An agent bot that was written for Chatwoot, and does not know that we are not."""

import aiohttp

from bridge.simulators.bots.server import Heard, Json, SimulatedBot


class ChatwootAgentBot(SimulatedBot):
    """Answers by Chatwoot's API. `desk` is where it believes Chatwoot to be."""

    def __init__(self, token: str) -> None:
        """`token` is its access token there."""
        super().__init__()
        self.desk = ""
        self.statuses: list[int] = []
        self._token = token

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        """See `SimulatedBot.answer`."""
        event = heard.json()
        if event["event"] == "message_created" and event["message_type"] == "incoming":
            await self._reply(event)
        return 200, {}

    async def _reply(self, event: Json) -> None:
        about = f"accounts/{event['account']['id']}/conversations/{event['conversation']['id']}"
        words = event["content"].lower()
        if words == "person":
            await self.call(f"{about}/messages", {"content": "wants shoes", "private": True})
            await self.call(f"{about}/toggle_status", {"status": "open"})
            return
        items = [{"title": "A person", "value": "person"}]
        said = {"content": f"You said {words}", "message_type": "outgoing"}
        choice = {"content_type": "input_select", "content_attributes": {"items": items}}
        await self.call(f"{about}/messages", said | choice)

    async def call(self, path: str, body: Json) -> int:
        """One call of Chatwoot's API; gives its status."""
        headers = {"api_access_token": self._token}
        async with aiohttp.ClientSession(headers=headers) as session:
            url = f"{self.desk}/api/v1/{path}"
            async with session.post(url, json=body) as answer:
                self.statuses.append(answer.status)
                return answer.status
