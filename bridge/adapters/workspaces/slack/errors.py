"""What Slack's answers mean to us; pure."""

from collections.abc import Mapping

from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)

ONCE = frozenset({"chat.postMessage", "chat.postEphemeral", "files.completeUploadExternal"})
"""Calls whose effect is there twice when they are made twice; the others may be made again."""

RECONNECT = "run `deskbridge connect slack` and reinstall the app"

_TOKEN = frozenset(
    {
        "not_authed",
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "org_login_required",
        "team_access_not_granted",
        "access_denied",
        "accesslimited",
        "ekm_access_denied",
        "two_factor_setup_required",
    }
)
# What is wrong with a room, and how it is put right. The line waits meanwhile.
_ROOM = {
    "is_archived": "channel {channel} is archived; unarchive it in Slack or bind another room",
    "not_in_channel": "the app is not in channel {channel}; invite it there again",
    "channel_not_found": "channel {channel} is gone or the app was removed; invite it again",
    "restricted_action": "a rule of the workspace keeps the app from posting in {channel}",
    "restricted_action_thread_only_channel": "channel {channel} takes no posts from apps",
    "restricted_action_read_only_channel": "channel {channel} takes no posts from apps",
    "restricted_action_non_threadable_channel": "channel {channel} has no threads",
}
_GONE = {
    "message_not_found": "line_gone",
    "thread_not_found": "thread_gone",
    "cant_update_message": "line_locked",
    "cant_delete_message": "line_locked",
    "edit_window_closed": "line_locked",
    "user_not_found": "user_gone",
    "users_not_found": "user_gone",
    "user_disabled": "user_gone",
    "cannot_dm_bot": "user_gone",
    "file_not_found": "file_gone",
    "file_deleted": "file_gone",
}
PEOPLES_WORDS = frozenset(_GONE.values())
"""Our codes for what Slack refuses: each has words in the catalogues."""

# "It's possible some aspect of the operation succeeded before the error was raised"
# (docs.slack.dev, chat.postMessage, errors; read November 2026).
_UNCLEAR = frozenset({"fatal_error", "internal_error", "service_unavailable", "team_added_to_org"})
_LATER = frozenset(
    {"ratelimited", "rate_limited", "message_limit_exceeded", "request_timeout", "external_error"}
)


class SlackRefusal(DeliveryRejected):
    """Slack refuses this call for good; `slack_code` is its own word for why."""

    def __init__(self, message: str, code: str, slack_code: str) -> None:
        """Keep both words: ours for people, Slack's for who knows what to do about it."""
        super().__init__(message, code)
        self.slack_code = slack_code


def refusal(method: str, answer: Mapping[str, object], channel: str = "") -> DeskbridgeError:
    """The error that Slack's answer `{"ok": false, "error": ...}` is to us."""
    code = str(answer.get("error") or "no error named")
    said = f"Slack answered {method} with {code}"
    if code == "missing_scope":
        needed = answer.get("needed") or "a scope"
        return CredentialsRejected(f"{said}: the app lacks {needed}; {RECONNECT}")
    if code in _TOKEN or code.startswith("token_"):
        return TokenRejected(f"{said}: its token is not taken any more; {RECONNECT}")
    if code in _ROOM:
        return CredentialsRejected(
            f"{said}: {_ROOM[code].format(channel=channel or 'of the room')}"
        )
    if code in _LATER:
        return TemporaryFailure(said)
    if code in _UNCLEAR:
        return no_answer(method, said)
    return SlackRefusal(said, _GONE.get(code, "rejected"), code)


def no_answer(method: str, said: str) -> DeskbridgeError:
    """Nobody knows what became of the call; one that may be made again just is."""
    return OutcomeUnknown(said) if method in ONCE else TemporaryFailure(said)
