"""The rig of the web chat's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.webchat.rig import Rig, serve


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """A web chat without limits."""
    async with serve(tmp_path) as running:
        yield running
