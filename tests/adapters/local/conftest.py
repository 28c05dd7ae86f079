"""The rigs of the local workspace's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.local.rig import Rig, serve


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """The demo's workspace: three people who need no password."""
    async with serve(tmp_path) as running:
        yield running


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Rig]:
    """A workspace in production that nobody has set up."""
    async with serve(tmp_path, demo=False) as running:
        yield running
