"""The simulated Slack with an app, two people and a channel, and the real SDK in front of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, SlackSimulator, Timing
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Ear, listening


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackSimulator]:
    # A busy machine is no slow app: nothing here is lost to the clock.
    timing = Timing(ack_within=20.0, trigger_lives=60.0)
    ledger = tmp_path / "ledger.jsonl"
    async with SlackSimulator.running(ledger=ledger, timing=timing, seed=7) as slack:
        yield slack


@pytest.fixture
def app(slack: SlackSimulator) -> App:
    return slack.install("Deskbridge")


@pytest.fixture
def desk(slack: SlackSimulator, app: App) -> Desk:
    return Desk(slack, app)


@pytest.fixture
def client(slack: SlackSimulator, app: App) -> AsyncWebClient:
    return AsyncWebClient(app.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def ear(slack: SlackSimulator, app: App) -> AsyncIterator[Ear]:
    """What the app hears over HTTP."""
    async with listening() as ear:
        slack.point(app, ear.url)
        yield ear
