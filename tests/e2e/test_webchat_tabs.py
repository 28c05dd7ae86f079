"""A customer with several tabs: all show the same, and those in the background share one line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bridge.domain.ids import Address
from tests.e2e.widget import Shop, Tab, shop, taken, until
from tests.patience import seen

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = Address("ana")
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# One tab has the lock; who waits for it has let go of his line before.
EARS = """async () => {
  const {held, pending} = await navigator.locks.query();
  const ears = (locks) => locks.filter((one) => one.name.startsWith("deskbridge:ear:")).length;
  return [ears(held), ears(pending)];
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with the chat on it."""
    async with shop(browser, tmp_path) as running:
        yield running


async def put_away(tab: Tab, *, listening: int, silent: int) -> None:
    """Nobody looks at this tab any more; so many in the background listen then, so many do not."""
    await tab.page.evaluate(HIDE, True)
    await tab.page.clock.fast_forward(31_000)
    await seen(lambda: tab.page.evaluate(EARS), wanted=[listening, silent])


async def test_two_tabs_show_the_same_and_send_once(site: Shop) -> None:
    context = await site.browser.new_context()
    async with site.tab(context) as one, site.tab(context) as two:
        await one.go()
        await two.go()
        for number in range(5):
            await (one if number % 2 else two).say(f"line {number}")
        await until(site.rig, 5)
        await site.rig.say(ANA, "an answer")

        await expect(one.line("an answer")).to_be_visible()
        await expect(two.line("an answer")).to_be_visible()
        assert await one.texts() == await two.texts()
        assert sorted(taken(site.rig)) == [f"line {number}" for number in range(5)]
    await context.close()


async def test_of_the_tabs_in_the_background_one_goes_on_listening(site: Shop) -> None:
    context = await site.browser.new_context()
    await context.clock.install()
    async with site.tab(context) as one, site.tab(context) as two:
        await one.go()
        await put_away(one, listening=1, silent=0)
        await two.go()
        await put_away(two, listening=1, silent=1)
        await site.rig.say(ANA, "is anybody there?")
        await expect(one.page).to_have_title("(1) Shop")
        await expect(two.line("is anybody there?")).to_have_count(0)

        await two.page.evaluate(HIDE, False)

        await expect(two.line("is anybody there?")).to_be_visible()
        await expect(two.page).to_have_title("Shop")
        await expect(one.page).to_have_title("Shop")
    await context.close()


async def test_when_the_tab_that_listened_is_closed_another_one_does(site: Shop) -> None:
    context = await site.browser.new_context()
    await context.clock.install()
    async with site.tab(context) as two:
        async with site.tab(context) as one:
            await one.go()
            await put_away(one, listening=1, silent=0)
            await two.page.add_init_script(
                "Object.defineProperty(document, 'hidden', {value: true})"
            )
            await two.go(open_it=False)
            await two.page.clock.fast_forward(31_000)
            await seen(lambda: two.page.evaluate(EARS), wanted=[1, 1])

        await seen(lambda: two.page.evaluate(EARS), wanted=[1, 0])
        await site.rig.say(ANA, "is anybody there?")

        await expect(two.page).to_have_title("(1) Shop")
    await context.close()
