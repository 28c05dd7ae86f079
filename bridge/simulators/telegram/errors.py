"""Telegram's refusals, in Telegram's own shape and words.

https://core.telegram.org/bots/api#making-requests, read November 2026. The descriptions are those
that bots get; Telegram does not list them.
"""

from bridge.simulators.common.wire import JsonObject

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class TelegramRefused(Exception):
    """A call that Telegram does not carry out."""

    def __init__(
        self, code: int, details: str = "", *, retry_after: int = 0, migrate_to: int = 0
    ) -> None:
        """`details` come after the title of the code: `Bad Request: chat not found`."""
        title = TITLES.get(code, "Error")
        self.code = code
        self.description = f"{title}: {details}" if details else title
        self.parameters: JsonObject = {}
        if retry_after:
            self.parameters["retry_after"] = retry_after
        if migrate_to:
            self.parameters["migrate_to_chat_id"] = migrate_to
        super().__init__(self.description)

    def body(self) -> JsonObject:
        """The answer's JSON."""
        said: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        return {**said, "parameters": self.parameters} if self.parameters else said


class BrokenRules(Exception):
    """A call that is not as the Bot API says: refused, and kept as a violation."""


def too_many(retry_after: int) -> TelegramRefused:
    """429, with when to come again."""
    return TelegramRefused(429, f"retry after {retry_after}", retry_after=retry_after)
