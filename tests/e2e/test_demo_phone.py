"""WhatsApp on the demo's page, in a real browser: the 24 hours, the template, a new number."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Route, expect

from bridge.demo.cast import PEOPLE, set_up, sign_in
from bridge.demo.house import House, earlier, open_house, settle_in
from bridge.demo.pages import DemoPages
from bridge.demo.performance import secret_of
from bridge.demo.phone.shop import open_shop
from bridge.simulators.graph.person import words_of
from tests.e2e.test_demo_page import Demo, look

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The demo without the hour before: nobody has written yet."""
    async with open_shop(earlier(0)) as shop:
        settings = settle_in(tmp_path / "demo", "en", shop.environment())
        pages = DemoPages()
        async with open_house(settings, pages=(pages,), shop=shop) as house:
            await set_up(house, language="en")
            bruno = await sign_in(house, next(each for each in PEOPLE if each.handle == "bruno"))
            await bruno.close()
            pages.play_on(house, secret=secret_of(settings), language="en")
            yield house


class Telephone:
    """The customer's WhatsApp on the page."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.screen = demo.page.locator("#whatsapp")

    async def taken(self) -> None:
        """Into the hand, instead of the web chat."""
        await self.demo.page.get_by_role("button", name="WhatsApp").click()
        await expect(self.screen).to_be_visible()

    async def says(self, words: str) -> None:
        """The customer writes."""
        await self.screen.get_by_role("textbox", name="Message").fill(words)
        await self.screen.get_by_role("button", name="Send").click()

    def line(self, words: str) -> Locator:
        """A line with these words."""
        return self.screen.locator(".wa-line", has_text=words).last

    async def wants(self, words: str, label: str) -> None:
        """Something of what can be done with a line."""
        await self.line(words).hover()
        await self.line(words).get_by_role("button", name="Reply, react and more").click()
        await self.screen.get_by_role("dialog").get_by_role("button", name=label).click()


class AtTheDesk:
    """The agent's window."""

    def __init__(self, demo: Demo) -> None:
        self.frame = demo.desk
        self.reply = demo.desk.get_by_role("textbox", name="Your reply")
        self.window = demo.desk.locator(".facts [data-window]")

    async def takes(self, customer: str) -> None:
        """With the button of his row."""
        row = self.frame.locator("#home-lists .row", has_text=customer)
        await row.get_by_role("button", name="Take").click()

    async def writes(self, words: str) -> None:
        """In the thread that is open."""
        await self.reply.fill(words)
        await self.reply.press("Enter")

    async def sends_the_order(self, phone: Telephone, number: str) -> None:
        """The template that is offered where one writes, filled in its form."""
        await self.frame.locator(".over").get_by_role("button").click()
        form = self.frame.get_by_role("dialog")
        await form.get_by_role("combobox").select_option("order_ready")
        await form.get_by_role("textbox", name="Order").fill(number)
        await expect(form.locator(".preview")).to_contain_text(f"Hello Marina, your order {number}")
        await form.get_by_role("button", name="Send").click()
        tag = phone.line(f"your order {number}").locator(".wa-tag")
        await expect(tag).to_have_text("Template")


async def test_the_24_hours_pass_and_a_template_opens_them_again(
    browser: Browser, house: House
) -> None:
    assert house.shop is not None
    async with look(browser, house) as demo:
        phone, desk = Telephone(demo), AtTheDesk(demo)
        await phone.taken()
        await expect(demo.page.locator("#caption")).to_contain_text("never wrote")
        await _bruno_answers(phone, desk)
        await expect(demo.page.locator("#steps .done")).to_have_count(3)
        await expect(desk.window).to_contain_text("23 h left")

        await demo.page.get_by_role("button", name="A day later").click()
        await expect(demo.page.locator("#caption")).to_have_attribute("data-state", "closed")
        await expect(desk.window).to_contain_text("closed")
        await desk.writes("Are you still there?")
        last = demo.desk.locator("#lines > :last-child")
        await expect(last).to_contain_text("A template can open it again")
        asked = [str(entry) for entry in house.shop.graph.ledger.entries]
        assert not any("still there" in each for each in asked), "refused before Graph is asked"

        await desk.sends_the_order(phone, "4821")
        await phone.screen.get_by_role("button", name="Yes, please").click()
        await expect(desk.window).to_contain_text("23 h left")
        await expect(demo.desk.locator(".over")).to_be_hidden()
        await desk.writes("It is kept for you.")
        await expect(phone.line("It is kept for you.")).to_be_visible()
        assert demo.complaints == []


async def _bruno_answers(phone: Telephone, desk: AtTheDesk) -> None:
    """The bot's list is pressed, and a person answers."""
    await phone.says("Hello!")
    await phone.screen.get_by_role("button", name="Choose").click()
    await phone.screen.get_by_role("button", name="Talk to a person").click()
    await desk.takes("Marina")
    await desk.writes("Hello Marina, this is **Bruno**.")
    await expect(phone.line("this is Bruno").locator("strong")).to_have_text("Bruno")


async def test_a_template_to_a_number_that_never_wrote_rings_its_telephone(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as demo:
        phone = Telephone(demo)
        await demo.desk.get_by_role("button", name="New conversation").click()
        form = demo.desk.get_by_role("dialog")
        await form.get_by_placeholder("+55 11 91234-5678").fill("(11) 91234-5678")
        await form.get_by_role("combobox").select_option("still_there")
        await form.get_by_role("textbox", name="Name", exact=True).fill("Caio")
        await form.get_by_role("button", name="Send").click()

        await demo.page.locator("#call").click()

        await expect(phone.line("Hello Caio, we have an answer")).to_be_visible()
        await phone.says("Yes, tell me!")
        await expect(demo.desk.locator("#rail")).to_contain_text("Yes, tell me!")
        assert demo.complaints == []


async def test_what_a_customer_does_with_lines_arrives(browser: Browser, house: House) -> None:
    async with look(browser, house) as demo:
        phone, desk, frame = Telephone(demo), AtTheDesk(demo), demo.desk
        await phone.taken()
        await phone.says("I want to talk to a person")
        await desk.takes("Marina")
        await desk.writes("Which lamp is it?")
        await expect(phone.line("Which lamp is it?")).to_be_visible()

        await phone.wants("Which lamp is it?", "❤️")
        await phone.wants("Which lamp is it?", "Reply")
        await phone.says("The blu one")
        await phone.wants("The blu one", "Edit")
        await phone.says("The blue one")
        await phone.screen.locator("input[type=file]").set_input_files(
            {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
        )
        await phone.screen.get_by_role("button", name="Attach").click()
        await phone.screen.get_by_role("dialog").get_by_role("button", name="A place").click()
        await phone.says("no, wait")
        await phone.wants("no, wait", "Delete for everybody")

        lines = frame.locator("#lines")
        await expect(lines.locator(".reaction")).to_contain_text("❤️")
        await expect(lines.locator(".quote")).to_contain_text("Which lamp is it?")
        await expect(lines).to_contain_text("The blue one")
        await expect(lines).to_contain_text("bill.pdf")
        await expect(lines).to_contain_text("Avenida Paulista")
        await expect(lines.locator(".gone")).to_be_visible()
        await expect(phone.line("The blue one")).to_contain_text("edited")
        assert demo.complaints == []


async def test_a_telephone_that_is_off_gets_its_messages_when_it_is_on(
    browser: Browser, house: House
) -> None:
    assert house.shop is not None
    async with look(browser, house) as demo:
        phone, desk = Telephone(demo), AtTheDesk(demo)
        await phone.taken()
        await phone.says("I want to talk to a person")
        await desk.takes("Marina")
        await phone.screen.get_by_role("button", name="Switch the phone off").click()
        await expect(phone.screen).to_contain_text("The phone is off")
        await desk.writes("Are you there?")
        messages = house.shop.graph.world.messages
        await house.shop.graph.until(
            lambda: [
                one
                for one in messages.values()
                if words_of(one) == "Are you there?" and one.status == "sent"
            ]
        )
        await expect(phone.line("Are you there?")).to_be_hidden()

        await phone.screen.get_by_role("button", name="Switch the phone on").click()

        await expect(phone.line("Are you there?")).to_be_visible()
        await expect(demo.desk.locator(".receipt")).to_have_text("Read")


async def test_what_is_written_before_the_telephone_is_there_is_sent_when_it_is(
    browser: Browser, house: House
) -> None:
    async with look(browser, house) as demo:
        phone, there = Telephone(demo), asyncio.Event()

        async def late(route: Route) -> None:
            await there.wait()
            await route.continue_()

        await demo.page.route("**/demo/phone", late)
        await demo.page.reload()
        await phone.taken()
        await phone.says("Hello!")
        there.set()

        await expect(phone.line("Hello!")).to_be_visible()
        assert demo.complaints == []
