"""A desk for every test, with a session that is closed at its end."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.adapters.bots.rig import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """What a bot stands on."""
    async with aiohttp.ClientSession() as session:
        yield Desk(tmp_path, lambda: session)
