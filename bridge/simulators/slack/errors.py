"""How Slack says no."""

from collections.abc import Sequence

from bridge.simulators.common.wire import Json, JsonObject


class SlackRefused(Exception):
    """The call is refused: HTTP 200 with `ok: false` and this code."""

    def __init__(self, code: str, **more: Json) -> None:
        """`more` stands beside the code in the answer."""
        super().__init__(code)
        self.code = code
        self.more = more

    def body(self) -> JsonObject:
        """The answer as Slack writes it."""
        return {"ok": False, "error": self.code, **self.more}


class TooMany(SlackRefused):
    """The rate limit is used up: HTTP 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after: int, why: str) -> None:
        """`why` names the budget, for the tests' ledger of refusals only."""
        super().__init__("ratelimited")
        self.retry_after = retry_after
        self.why = why


def invalid(code: str, messages: Sequence[str]) -> SlackRefused:
    """A refusal with its reasons in `response_metadata.messages`, as Slack words them."""
    return SlackRefused(
        code,
        errors=list(messages),
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )
