"""A Typebot viewer with one flow."""

from bridge.simulators.bots.server import Heard, Json, SimulatedBot

_BASE = "/api/v1/"


class TypebotBot(SimulatedBot):
    """Starts a flow, continues it, forgets sessions when it is told to."""

    def __init__(self) -> None:
        """No flow runs."""
        super().__init__()
        self.sessions: set[str] = set()

    async def answer(self, heard: Heard) -> tuple[int, Json]:
        """See `SimulatedBot.answer`."""
        match heard.path.removeprefix(_BASE).split("/"):
            case ["typebots", "shop", "startChat"]:
                session = f"s{heard.json()['prefilledVariables']['session'][:8]}"
                self.sessions.add(session)
                return 200, {"sessionId": session, **_step("Welcome")}
            case ["sessions", session, "continueChat"] if session in self.sessions:
                return 200, self._continue(heard.json()["message"]["text"])
            case _:
                return 404, {"message": "Session expired. You need to start a new session."}

    def _continue(self, words: str) -> Json:
        if words == "A person":
            return {"messages": [_text("One moment"), _text("/handoff sales | wants shoes")]}
        if words == "Bye":
            return {"messages": [_text("Bye")]}
        return _step(f"You said {words}")


def _text(words: str) -> Json:
    return {"id": "b", "type": "text", "content": {"type": "markdown", "markdown": words}}


def _step(words: str) -> Json:
    items = [{"id": "1", "content": "A person"}, {"id": "2", "content": "Bye"}]
    return {"messages": [_text(words)], "input": {"type": "choice input", "items": items}}
