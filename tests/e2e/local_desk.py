"""The whole product with people: agents at the local workspace, customers at the chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.demo.cast import set_up
from bridge.demo.house import WORKSPACE, House, open_house, settle_in
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.domain.ids import WorkspaceId
from tests.browser import PATIENCE


@dataclass
class Tab:
    """An agent's page, and everything it complained about."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        """Go to a page and wait until it is live."""
        await self.page.goto(self.url + path)
        await expect(self.page.locator("html[data-connected=yes]")).to_have_count(1)

    @property
    def text(self) -> Locator:
        """Where one writes."""
        return self.page.locator("#text")

    @property
    def lines(self) -> Locator:
        """Every line of the thread."""
        return self.page.locator("#lines .line")

    @property
    def card(self) -> Locator:
        """The conversation's card."""
        return self.page.locator("#card")

    @property
    def dialog(self) -> Locator:
        """The open form."""
        return self.page.locator("#dialog[open]")

    async def write(self, text: str) -> None:
        """Type and send."""
        await self.text.fill(text)
        await self.text.press("Enter")

    async def take_first(self) -> None:
        """Take whoever waits first, from the home page."""
        await self.page.locator("#home-lists [data-invoke=take]").first.click()
        await self.page.wait_for_url("**/desk/threads/*")
        await expect(self.text).to_be_visible()


@dataclass
class Office:
    """A running desk, a browser to open pages in, and its customers."""

    house: House
    browser: Browser

    @property
    def workspace(self) -> LocalWorkspace:
        """The adapter behind the agents' pages."""
        found = self.house.app.parts.adapters.workspaces[WorkspaceId(WORKSPACE)]
        assert isinstance(found, LocalWorkspace)
        return found

    async def tab(self, handle: str, **options: object) -> Tab:
        """This agent, signed in and available, at his home."""
        context = await self.browser.new_context(**options)  # type: ignore[arg-type]  # as given
        page = await context.new_page()
        tab = Tab(page, self.house.url)
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        page.on("dialog", lambda dialog: tab.complaints.append(f"dialog {dialog.message}"))
        page.on(
            "console",
            lambda told: tab.complaints.append(told.text) if told.type == "error" else None,
        )
        page.set_default_timeout(PATIENCE)
        await page.goto(f"{self.house.url}/desk/demo/sign-in/{handle}?next=/desk/home")
        await expect(page.locator("html[data-connected=yes]")).to_have_count(1)
        await page.evaluate("document.getElementById('presence').click()")
        await expect(page.locator("#presence")).to_have_attribute("aria-checked", "true")
        return tab

    async def customer(self, name: str) -> CustomerBrowser:
        """Somebody who opens the chat."""
        customer = CustomerBrowser(self.house.http, self.house.chat, name, "en")
        await customer.come()
        return customer

    async def waiting(self, name: str, *lines: str) -> CustomerBrowser:
        """Somebody who has said something and asked for a person."""
        customer = await self.customer(name)
        for line in (*lines, "talk to a person"):
            await customer.says(line)
        return customer


@asynccontextmanager
async def office(folder: Path, browser: Browser) -> AsyncIterator[Office]:
    """A desk with two queues and three agents, as long as the block runs."""
    async with open_house(settle_in(folder / "desk", "en")) as house:
        await set_up(house, language="en")
        yield Office(house, browser)
        for context in browser.contexts:
            await context.close()
