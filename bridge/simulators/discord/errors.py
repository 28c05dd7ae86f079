"""How Discord says no."""

from collections.abc import Mapping

from bridge.simulators.common.wire import Json, JsonObject

MESSAGES: Mapping[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30033: (400, "Maximum number of thread participants reached (1000)"),
    30034: (400, "Maximum number of application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached"),
    40005: (413, "Request entity too large"),
    40007: (403, "The user is banned from this guild."),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
    220003: (400, "Webhooks can only create threads in forum channels"),
}


class DiscordRefused(Exception):
    """The call is refused with one of Discord's error codes."""

    def __init__(self, code: int, *, errors: JsonObject | None = None) -> None:
        """`errors` names the fields of a form that are wrong."""
        self.status, self.message = MESSAGES[code]
        super().__init__(f"{self.message} ({code})")
        self.code = code
        self.errors = errors

    def body(self) -> JsonObject:
        """The answer as Discord writes it."""
        body: JsonObject = {"message": self.message, "code": self.code}
        return body if self.errors is None else {**body, "errors": self.errors}


class TooMany(Exception):
    """A rate limit is used up: HTTP 429 with seconds to wait."""

    def __init__(
        self, retry_after: float, scope: str, headers: Mapping[str, str], *, code: int = 0
    ) -> None:
        """`headers` are those of the bucket, which may well say that calls remain."""
        super().__init__(f"rate limited for {retry_after:g} s ({scope})")
        self.retry_after = retry_after
        self.scope = scope
        self.headers = headers
        self.code = code

    def body(self) -> JsonObject:
        """The answer as Discord writes it."""
        body: JsonObject = {
            "message": "You are being rate limited.",
            "retry_after": round(self.retry_after, 3),
            "global": self.scope == "global",
        }
        return {**body, "code": self.code} if self.code else body


class Banned(Exception):
    """Too many invalid requests: Cloudflare answers, not Discord."""


class Form:
    """Collects what is wrong with a body, field by field."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[str, str]] = {}

    def wrong(self, path: str, code: str, message: str) -> None:
        """Note one field by its dotted path; the first complaint of a field counts."""
        self._wrong.setdefault(path, (code, message))

    def length(self, path: str, value: Json, low: int, high: int) -> None:
        """A text or list between two lengths; None is for other checks."""
        if not isinstance(value, str | list):
            return
        kind = "in length" if isinstance(value, str) else "items"
        if len(value) > high:
            self.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer {kind}.")
        elif len(value) < low:
            self.wrong(path, "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more {kind}.")

    def required(self, path: str, value: Json) -> None:
        """Something must stand there."""
        if value is None or value == "":
            self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")

    def one_of(self, path: str, value: Json, allowed: tuple[Json, ...]) -> None:
        """One of a few values."""
        if value is not None and value not in allowed:
            names = ", ".join(repr(one) for one in allowed)
            self.wrong(path, "BASE_TYPE_CHOICES", f"Value must be one of ({names}).")

    def check(self) -> None:
        """Raises what is wrong, if anything."""
        if not self._wrong:
            return
        tree: dict[str, Json] = {}
        for path, (code, message) in self._wrong.items():
            node = tree
            for part in path.split("."):
                child = node.setdefault(part, {})
                assert isinstance(child, dict)  # this tree is built of dicts alone
                node = child
            node["_errors"] = [{"code": code, "message": message}]
        raise DiscordRefused(50035, errors=tree)
