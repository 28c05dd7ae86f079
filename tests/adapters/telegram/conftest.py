"""A running Telegram channel, its Telegram, and a customer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram.rig import Rig, serve


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """By polling."""
    async with serve(tmp_path) as inner:
        yield inner
