"""The simulated Discord with a guild and two people, and the real discord.py in front of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
import yarl

from bridge.simulators.discord import App, Channel, DiscordSimulator, Guild, Person, Timing
from tests.simulators.discord.bots import Bot, online


@pytest.fixture
async def sim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordSimulator]:
    # A busy machine is no slow app: nothing here is lost to the clock.
    timing = Timing(answer_within=20.0)
    ledger = tmp_path / "ledger.jsonl"
    async with DiscordSimulator.running(ledger=ledger, timing=timing, seed=7) as sim:
        monkeypatch.setattr(discord.http.Route, "BASE", sim.api_url)
        gateway = yarl.URL(sim.gateway_url)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield sim


@pytest.fixture
def guild(sim: DiscordSimulator) -> Guild:
    return sim.guild("Acme", owner="olga")


@pytest.fixture
def app(sim: DiscordSimulator, guild: Guild) -> App:
    app = sim.application()
    sim.invite(app, guild)
    return app


@pytest.fixture
def ana(sim: DiscordSimulator, guild: Guild) -> Person:
    return sim.person("ana", guild)


@pytest.fixture
def bo(sim: DiscordSimulator, guild: Guild) -> Person:
    return sim.person("bo", guild)


@pytest.fixture
def room(sim: DiscordSimulator, guild: Guild) -> Channel:
    return sim.channel(guild, "agents")


@pytest.fixture
def support(sim: DiscordSimulator, guild: Guild) -> Channel:
    return sim.forum(guild, "support", "waiting", "active", "closed")


@pytest.fixture
async def bot(
    sim: DiscordSimulator, app: App, room: Channel, support: Channel, ana: Person, bo: Person
) -> AsyncIterator[Bot]:
    """A bot that is online and knows the guild as it is above."""
    async with online(sim, app, Bot()) as bot:
        yield bot
