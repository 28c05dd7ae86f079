"""A server with OpenAI's chat completions, and a model that does what it is told."""

import json

from bridge.simulators.bots.server import Heard, Json, SimulatedBot


class OpenAIBot(SimulatedBot):
    """Counts what it was told before, and calls the tools that it was given."""

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        """See `SimulatedBot.answer`."""
        if heard.headers.get("Authorization") != "Bearer sk-test":
            return 401, {"error": {"message": "Incorrect API key provided", "type": "auth"}}
        asked = heard.json()
        words = asked["messages"][-1]["content"].lower()
        before = sum(1 for turn in asked["messages"] if turn["role"] == "user") - 1
        if words == "person":
            wanted = {"queue": "sales", "summary": "wants shoes", "priority": "urgent"}
            return 200, _completion(None, "handoff", json.dumps(wanted))
        if words == "mumble":
            return 200, _completion(None, "handoff", '{"queue": sales')
        if words == "bye":
            return 200, _completion("Goodbye", "close", "{}")
        return 200, _completion(f"**{words}**, and {before} before")


def _completion(content: str | None, tool: str = "", arguments: str = "") -> Json:
    message: Json = {"role": "assistant", "content": content}
    if tool:
        function = {"name": tool, "arguments": arguments}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if tool else "stop"}
    return {"id": "c", "object": "chat.completion", "choices": [choice]}
