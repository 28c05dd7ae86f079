"""What somebody pressed is done, and what it came to is seen, whatever the page shows meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, Route, expect

from bridge.commands.authorize import EntryPoint
from bridge.domain.events import Actor, ActorKind
from bridge.domain.moves import ChangeQueue
from bridge.domain.queue import Visibility
from tests.e2e.local_desk import Office, Tab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# What was told on a page, for it is shown for a few seconds only.
TOLD = """
  window.told = [];
  new MutationObserver(() => {
    for (const each of document.querySelectorAll(".toast")) told.push(each.textContent);
  }).observe(document, {childList: true, subtree: true});
"""


async def answer_after(page: Page, path: str, moment: Callable[[], Awaitable[None]]) -> None:
    """Let the answers to this address come to the page no earlier than that."""

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await moment()
        await route.fulfill(response=answer)

    await page.route(path, late)


async def at_the_waiting_card(desk: Office, *handles: str) -> list[Tab]:
    tabs = [await desk.tab(handle) for handle in handles]
    for tab in tabs:
        await tab.page.locator("#home-lists a.row-main").first.click()
        await expect(tab.card.locator("[data-command=take]").first).to_be_visible()
        await expect(tab.page.locator("html[data-connected=yes]")).to_have_count(1)
    return tabs


async def test_who_is_second_is_told_who_won_though_the_card_was_redrawn_before(
    desk: Office,
) -> None:
    await desk.waiting("Maria")
    winner, loser = await at_the_waiting_card(desk, "bruno", "carla")
    pressed = asyncio.Event()

    async def once_redrawn() -> None:
        await expect(loser.card.locator(".facts")).to_contain_text("Bruno")
        await expect(loser.page.locator("#composer-box[data-mode=held]")).to_have_count(1)

    async def first_the_winner(route: Route) -> None:
        pressed.set()
        await expect(winner.card.locator(".facts")).to_contain_text("Bruno")
        await route.fallback()

    await answer_after(loser.page, "**/desk/invoke", once_redrawn)
    await loser.page.route("**/desk/invoke", first_the_winner)
    await loser.card.locator("[data-command=take]").first.click()
    await pressed.wait()
    await winner.card.locator("[data-command=take]").first.click()

    await expect(loser.page.locator(".answer.refused")).to_contain_text("Bruno")


async def test_what_is_pressed_before_the_page_is_ready_is_done(desk: Office) -> None:
    await desk.waiting("Maria")
    (tab,) = await at_the_waiting_card(desk, "bruno")
    loaded = asyncio.Event()

    async def slow(route: Route) -> None:
        await loaded.wait()
        await route.continue_()

    await tab.page.route("**/assets/*/ui.js", slow)
    await tab.page.goto(tab.page.url, wait_until="commit")
    await tab.card.locator("[data-command=take]").first.click()
    loaded.set()

    await expect(tab.card.locator(".facts")).to_contain_text("Bruno")


async def test_what_is_under_a_finger_stays_there_until_it_is_up(desk: Office) -> None:
    await desk.waiting("Maria")
    winner, loser = await at_the_waiting_card(desk, "bruno", "carla")

    await loser.card.locator("[data-command=take]").first.hover()
    await loser.page.mouse.down()
    await winner.card.locator("[data-command=take]").first.click()
    await expect(winner.card.locator(".facts")).to_contain_text("Bruno")
    await expect(loser.page.locator("#rail-waiting b")).to_have_text("1")
    await loser.page.mouse.up()

    await expect(loser.page.locator(".answer.refused")).to_contain_text("Bruno")
    await expect(loser.card.locator(".facts")).to_contain_text("Bruno")


async def test_an_answer_beside_lines_that_are_drawn_again_stays(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    bruno, carla = await desk.tab("bruno"), await desk.tab("carla")
    await carla.open("/desk/conversations/1")

    async def once_redrawn() -> None:
        await expect(carla.card.locator(".facts")).to_contain_text("Bruno")

    async def first_bruno(route: Route) -> None:
        await bruno.take_first()
        await route.fallback()

    await answer_after(carla.page, "**/desk/invoke", once_redrawn)
    await carla.page.route("**/desk/invoke", first_bruno)
    await carla.card.locator("[data-command=take]").first.click()
    answer = carla.page.locator(".answer.refused")
    await expect(answer).to_contain_text("Bruno")
    await maria.says("is anybody there?")
    await expect(carla.page.locator("#lines")).to_contain_text("is anybody there?")

    await expect(answer).to_be_visible()


async def test_who_is_taken_away_from_a_page_is_told_there_what_came_of_it(desk: Office) -> None:
    engine = desk.house.app.parts.engine
    operator = Actor(kind=ActorKind.OPERATOR, name="operator")
    for queue in list(engine.desk.queues):
        private = ChangeQueue(queue=queue.id, visibility=Visibility.ASSIGNEE)
        await engine.carry_out(private, operator, EntryPoint.CLI)
    await desk.waiting("Maria")
    winner, loser = await at_the_waiting_card(desk, "bruno", "carla")
    await loser.page.add_init_script(TOLD)
    pressed = asyncio.Event()

    async def after_the_winner(route: Route) -> None:
        pressed.set()
        await winner.page.wait_for_url("**/desk/threads/*")
        await expect(winner.text).to_be_visible()
        await route.continue_()

    await loser.page.route("**/desk/invoke", after_the_winner)
    await loser.card.locator("[data-command=take]").first.click()
    await pressed.wait()
    await winner.card.locator("[data-command=take]").first.click()

    await loser.page.wait_for_url("**/desk/home")
    await loser.page.wait_for_function("told.some((words) => words.includes('Bruno'))")


async def test_a_line_that_came_too_late_says_so_though_the_composer_is_gone(desk: Office) -> None:
    await desk.waiting("Maria")
    bruno, ana = await desk.tab("bruno"), await desk.tab("ana")
    await bruno.take_first()
    over = asyncio.Event()

    async def too_late(route: Route) -> None:
        await over.wait()
        await route.continue_()

    await bruno.page.route("**/messages", too_late)
    await bruno.write("one last thing")
    await ana.open(bruno.page.url.removeprefix(desk.house.url))
    await ana.card.locator("[data-command=return-to-bot]").first.click()
    await ana.dialog.locator("footer .primary").click()
    await expect(bruno.page.locator("#composer-box[data-mode=closed]")).to_have_count(1)
    over.set()

    late = bruno.page.locator(".pending-line.failed")
    await expect(late).to_contain_text("one last thing")
    await expect(late).to_contain_text("has ended")


async def test_what_changed_before_the_page_was_live_is_there_when_it_is(desk: Office) -> None:
    tab = await desk.tab("bruno")
    there = asyncio.Event()

    async def late(route: Route) -> None:
        await there.wait()
        await route.continue_()

    await tab.page.route("**/desk/live*", late)
    await tab.page.goto(f"{tab.url}/desk/home")
    await expect(tab.page.locator("#home-lists .empty").first).to_be_visible()
    await desk.waiting("Maria")
    there.set()

    await expect(tab.page.locator("#home-lists")).to_contain_text("Maria")
