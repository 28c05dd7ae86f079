"""The simulated Slack with an app, two people and a channel, and the real SDK in front of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, SlackSimulator
from tests.simulators.slack.desk import Desk


@pytest.fixture
async def slack(tmp_path: Path) -> AsyncIterator[SlackSimulator]:
    async with SlackSimulator.running(ledger=tmp_path / "ledger.jsonl", seed=7) as slack:
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
