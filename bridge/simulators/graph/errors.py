"""Graph's refusals, in Graph's own shape.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, read November 2026.
"""

from bridge.simulators.common.wire import JsonObject

TITLES = {
    4: "Application request limit reached",
    100: "Invalid parameter",
    190: "Access token has expired",
    130429: "Rate limit hit",
    131000: "Something went wrong",
    131009: "Parameter value is not valid",
    131026: "Message undeliverable",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is Paused",
}
_STATUS = {4: 429, 190: 401, 130429: 429, 131000: 500, 132001: 404}


class GraphRefusal(Exception):
    """A call that Graph does not carry out."""

    def __init__(self, code: int, details: str = "", *, status: int | None = None) -> None:
        """`details` is what Meta asks developers to read."""
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details
        self.status = status or _STATUS.get(code, 400)

    def body(self) -> JsonObject:
        """The answer's JSON."""
        title = TITLES.get(self.code, "An unknown error occurred")
        return {
            "error": {
                "message": f"(#{self.code}) {title}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "AsimulatedTraceId",
            }
        }


def status_error(code: int, details: str) -> JsonObject:
    """The error as a status webhook carries it."""
    title = TITLES.get(code, "An unknown error occurred")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }
