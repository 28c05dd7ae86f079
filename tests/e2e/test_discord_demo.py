"""The demo's page over a simulated Discord: a customer on the left, his agent on the right."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Locator, Page, expect

from bridge.demo.discord.house import open_discord_house
from bridge.demo.discord.performance import address_of
from bridge.demo.house import House
from bridge.demo.pages import DemoPages
from bridge.demo.performance import secret_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    pages = DemoPages()
    async with open_discord_house(tmp_path / "desk", pages=(pages,)) as (house, team):
        secret = secret_of(house.settings)
        pages.play_on(house, secret=secret, language="en", team=address_of(team))
        yield house


class Sides:
    """The customer's phone and the agent's Discord."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self._hear(line.type, line.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    @property
    def chat(self) -> Locator:
        """The customer's phone."""
        return self.page.locator("deskbridge-chat")

    @property
    def discord(self) -> FrameLocator:
        """What the agent sees."""
        return self.page.frame_locator("#desk")

    @property
    def card(self) -> Locator:
        """The card at the top of the post that is open."""
        return self.discord.locator(".thread .message").first

    @property
    def form(self) -> Locator:
        """The form in front of the agent."""
        return self.discord.get_by_role("dialog")

    async def asks_for_a_person(self) -> None:
        """The customer writes, and presses the bot's button."""
        box = self.chat.get_by_role("textbox")
        await box.fill("Hello!")
        await box.press("Enter")
        await self.chat.get_by_role("button", name="Talk to a person", exact=True).last.click()

    async def takes(self) -> None:
        """The agent opens the post and presses the card's button."""
        await self.discord.locator(".post", has_text="Julia").click()
        await self.card.get_by_role("button", name="Take", exact=True).click()
        await expect(self.card).to_contain_text("With Bruno")

    async def opens(self, command: str) -> None:
        """The agent presses a button that asks for more."""
        await self.card.get_by_role("button", name=command, exact=True).click()
        await expect(self.form.get_by_role("heading", name=command)).to_be_visible()


@asynccontextmanager
async def look(browser: Browser, house: House) -> AsyncIterator[Sides]:
    """Somebody opens the demo."""
    context = await browser.new_context(viewport={"width": 1440, "height": 860}, locale="en-US")
    sides = Sides(await context.new_page())
    await sides.page.goto(house.url)
    try:
        yield sides
    finally:
        await context.close()


async def test_what_a_customer_writes_is_answered_from_the_thread(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as sides:
        await sides.asks_for_a_person()
        await sides.takes()
        reply = sides.discord.locator(".thread").get_by_role("combobox", name="Message")
        await reply.fill("Hello Julia, I am Bruno. How can I help?")
        await reply.press("Enter")

        await expect(sides.chat).to_contain_text("Hello Julia, I am Bruno.")
        await expect(sides.page.locator("#steps .done")).to_have_count(3)
        assert sides.complaints == []


async def test_a_ticket_is_written_in_a_form_and_stands_on_the_card(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as sides:
        await sides.asks_for_a_person()
        await sides.takes()

        await sides.opens("Ticket")
        await sides.form.get_by_label("Description").fill("The lamp is broken")
        await sides.form.get_by_role("button", name="Submit").click()

        await expect(sides.card).to_contain_text("The lamp is broken")


async def test_a_transfer_is_typed_as_a_command_and_completed(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as sides:
        await sides.asks_for_a_person()
        await sides.takes()
        box = sides.discord.locator(".thread").get_by_role("combobox", name="Message")

        await box.press_sequentially("/transfer target:car")
        await sides.discord.get_by_role("option", name="Carla").click()
        await box.press("Enter")

        await expect(sides.card).to_contain_text("With Carla")


async def test_the_agent_can_be_another_one_who_sees_what_he_may_see(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as sides:
        channels = sides.discord.get_by_role("navigation")
        await expect(channels).to_contain_text("support")
        await expect(channels).not_to_contain_text("monitor")

        await sides.page.get_by_role("button", name="Ana").click()

        await expect(channels).to_contain_text("monitor")
