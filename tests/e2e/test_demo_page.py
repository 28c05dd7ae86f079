"""The demo's page in a real browser: what a newcomer does in the first minute."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FrameLocator, Locator, Page, Route, expect

from bridge.demo.house import House
from bridge.demo.performance import open_demo

PARTS = (".top", ".tools", ".steps", ".pane", ".story", "#caption", "#whatsapp")

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_demo(tmp_path / "demo", language="en") as house:
        yield house


class Demo:
    """The page, with its two sides."""

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
    def desk(self) -> FrameLocator:
        """The agent's window."""
        return self.page.frame_locator("#desk")

    async def says(self, words: str) -> None:
        """The customer writes."""
        box = self.chat.get_by_role("textbox")
        await box.fill(words)
        await box.press("Enter")

    async def presses(self, label: str) -> None:
        """The customer presses a button of the bot."""
        await self.chat.get_by_role("button", name=label, exact=True).last.click()


class SlowPart:
    """A file of the page that is on its way until it `may_come`; `asked` says it is awaited."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked = asyncio.Event()
        self.may_come = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        self.asked.set()
        await self.may_come.wait()
        await route.continue_()


@asynccontextmanager
async def look(
    browser: Browser,
    house: House,
    *,
    width: int = 1440,
    locale: str = "en-US",
    dark: bool = False,
    slow: SlowPart | None = None,
) -> AsyncIterator[Demo]:
    """Somebody opens the demo."""
    context = await browser.new_context(
        viewport={"width": width, "height": 820},
        locale=locale,
        color_scheme="dark" if dark else "light",
    )
    demo = Demo(await context.new_page())
    if slow is not None:
        await demo.page.route(f"**/{slow.name}", slow)
    await demo.page.goto(house.url)
    try:
        yield demo
    finally:
        await context.close()


async def test_a_newcomer_hands_over_and_answers_within_the_first_minute(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as demo:
        done = demo.page.locator("#steps .done")
        await expect(demo.desk.get_by_role("heading", name="Hello, Bruno")).to_be_visible()

        await demo.says("Hello!")
        await expect(done).to_have_count(1)
        await demo.presses("Talk to a person")
        await expect(done).to_have_count(2)
        waiting = demo.desk.locator("#home-lists .row", has_text="Julia")
        await waiting.get_by_role("button", name="Take").click()
        reply = demo.desk.get_by_role("textbox", name="Your reply")
        await reply.fill("Hello Julia, I am Bruno. How can I help?")
        await reply.press("Enter")

        await expect(demo.chat).to_contain_text("Hello Julia, I am Bruno.")
        await expect(done).to_have_count(3)
        await expect(demo.page.locator("#events")).to_contain_text("Bruno took it")
        assert demo.complaints == []


async def test_a_press_while_the_page_is_on_its_way_is_not_lost(
    browser: Browser, house: House
) -> None:
    slow = SlowPart("whatsapp.js")
    async with look(browser, house, slow=slow) as demo:
        whatsapp = demo.page.get_by_role("button", name="WhatsApp")
        await slow.asked.wait()

        pressing = asyncio.create_task(whatsapp.click())
        await asyncio.wait((pressing,), timeout=0.2)
        slow.may_come.set()
        await pressing

        await expect(whatsapp).to_have_attribute("aria-pressed", "true")
        await expect(demo.page.locator("#caption")).to_be_visible()


async def test_every_new_customer_is_somebody_else(browser: Browser, house: House) -> None:
    async with look(browser, house) as demo:
        await demo.says("I am the first")
        await expect(demo.chat.locator(".msg.in").first).to_be_visible()

        await demo.page.get_by_role("button", name="New customer").click()

        await expect(demo.chat.locator(".msg")).to_have_count(0)
        await demo.page.locator("#customers").select_option("Julia")
        await expect(demo.chat).to_contain_text("I am the first")


async def test_the_agent_can_be_another_one(browser: Browser, house: House) -> None:
    async with look(browser, house) as demo:
        await demo.page.get_by_role("button", name="Ana").click()

        await expect(demo.desk.get_by_role("heading", name="Hello, Ana")).to_be_visible()
        await demo.page.reload()
        await expect(demo.desk.get_by_role("heading", name="Hello, Ana")).to_be_visible()


async def test_both_sides_change_their_language_and_their_looks_together(
    browser: Browser, house: House
) -> None:
    async with look(browser, house, locale="pt-BR") as demo:
        await expect(demo.desk.get_by_role("heading", name="Olá, Bruno")).to_be_visible()
        await expect(demo.chat.get_by_placeholder("Escreva uma mensagem")).to_be_visible()

        await demo.page.get_by_role("button", name="English").click()
        await demo.page.locator("#theme").click()

        await expect(demo.desk.get_by_role("heading", name="Hello, Bruno")).to_be_visible()
        await expect(demo.desk.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(demo.chat.locator(".root")).to_have_class(re.compile("dark"))
        await expect(demo.desk.locator("#rail")).to_contain_text("Support")


async def test_a_day_later_the_desk_has_acted(browser: Browser, house: House) -> None:
    async with look(browser, house) as demo:
        clock = demo.page.locator("#ahead")
        before = house.clock.now()

        await demo.page.get_by_role("button", name="A day later").click()

        await expect(clock).to_have_text("+24 h")
        assert house.clock.now() - before >= 24 * 3_600_000


async def test_nothing_is_wider_than_the_window(browser: Browser, house: House) -> None:
    for locale in ("en-US", "pt-BR"):
        async with look(browser, house, locale=locale) as demo:
            await demo.page.get_by_role("button", name="WhatsApp").click()
            await demo.page.locator("[data-forward='24']").click()
            await expect(demo.page.locator("#ahead")).to_be_visible()

            for width in (375, 768, 1024, 1280, 1440):
                await demo.page.set_viewport_size({"width": width, "height": 740})
                brand = demo.page.locator("h1.brand")
                assert await brand.evaluate("it => it.scrollWidth <= it.clientWidth"), width
                for part in PARTS:
                    box = await demo.page.locator(part).filter(visible=True).first.bounding_box()
                    assert box is not None
                    assert box["x"] >= 0, (part, width)
                    assert box["x"] + box["width"] <= width, (part, width)


async def test_on_a_narrow_page_one_side_is_shown_and_the_other_calls(
    browser: Browser, house: House
) -> None:
    async with look(browser, house, width=375) as demo:
        await demo.says("Can I talk to a person?")
        agent = demo.page.get_by_role("button", name="Agent", exact=True)
        await expect(agent.locator(".news")).to_be_visible()

        await agent.click()

        await expect(demo.chat).to_be_hidden()
        await expect(demo.desk.locator("#home-lists")).to_contain_text("Julia")
