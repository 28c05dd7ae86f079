"""What the tests in a browser share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.e2e.local_desk import Office, office


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path, browser: Browser) -> AsyncIterator[Office]:
    """A desk with its agents' pages."""
    async with office(tmp_path, browser) as running:
        yield running
