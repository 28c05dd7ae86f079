"""The page of the simulated Discord, with people and a bot that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.discord import App, Channel, DiscordSimulator, Guild, Person, Timing
from bridge.simulators.discord.state.records import Interaction

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVIL = '<img src=x onerror="document.title=1"> <b>bold</b> [bank](javascript:alert(1))'
BUTTON: JsonObject = {"type": 2, "style": 1, "label": "Take", "custom_id": "take"}
MENU: JsonObject = {
    "type": 3,
    "custom_id": "level",
    "placeholder": "Priority",
    "options": [{"label": "Urgent", "value": "urgent"}, {"label": "Low", "value": "low"}],
}
CARD: JsonObject = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "accent_color": 0x2F9E58,
            "components": [
                {"type": 10, "content": "### Alice\nReason: **lamp**"},
                {"type": 14},
                {"type": 1, "components": [BUTTON]},
                {"type": 1, "components": [MENU]},
            ],
        }
    ],
}
COMMAND: JsonObject = {
    "name": "transfer",
    "description": "Give it to somebody else",
    "description_localizations": {"pt-BR": "Passar para outra pessoa"},
    "options": [
        {"type": 3, "name": "target", "description": "Whom", "autocomplete": True},
        {"type": 3, "name": "note", "description": "What they should know"},
    ],
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A server with two people, a forum, and a bot that a test lets answer."""

    discord: DiscordSimulator
    app: App
    guild: Guild
    ana: Person
    bo: Person
    forum: Channel
    http: aiohttp.ClientSession

    @property
    def address(self) -> str:
        """Where Ana's Discord is."""
        return f"{self.discord.world.address}/workspace/#as=ana&in=general"

    async def call(self, method: str, path: str, body: Json) -> JsonObject:
        """What the bot asks of Discord."""
        async with self.http.request(method, self.discord.api_url + path, json=body) as answer:
            assert answer.status < 300, await answer.text()
            found: JsonObject = await answer.json() if answer.status != 204 else {}
            return found

    async def post(self) -> str:
        """A post in the forum with a card."""
        body: JsonObject = {"name": "Alice · #1042", "message": CARD}
        return str((await self.call("POST", f"/channels/{self.forum.id}/threads", body))["id"])

    async def answers(self, kind: int, data: JsonObject) -> Interaction:
        """Wait for somebody to ask the bot something, and answer it."""
        world = self.discord.world

        def unanswered() -> list[Interaction]:
            return [one for one in world.interactions.values() if one.answer is None]

        it = (await self.discord.until(unanswered))[-1]
        path = f"/interactions/{it.id}/{it.token}/callback"
        await self.call("POST", path, {"type": kind, "data": data})
        return it


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Place]:
    async with DiscordSimulator.running(timing=Timing(answer_within=20.0)) as discord:
        guild, app = discord.guild("Acme", owner="olga"), discord.application()
        discord.invite(app, guild)
        ana, bo = discord.person("ana", guild), discord.person("bo", guild)
        discord.channel(guild, "general")
        headers = {"Authorization": f"Bot {app.token}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            place = Place(
                discord=discord,
                app=app,
                guild=guild,
                ana=ana,
                bo=bo,
                forum=discord.forum(guild, "support"),
                http=http,
            )
            path = f"/applications/{app.id}/guilds/{guild.id}/commands"
            await place.call("POST", path, COMMAND)
            yield place


@asynccontextmanager
async def look(
    browser: Browser, place: Place, *, width: int = 1280, at: str = ""
) -> AsyncIterator[Page]:
    """Ana opens her Discord."""
    context = await browser.new_context(viewport={"width": width, "height": 760}, locale="en-US")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(at or place.address)
    await expect(page.locator("#app")).to_be_visible()
    try:
        yield page
    finally:
        await context.close()
    assert complaints == []


def lines(page: Page, text: str) -> Locator:
    """The messages with these words."""
    return page.get_by_role("article").filter(has_text=text)


async def test_what_people_write_is_only_text(browser: Browser, place: Place) -> None:
    async with look(browser, place) as page:
        await place.bo.says("general", EVIL)

        await expect(lines(page, '<img src=x onerror="document.title=1">')).to_be_visible()
        assert await page.locator(".message :is(img, script)").count() == 0
        assert await page.locator('.message a[href^="javascript"]').count() == 0


async def test_a_line_is_written_changed_and_taken_back(browser: Browser, place: Place) -> None:
    async with look(browser, place) as page:
        box = page.get_by_role("combobox", name="Message #general")
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


async def test_an_answer_quotes_what_it_answers(browser: Browser, place: Place) -> None:
    await place.bo.says("general", "Who can help?")
    async with look(browser, place) as page:
        await lines(page, "Who can help?").hover()
        await lines(page, "Who can help?").get_by_role("button", name="Reply").click()
        await expect(page.get_by_text("Replying to Bo")).to_be_visible()
        box = page.get_by_role("combobox", name="Message #general")
        await box.fill("I can")
        await box.press("Enter")

        await expect(lines(page, "I can").locator(".above")).to_contain_text("Who can help?")
        assert place.discord.messages("general")[-1].reference is not None


async def test_the_card_of_a_post_has_its_words_and_its_button(
    browser: Browser, place: Place
) -> None:
    await place.post()
    async with look(browser, place) as page:
        await page.get_by_role("link", name="support").click()
        await page.get_by_role("link", name="Alice · #1042").click()
        await expect(page.locator(".thread b", has_text="lamp")).to_be_visible()
        answering = asyncio.create_task(place.answers(4, {"content": "It is yours", "flags": 64}))

        await page.get_by_role("button", name="Take").click()

        it = await answering
        assert it.data["custom_id"] == "take"
        await expect(
            lines(page, "It is yours").get_by_text("Only you can see this")
        ).to_be_visible()
        await page.get_by_role("button", name="Dismiss message").click()
        await expect(lines(page, "It is yours")).to_have_count(0)


async def test_a_menu_of_the_card_is_chosen_from(browser: Browser, place: Place) -> None:
    thread = await place.post()
    at = f"{place.address}&thread={thread}"
    async with look(browser, place, at=at) as page:
        answering = asyncio.create_task(place.answers(6, {}))
        await page.get_by_role("combobox", name="Priority").click()

        await page.get_by_role("option", name="Urgent").click()

        assert (await answering).data["values"] == ["urgent"]


async def test_a_form_is_filled_in_and_sent(browser: Browser, place: Place) -> None:
    form: JsonObject = {
        "custom_id": "form",
        "title": "Transfer",
        "components": [
            {"type": 18, "label": "To whom?", "component": {**MENU, "custom_id": "who"}},
            {
                "type": 18,
                "label": "Note",
                "component": {"type": 4, "style": 2, "custom_id": "note", "required": True},
            },
        ],
    }
    thread = await place.post()
    async with look(browser, place, at=f"{place.address}&thread={thread}") as page:
        opening = asyncio.create_task(place.answers(9, form))
        await page.get_by_role("button", name="Take").click()
        await opening
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("To whom?").click()
        await dialog.get_by_role("option", name="Low").click()
        await dialog.get_by_role("button", name="Submit").click()
        await expect(dialog.get_by_role("alert")).to_have_text("This field is required.")
        sending = asyncio.create_task(place.answers(6, {}))

        await dialog.get_by_label("Note").fill("she knows lamps")
        await dialog.get_by_role("button", name="Submit").click()

        sent = str((await sending).data["components"])
        assert "'values': ['low']" in sent
        assert "she knows lamps" in sent
        await expect(dialog).to_be_hidden()


async def test_a_command_is_completed_while_it_is_typed(browser: Browser, place: Place) -> None:
    async with look(browser, place) as page:
        box = page.get_by_role("combobox", name="Message #general")
        await box.press_sequentially("/tra")
        await page.get_by_role("option", name="/transfer").click()
        completing = asyncio.create_task(
            place.answers(8, {"choices": [{"name": "Ana Lima", "value": "agent:7"}]})
        )
        await page.get_by_role("option", name="target").click()
        await completing
        await page.get_by_role("option", name="Ana Lima").click()
        await expect(box).to_have_value('/transfer target:"Ana Lima" ')
        running = asyncio.create_task(place.answers(4, {"content": "Done", "flags": 64}))
        await box.press_sequentially("note:lamps")

        await box.press("Enter")

        options = (await running).data["options"]
        assert options == [
            {"name": "target", "type": 3, "value": "agent:7"},
            {"name": "note", "type": 3, "value": "lamps"},
        ]
        await expect(lines(page, "Done")).to_be_visible()


async def test_direct_messages_of_the_bot_are_listed(browser: Browser, place: Place) -> None:
    direct = await place.call("POST", "/users/@me/channels", {"recipient_id": place.ana.id})
    async with look(browser, place) as page:
        await place.call("POST", f"/channels/{direct['id']}/messages", {"content": "For you"})

        await page.get_by_role("link", name="Deskbridge").click()

        await expect(lines(page, "For you")).to_be_visible()


async def test_a_room_that_is_not_for_her_is_not_there(browser: Browser, place: Place) -> None:
    place.discord.channel(place.guild, "secret", only_for=(place.bo,))
    async with look(browser, place) as page:
        await expect(page.get_by_role("link", name="general")).to_be_visible()
        await expect(page.get_by_role("link", name="secret")).to_have_count(0)

        await page.get_by_label("You are").select_option("bo")

        await expect(page.get_by_role("link", name="secret")).to_be_visible()


async def test_a_file_is_sent_with_its_line(browser: Browser, place: Place) -> None:
    async with look(browser, place) as page:
        await page.locator(".channel input[type=file]").set_input_files(
            FilePayload(name="list.txt", mimeType="text/plain", buffer=b"one\ntwo")
        )
        box = page.get_by_role("combobox", name="Message #general")
        await box.fill("The list")
        await box.press("Enter")

        await expect(lines(page, "The list").get_by_role("link", name="list.txt")).to_be_visible()
        assert [file.content for file in place.discord.world.files.values()] == [b"one\ntwo"]


async def test_a_reaction_is_put_there_and_taken_away(browser: Browser, place: Place) -> None:
    line = await place.bo.says("general", "Lunch?")
    await place.bo.reacts(line, "👀")
    async with look(browser, place) as page:
        chip = lines(page, "Lunch?").get_by_role("button", name=":eyes:")
        await chip.click()
        await expect(chip).to_have_attribute("aria-pressed", "true")
        await expect(chip).to_contain_text("2")

        await chip.click()

        await expect(chip).to_have_attribute("aria-pressed", "false")


async def test_it_speaks_portuguese(browser: Browser, place: Place) -> None:
    async with look(browser, place, at=f"{place.address}&lang=pt") as page:
        box = page.get_by_role("combobox", name="Conversar em #general")
        await box.press_sequentially("/tra")

        await expect(page.get_by_text("Passar para outra pessoa")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nothing_is_wider_than_a_phone(browser: Browser, place: Place, theme: str) -> None:
    thread = await place.post()
    await place.bo.says(thread, "A line that is long " * 12 + "W" * 200)
    at = f"{place.discord.world.address}/workspace/#as=ana&in=support&theme={theme}"
    async with look(browser, place, width=375, at=at) as page:
        await expect(page.get_by_role("link", name="Alice · #1042")).to_be_visible()
        assert await page.evaluate("document.body.scrollWidth") <= 375

        await page.get_by_role("link", name="Alice · #1042").click()

        await expect(page.locator(".channel")).to_be_hidden()
        await expect(lines(page, "A line that is long")).to_be_visible()
        assert await page.evaluate("document.body.scrollWidth") <= 375


async def test_a_command_without_what_is_optional_is_sent_at_once(
    browser: Browser, place: Place
) -> None:
    async with look(browser, place) as page:
        box = page.get_by_role("combobox", name="Message #general")
        running = asyncio.create_task(place.answers(4, {"content": "Whom?", "flags": 64}))
        await box.press_sequentially("/transfer ")
        await expect(page.get_by_role("option", name="target")).to_be_visible()

        await box.press("Enter")

        assert (await running).data["options"] == []
        await expect(lines(page, "Whom?")).to_be_visible()
