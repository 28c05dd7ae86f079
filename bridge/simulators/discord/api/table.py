"""Every REST operation that is simulated."""

from collections.abc import Mapping
from types import MappingProxyType

from bridge.simulators.discord.api import (
    account,
    channels,
    commands,
    guilds,
    interactions,
    messages,
    reactions,
    threads,
    webhooks,
)
from bridge.simulators.discord.api.method import Operation

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        **account.ROUTES,
        **channels.ROUTES,
        **threads.ROUTES,
        **messages.ROUTES,
        **reactions.ROUTES,
        **guilds.ROUTES,
        **commands.ROUTES,
        **webhooks.ROUTES,
    }
)
"""With a bot's token."""
OPEN_OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {**account.OPEN_ROUTES, **webhooks.OPEN_ROUTES, **interactions.OPEN_ROUTES}
)
"""Without one."""
