"""A real Chromium for the tests marked `browser`; without one they are skipped, saying so."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium found: install the package chromium, or set CHROMIUM=/path/to/chromium"

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


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless browser; ask it for one context per person."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=find_chromium(), args=ARGUMENTS, headless=True
        )
        yield chromium
        await chromium.close()
