"""What the tests in a browser share."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser import ARGUMENTS, find_chromium


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for a whole module, where starting one for each test would take too long.

    For tests on the module's loop: `pytest.mark.asyncio(loop_scope="module")`.
    """
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=ARGUMENTS, headless=True
        )
        yield browser
        await browser.close()
