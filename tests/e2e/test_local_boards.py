"""The live boards in a real browser: what is asked for is what is shown."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.e2e.local_desk import Office

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ZOE = "Zoe Zimmermann"
"""Looked for by more letters than chance puts into a visitor's random address."""


async def test_the_board_is_filtered_while_one_types(desk: Office) -> None:
    await desk.waiting("Maria")
    await desk.waiting(ZOE)
    tab = await desk.tab("ana")
    await tab.open("/desk/conversations")
    rows = tab.page.locator(".board tbody tr")
    await expect(rows).to_have_count(2)

    await tab.page.locator("#filter-text").press_sequentially("zimmer")

    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text(ZOE)


async def test_an_older_list_never_takes_the_place_of_the_one_that_was_asked_for(
    desk: Office,
) -> None:
    await desk.waiting("Maria")
    zoe = await desk.waiting(ZOE)
    tab = await desk.tab("ana")
    await tab.open("/desk/conversations")
    rows = tab.page.locator(".board tbody tr")
    asked, filtered = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        answer = await route.fetch()
        await filtered.wait()
        await route.fulfill(response=answer)

    await tab.page.route("**/desk/conversations?text=&*", late)
    await zoe.says("is anybody there?")
    await asked.wait()
    await tab.page.locator("#filter-text").press_sequentially("zimmer")
    await expect(rows).to_have_count(1)
    filtered.set()
    await tab.page.unroute_all(behavior="wait")

    await tab.page.evaluate("() => new Promise((seen) => setTimeout(seen, 200))")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text(ZOE)


async def test_who_walks_by_keyboard_stays_where_he_is_when_a_list_is_drawn_again(
    desk: Office,
) -> None:
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    lists = tab.page.locator("#home-lists")
    maria = lists.locator("a.row-main", has_text="Maria")
    await tab.page.keyboard.press("j")
    await expect(maria).to_be_focused()

    await desk.waiting(ZOE)
    await expect(lists).to_contain_text(ZOE)

    await expect(maria).to_be_focused()
    await tab.page.keyboard.press("t")
    await tab.page.wait_for_url("**/desk/threads/*")
    await expect(tab.card).to_contain_text("Maria")
