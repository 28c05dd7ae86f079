"""The page of the simulated Slack, with people and an app that says nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from bridge.simulators.slack import Channel, Manifest, Person, SlackSimulator

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A workspace with two people in one channel."""

    slack: SlackSimulator
    ana: Person
    bo: Person
    room: Channel

    @property
    def address(self) -> str:
        """Where Ana's Slack is."""
        return f"{self.slack.world.address}/workspace/#as=ana&in=support"


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Place]:
    async with SlackSimulator.running() as slack:
        slack.install(Manifest(name="Deskbridge", commands={"/transfer": True}))
        ana, bo = slack.hire("Ana"), slack.hire("Bo")
        slack.channel("general", ana, bo)
        yield Place(slack=slack, ana=ana, bo=bo, room=slack.channel("support", ana, bo))


@asynccontextmanager
async def look(browser: Browser, place: Place, *, width: int = 1280) -> AsyncIterator[Page]:
    """Ana opens her Slack."""
    context = await browser.new_context(viewport={"width": width, "height": 760}, locale="en-US")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(place.address)
    await expect(page.get_by_role("heading", name="support")).to_be_visible()
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


def lines(page: Page, text: str) -> Locator:
    """The messages with these words."""
    return page.get_by_role("article").filter(has_text=text)


async def test_what_people_write_is_only_text(browser: Browser, place: Place) -> None:
    evil = '<img src=x onerror="document.title=1"> <b>bold</b> javascript:alert(1)'
    async with look(browser, place) as page:
        await place.bo.says(place.room, evil)

        await expect(lines(page, evil)).to_be_visible()
        assert await page.locator(".message :is(img, script)").count() == 0


async def test_a_line_is_written_changed_and_taken_back(browser: Browser, place: Place) -> None:
    async with look(browser, place) as page:
        box = page.get_by_role("combobox", name="Message #support")
        await box.fill("Good mornin")
        await box.press("Enter")
        await expect(lines(page, "Good mornin")).to_be_visible()
        await box.press("ArrowUp")
        editor = page.get_by_role("textbox", name="Edit message")
        await editor.fill("Good morning")
        await editor.press("Enter")
        await expect(lines(page, "Good morning").get_by_text("(edited)")).to_be_visible()

        await lines(page, "Good morning").hover()
        await lines(page, "Good morning").get_by_role("button", name="More actions").click()
        await page.get_by_role("menuitem", name="Delete message").click()
        await page.get_by_role("button", name="Delete message").click()

        await expect(lines(page, "Good morning")).to_have_count(0)


async def test_slack_refuses_commands_in_threads_and_the_words_stay(
    browser: Browser, place: Place
) -> None:
    root = await place.bo.says(place.room, "Who can help?")
    await place.bo.replies(root, "Nobody?")
    async with look(browser, place) as page:
        await page.get_by_role("button", name="1 reply").click()
        box = page.get_by_role("combobox", name="Reply…")
        await box.fill("/transfer bo")
        await box.press("Enter")

        await expect(page.locator(".thread .composer-error")).to_have_text(
            "/transfer is not supported in threads. Sorry!"
        )
        await expect(box).to_have_value("/transfer bo")


async def test_a_reaction_is_put_there_and_taken_away(browser: Browser, place: Place) -> None:
    line = await place.bo.says(place.room, "Lunch?")
    await place.bo.reacts(line, "eyes")
    async with look(browser, place) as page:
        chip = lines(page, "Lunch?").get_by_role("button", name=":eyes:")
        await chip.click()
        await expect(chip).to_have_attribute("aria-pressed", "true")
        await expect(chip).to_contain_text("2")

        await chip.click()

        await expect(chip).to_have_attribute("aria-pressed", "false")


async def test_who_is_mentioned_elsewhere_sees_it_in_the_list(
    browser: Browser, place: Place
) -> None:
    async with look(browser, place) as page:
        general = page.get_by_role("link", name="general")
        await place.bo.says("general", "@ana come here")
        await expect(general.get_by_label("1 mention")).to_be_visible()

        await general.click()

        await expect(lines(page, "@Ana come here")).to_be_visible()
        await expect(general.get_by_label("1 mention")).to_have_count(0)


async def test_a_file_is_sent_with_its_line(browser: Browser, place: Place) -> None:
    async with look(browser, place) as page:
        await page.locator(".channel input[type=file]").set_input_files(
            FilePayload(name="list.txt", mimeType="text/plain", buffer=b"one\ntwo")
        )
        box = page.get_by_role("combobox", name="Message #support")
        await box.fill("The list")
        await box.press("Enter")

        await expect(lines(page, "The list").get_by_role("link", name="list.txt")).to_be_visible()
        assert [file.content for file in place.slack.world.files.values()] == [b"one\ntwo"]


async def test_nothing_is_wider_than_a_phone(browser: Browser, place: Place) -> None:
    root = await place.bo.says(place.room, "A line that is long " * 12 + "W" * 200)
    await place.bo.replies(root, "short")
    async with look(browser, place, width=375) as page:
        await expect(lines(page, "A line that is long")).to_be_visible()
        assert await page.evaluate("document.body.scrollWidth") <= 375

        await page.get_by_role("button", name="1 reply").click()

        await expect(page.locator(".channel")).to_be_hidden()
        await expect(lines(page, "short")).to_be_visible()
        assert await page.evaluate("document.body.scrollWidth") <= 375
