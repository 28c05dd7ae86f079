"""What Discord's answers mean to us; pure.

Codes: discord.com/developers/docs/topics/opcodes-and-status-codes#json, read November 2026.
"""

from collections.abc import Mapping
from types import MappingProxyType

from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)

RECONNECT = "run `deskbridge connect discord` again"

UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_MEMBER = 10007
CANNOT_TELL_HIM = frozenset({50007, 50278, 340001})
ARCHIVED = 50083
LOCKED = 160005
HAS_THREAD = 160004
INVALID_BODY = 50035
TOO_MANY_THREADS = 160006

_CODES: Mapping[int, str] = MappingProxyType(
    {
        UNKNOWN_CHANNEL: "thread_gone",
        UNKNOWN_MESSAGE: "line_gone",
        10013: "user_gone",
        UNKNOWN_MEMBER: "user_gone",
        40005: "too_large",
        50005: "line_locked",
        ARCHIVED: "line_locked",
        LOCKED: "line_locked",
        **dict.fromkeys(CANNOT_TELL_HIM, "user_gone"),
    }
)
PEOPLES_WORDS = frozenset(_CODES.values())
"""Our codes for what Discord refuses: each has words in the catalogues."""

_RIGHTS = frozenset({50001, 50013})
# Overloaded; a write limit; slow mode; edits of an old message; too many threads are active.
_LATER = frozenset({130000, 20028, 20016, 20022, 30046, TOO_MANY_THREADS})


class DiscordRefusal(DeliveryRejected):
    """Discord refuses this call for good; `discord_code` is its own word for why."""

    def __init__(self, message: str, code: str, discord_code: int) -> None:
        """Keep both words: ours for people, Discord's for who knows what to do about it."""
        super().__init__(message, code)
        self.discord_code = discord_code


def refusal(call: str, status: int, answer: Mapping[str, object], place: str) -> DeskbridgeError:
    """The error that an answer of 4xx is to us; `place` is the channel that it was about."""
    found = answer.get("code")
    code = found if isinstance(found, int) else 0
    said = f"Discord answered {call} with HTTP {status}, {code} {answer.get('message') or ''}"
    if status == 401:
        return TokenRejected(f"{said}: the bot's token is not taken; {RECONNECT}")
    if code in _RIGHTS:
        where = f" in <#{place}>" if place else ""
        return CredentialsRejected(f"{said}: the bot lacks a permission{where}; {RECONNECT}")
    if code in _LATER:
        return TemporaryFailure(said)
    if status == 413:
        return DiscordRefusal(said, "too_large", code)
    return DiscordRefusal(said, _CODES.get(code, "rejected"), code)


def no_answer(once: bool, said: str) -> DeskbridgeError:
    """Nobody knows what became of the call; one that may be made again just is."""
    return OutcomeUnknown(said) if once else TemporaryFailure(said)
