"""A customer ends the conversation in a real browser: asked once, never by accident, never lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from bridge.domain.ids import Address
from bridge.ports.channel import CustomerLeft
from tests.e2e.widget import Shop, Tab, failed_request, shop, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = Address("ana")
ENDED = "You ended the conversation. Write to begin a new one."


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with the chat on it."""
    async with shop(browser, tmp_path) as running:
        yield running


def ends(tab: Tab, label: str = "End conversation") -> Locator:
    """The button that asks."""
    return tab.page.get_by_role("button", name=label, exact=True)


def question(tab: Tab) -> Locator:
    """What it asks."""
    return tab.page.get_by_role("alertdialog")


async def left(site: Shop, count: int) -> None:
    """Wait for this many ends to reach the core."""
    await site.rig.core.until(lambda core: len(core.of(CustomerLeft)) >= count)


async def test_a_customer_ends_it_after_he_was_asked_and_may_begin_anew(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await expect(ends(tab)).to_be_hidden()
        await tab.say("I need help")
        await tab.sent("I need help")
        await site.rig.say(ANA, "Done!")

        await ends(tab).click()
        await expect(question(tab)).to_have_accessible_name(
            "End this conversation? You can write again at any time."
        )
        await question(tab).get_by_role("button", name="End it").click()

        await left(site, 1)
        await expect(tab.line(ENDED)).to_have_count(1)
        await expect(ends(tab)).to_be_hidden()
        await expect(tab.box).to_be_focused()
        await tab.say("One more thing")
        await tab.sent("One more thing")
        await expect(ends(tab)).to_be_visible()
        assert site.rig.core.of(CustomerLeft)[0].address == ANA


async def test_it_is_there_after_a_reload_and_in_his_other_tabs(site: Shop) -> None:
    context = await site.browser.new_context(reduced_motion="reduce")
    async with site.tab(context) as one, site.tab(context) as other:
        await one.go()
        await one.say("hello")
        await one.sent("hello")
        await other.go()
        await ends(one).click()
        await question(one).get_by_role("button", name="End it").click()

        await expect(other.line(ENDED)).to_have_count(1)
        await expect(ends(other)).to_be_hidden()
        await one.page.reload()

        await expect(one.line(ENDED)).to_have_count(1)
        await expect(one.page).to_have_title("Shop")
    await context.close()


@pytest.mark.parametrize("way_out", ["Escape", "Keep chatting"])
async def test_who_thinks_again_goes_on(site: Shop, way_out: str) -> None:
    async with site.tab() as tab:
        await tab.go()
        await tab.say("hello")
        await tab.sent("hello")
        await ends(tab).focus()
        await tab.page.keyboard.press("Enter")
        await expect(question(tab).get_by_role("button", name="Keep chatting")).to_be_focused()
        if way_out == "Escape":
            await tab.page.keyboard.press("Escape")
        else:
            await tab.page.keyboard.press("Enter")

        await expect(question(tab)).to_be_hidden()
        await expect(ends(tab)).to_be_focused()
        await tab.say("still here")
        await tab.sent("still here")
        assert site.rig.core.of(CustomerLeft) == []


async def test_while_he_is_asked_nothing_else_can_be_done_by_keyboard(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await tab.say("hello")
        await tab.sent("hello")
        await ends(tab).click()

        for button in ("End it", "Keep chatting", "End it"):
            await tab.page.keyboard.press("Tab")
            await expect(question(tab).get_by_role("button", name=button)).to_be_focused()


async def test_in_portuguese_it_is_asked_in_portuguese(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go("/pt", open_it=False)
        await tab.launcher.click()
        await tab.say("olá")
        await until(site.rig, 1)

        await ends(tab, "Encerrar conversa").click()
        await question(tab).get_by_role("button", name="Encerrar", exact=True).click()

        await expect(tab.line("Você encerrou a conversa.")).to_have_count(1)
        await left(site, 1)


async def test_an_end_that_finds_no_server_is_told_when_it_is_back(site: Shop) -> None:
    async with site.tab(expected=failed_request) as tab:
        await tab.go()
        await tab.say("hello")
        await tab.sent("hello")
        await tab.page.route("**/end", lambda route: route.fulfill(status=503))
        await ends(tab).click()
        async with tab.page.expect_request("**/end"):
            await question(tab).get_by_role("button", name="End it").click()

        await tab.page.unroute("**/end")

        await left(site, 1)
        await expect(tab.line(ENDED)).to_have_count(1)
