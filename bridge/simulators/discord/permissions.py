"""Permission bits, and what a member may do where."""

from collections.abc import Iterable

KICK = 1 << 1
BAN = 1 << 2
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW = 1 << 10
SEND = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED = 1 << 14
ATTACH = 1 << 15
READ_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
MANAGE_ROLES = 1 << 28
MANAGE_WEBHOOKS = 1 << 29
USE_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_IN_THREADS = 1 << 38
PIN = 1 << 51

ALL = (1 << 52) - 1
EVERYONE = (
    VIEW
    | SEND
    | EMBED
    | ATTACH
    | READ_HISTORY
    | ADD_REACTIONS
    | USE_COMMANDS
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | SEND_IN_THREADS
)
"""What a new server lets everybody do, as far as this simulator looks at it."""


def with_overwrites(base: int, layers: Iterable[Iterable[tuple[int, int]]]) -> int:
    """Apply (allow, deny) pairs layer by layer; inside a layer the allows win."""
    for layer in layers:
        allow = deny = 0
        for allowed, denied in layer:
            allow |= allowed
            deny |= denied
        base = (base & ~deny) | allow
    return base
