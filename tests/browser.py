"""A real Chromium for the tests marked `browser`; without one they are skipped, saying so."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright, expect

# The first is Chromium without windows of its own: a page costs it a quarter of the CPU.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING = (
    "no Chromium found: install the package chromium-headless-shell or chromium, "
    "or set CHROMIUM=/path/to/chromium"
)

PATIENCE = 30_000
"""Milliseconds that a page has for anything, however busy the machine is."""
expect.set_options(timeout=PATIENCE)

# Keeps Chromium from calling home; --no-sandbox because root, as CI is, has no sandbox.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """The path of the Chromium to drive: $CHROMIUM, else the first one on the path."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and find_chromium() is None:
        pytest.skip(MISSING)


class Chromium:
    """One for all tests of a worker; another one if it was lost."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        """It, running."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self._playwright.chromium.launch(
                executable_path=find_chromium(), args=ARGUMENTS, headless=True
            )
        return self._browser

    async def close(self) -> None:
        """End it."""
        if self._browser is not None:
            await self._browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """Starting one takes longer than most tests do."""
    async with async_playwright() as playwright:
        chromium = Chromium(playwright)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """A headless browser; ask it for one context per person. They are gone after the test.

    For tests on the session's loop: `pytest.mark.asyncio(loop_scope="session")`.
    """
    browser = await chromium.browser()
    yield browser
    for context in browser.contexts:
        await context.close()
