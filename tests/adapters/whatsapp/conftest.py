"""A running WhatsApp channel, its Graph, and a customer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.whatsapp.rig import Rig, serve


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with serve(tmp_path) as inner:
        yield inner


@pytest.fixture
async def talking(rig: Rig) -> Rig:
    """Bia's window is open."""
    await rig.open_window()
    return rig
