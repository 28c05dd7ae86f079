"""A simulated Telegram with a bot and a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.simulators.telegram import TelegramSimulator
from tests.simulators.telegram.scene import Scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with (
        ClientSession() as http,
        TelegramSimulator.running(ledger=tmp_path / "ledger") as sim,
    ):
        yield Scene(sim, http)
