"""Every workspace's own session asks last of all whether another process may lead by now."""

import pytest

from bridge.adapters.workspaces.discord.client import DiscordClient
from bridge.adapters.workspaces.slack.budget import Budgets
from bridge.adapters.workspaces.slack.client import SlackClient
from bridge.domain.errors import CredentialsRejected, TemporaryFailure
from bridge.ports.clock import SystemClock
from bridge.simulators.discord import DiscordSimulator
from bridge.simulators.slack import SlackSimulator


@pytest.mark.parametrize("replaced", [False, True], ids=["ours", "another's"])
async def test_who_was_replaced_asks_slack_nothing(replaced: bool) -> None:
    wanted = TemporaryFailure if replaced else CredentialsRejected
    budgets = Budgets(SystemClock(), 1.0, 300)
    async with (
        SlackSimulator.running() as slack,
        SlackClient("nobody's", slack.api_url, budgets, lambda: replaced) as client,
    ):
        with pytest.raises(wanted):
            await client.who_am_i()


@pytest.mark.parametrize("replaced", [False, True], ids=["ours", "another's"])
async def test_who_was_replaced_asks_discord_nothing(replaced: bool) -> None:
    wanted = TemporaryFailure if replaced else CredentialsRejected
    async with (
        DiscordSimulator.running() as discord,
        DiscordClient("nobody's", discord.api_url, replaced=lambda: replaced) as client,
    ):
        with pytest.raises(wanted):
            await client.who_am_i()
