"""The widget where it may not be: it says so kindly, once, and leaves the desk alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.adapters.webchat.rig import signed
from tests.e2e.widget import PAGE, SCRIPT, Shop, Tab, shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = f'data-customer="ana" data-signature="{signed("ana")["X-Deskbridge-Signature"]}"'

# The browser's database is there when it is let in.
LATE = """
  const open = indexedDB.open.bind(indexedDB);
  indexedDB.open = (...how) => {
    const asked = open(...how), late = {};
    asked.onsuccess = () => {
      late.result = asked.result;
      window.letIn = () => late.onsuccess();
    };
    asked.onupgradeneeded = () => {
      late.result = asked.result;
      late.onupgradeneeded();
    };
    return late;
  };
"""


@dataclass
class Elsewhere:
    """A site of another origin, and the desk that was not told of it."""

    browser: Browser
    site: Shop
    desk: Shop
    pages: dict[str, str]

    @asynccontextmanager
    async def open(self, lang: str, who: str = "", *, script: str = "") -> AsyncIterator[Tab]:
        """A page of that site, with the desk's chat on it, opened. `script` runs before all."""
        attributes = f'data-lang="{lang}" {who}'
        source = f"{self.desk.rig.url}/widget.js"
        self.pages["/shop"] = PAGE.format(body=SCRIPT.format(src=source, attributes=attributes))
        context = await self.browser.new_context(bypass_csp=True)
        async with self.site.tab(context, expected=lambda _: True) as tab:
            await tab.page.add_init_script(script)
            await tab.page.goto(f"{tab.root}/shop")
            await tab.launcher.click()
            yield tab


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere(browser: Browser, tmp_path: Path) -> AsyncIterator[Elsewhere]:
    """Both, running."""
    pages = {"/shop": ""}
    async with shop(browser, tmp_path, pages=pages) as site, shop(browser, tmp_path) as desk:
        yield Elsewhere(browser, site, desk, pages)


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "not available on this page"), ("pt-BR", "não está disponível nesta página")],
)
async def test_a_customer_is_told_that_the_chat_is_not_available(
    elsewhere: Elsewhere, lang: str, said: str
) -> None:
    async with elsewhere.open(lang, ANA) as tab:
        await expect(tab.page.get_by_text(said)).to_be_visible()
        await expect(tab.box).to_be_disabled()

        streams = [url for url in tab.asked if url.endswith("/stream")]
        assert streams == [f"{elsewhere.desk.rig.url}/stream"]


async def test_a_visitor_who_writes_is_told_and_nothing_is_tried_for_ever(
    elsewhere: Elsewhere,
) -> None:
    async with elsewhere.open("en") as tab:
        await tab.say("hello?")

        await expect(tab.page.get_by_text("not available on this page")).to_be_visible()
        await expect(tab.line("hello?")).to_contain_text("Not sent")
        await expect(tab.box).to_be_disabled()
        assert elsewhere.desk.rig.core.events == []


async def test_it_stays_said_whatever_is_late_on_the_page(elsewhere: Elsewhere) -> None:
    async with elsewhere.open("en", script=LATE) as tab:
        await tab.say("hello?")
        await expect(tab.box).to_be_disabled()
        await tab.page.wait_for_function("'letIn' in window")

        await tab.page.evaluate("letIn()")

        await expect(tab.line("hello?")).to_contain_text("Not sent")
        await expect(tab.page.get_by_text("not available on this page")).to_be_visible()
