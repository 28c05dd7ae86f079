"""Agents at work in a real browser, with the whole desk behind them."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.e2e.local_desk import Office

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGES = ["/desk/home", "/desk/conversations", "/desk/queues", "/desk/rooms/support"]
FOR_ADMINS = ["/desk/rooms/monitor", "/desk/people", "/desk/account"]
WIDER = """["html", "main"].map((name) => document.querySelector(name))
             .some((each) => each.scrollWidth > each.clientWidth)"""
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>"


async def test_a_customer_is_taken_answered_and_given_back_to_the_bot(desk: Office) -> None:
    tab = await desk.tab("bruno")
    maria = await desk.customer("Maria")
    async with maria.looking():
        await maria.says("Hello")
        await maria.says("talk to a person")
        await expect(tab.page.locator("#home-lists")).to_contain_text("Maria")

        await tab.take_first()
        await tab.write("Hello Maria, **Bruno** here")
        await maria.hears("Hello Maria, Bruno here", by="agent")
        await maria.says("Where is my parcel?")
        await expect(tab.lines.last).to_contain_text("Where is my parcel?")

        await tab.write("/return-to-bot")
        await tab.page.locator(".answer .offers button").first.click()
        await expect(tab.page.locator(".composer-off")).to_contain_text("has ended here")

    await expect(tab.card.locator(".dot-ended")).to_have_count(1)
    assert tab.complaints == []


async def test_what_stays_inside_says_so_on_the_line(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    async with maria.looking():
        await tab.write("// she is a very old customer")
        await expect(tab.page.locator(".line.note .mark-note")).to_have_count(1)
        await tab.write("@ana can you help?")
        await expect(tab.page.locator(".mark-not_crossed")).to_have_count(1)
        await tab.write("/nonsense")
        await expect(tab.page.locator(".mark-not_crossed")).to_have_count(2)
        await tab.write("the end")
        await maria.hears("the end", by="agent")

        await tab.page.get_by_role("button", name="Send anyway").click()
        await maria.hears("@ana can you help?", by="agent")

    assert maria.lines("agent") == ["the end", "@ana can you help?"]
    await expect(tab.page.locator(".mark-not_crossed")).to_have_count(1)


async def test_commands_complete_while_they_are_typed(desk: Office) -> None:
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    options = tab.page.locator("#completions li")

    await tab.text.press_sequentially("/tra")
    await expect(options.first).to_contain_text("/transfer")
    await tab.text.press("Tab")
    await tab.text.press_sequentially("car")
    await expect(options).to_have_count(1)
    await tab.text.press("Tab")

    await expect(tab.text).to_have_value("/transfer @carla ")


async def test_a_transfer_shows_at_once_with_whoever_gets_it(desk: Office) -> None:
    await desk.waiting("Maria")
    bruno, carla = await desk.tab("bruno"), await desk.tab("carla")
    await bruno.take_first()

    await bruno.card.locator("[data-command=transfer]").first.click()
    await bruno.dialog.get_by_text("Carla", exact=True).click()
    await bruno.dialog.locator("footer .primary").click()

    await expect(carla.page.locator("#home-mine ~ ul")).to_contain_text("Maria")
    await expect(bruno.card.locator(".facts")).to_contain_text("Carla")


async def test_a_template_asks_for_its_variables_and_shows_what_goes_out(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    async with maria.looking():
        await tab.card.locator("[data-command=template]").first.click()
        await tab.dialog.locator("[data-template]").select_option("order-ready")
        await tab.dialog.locator("[data-variable=name]:enabled").fill("Maria")
        await tab.dialog.locator("[data-variable=order]:enabled").fill("55102")

        await expect(tab.dialog.locator(".preview p")).to_contain_text("order 55102 is ready")
        await tab.dialog.locator("footer .primary").click()
        await maria.hears("Hello Maria, your order 55102 is ready to be picked up.")


async def test_a_ticket_is_listed_on_the_card(desk: Office) -> None:
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()

    await tab.card.locator("[data-command=ticket]").first.click()
    await tab.dialog.locator("[name='arg.description']").fill("Parcel lost")
    await tab.dialog.locator("footer .primary").click()

    await expect(tab.card.locator(".tickets")).to_contain_text("Parcel lost")


async def test_what_was_written_offline_is_kept_and_sent_once(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    async with maria.looking():
        await tab.page.context.set_offline(True)
        await tab.write("written in a tunnel")
        await expect(tab.page.locator(".pending-line.failed")).to_have_count(1)

        await tab.page.context.set_offline(False)
        await maria.hears("written in a tunnel", by="agent")
        await expect(tab.page.locator(".pending-line")).to_have_count(0)
        await tab.page.reload()
        await expect(tab.lines.last).to_contain_text("written in a tunnel")

    assert maria.lines("agent") == ["written in a tunnel"]


async def test_unsent_words_outlive_a_reload(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    async with maria.looking():
        await tab.page.route("**/messages", lambda route: route.abort())
        await tab.write("do not lose me")
        await expect(tab.page.locator(".pending-line.failed")).to_have_count(1)

        await tab.page.unroute("**/messages")
        await tab.page.reload()
        await maria.hears("do not lose me", by="agent")

    assert maria.lines("agent") == ["do not lose me"]


async def test_a_lost_answer_doubles_nothing(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    lost: list[int] = []

    async def lose_the_first(route: Route) -> None:
        answer = await route.fetch()
        if lost:
            await route.fulfill(response=answer)
        else:
            lost.append(answer.status)
            await route.abort()

    async with maria.looking():
        await tab.page.route("**/messages", lose_the_first)
        await tab.write("only once")
        await maria.hears("only once", by="agent")
        await expect(tab.page.locator(".pending-line")).to_have_count(0)

    assert lost == [200]
    assert maria.lines("agent") == ["only once"]
    await expect(tab.lines.filter(has_text="only once")).to_have_count(1)


async def test_a_picture_is_sent_and_shown(desk: Office, tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(PNG)
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()

    await tab.page.locator("#files").set_input_files(picture)
    await expect(tab.page.locator("#tray")).to_contain_text("cat.png")
    await tab.page.locator("#composer .send").click()

    image = tab.lines.last.locator("img")
    await expect(image).to_be_visible()
    assert await image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1


async def test_an_edit_and_a_deletion_reach_the_customer(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    async with maria.looking():
        await tab.write("helo Maria")
        await maria.hears("helo Maria")
        line = tab.lines.filter(has_text="helo Maria")
        await line.hover()
        await line.get_by_role("button", name="Edit").click()
        await tab.write("hello Maria")

        await expect(tab.lines.last).to_contain_text("hello Maria")
        await expect(tab.lines.last).to_contain_text("edited")


async def test_nothing_a_customer_writes_runs_in_the_browser(desk: Office) -> None:
    await desk.waiting(ATTACK, ATTACK, '"><svg onload=alert(3)>', "javascript:alert(4)")
    tab = await desk.tab("ana")
    await tab.take_first()
    thread = tab.page.url.removeprefix(desk.house.url)

    for path in (thread, *PAGES, *FOR_ADMINS, "/desk/conversations/1"):
        await tab.open(path)
    await tab.open(thread)

    assert [each for each in tab.complaints if "404" not in each] == []
    assert await tab.page.locator("img[src=x]").count() == 0


async def test_the_lost_connection_is_said_and_comes_back(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()

    await tab.page.context.set_offline(True)
    banner = tab.page.locator("#banner")
    async with asyncio.timeout(30):
        while not await banner.is_visible():
            # Every stream ends; one that was just being opened did not hear it the first time.
            desk.workspace.site.hub.hint(frozenset({"bye"}))
            await asyncio.sleep(0.1)
    await maria.says("said meanwhile")
    await tab.page.context.set_offline(False)

    await expect(tab.page.locator("#banner")).to_be_hidden()
    await expect(tab.lines.last).to_contain_text("said meanwhile")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (375, "light"),
        (1280, "dark"),
        pytest.param(375, "dark", marks=pytest.mark.long),
        pytest.param(1024, "light", marks=pytest.mark.long),
    ],
)
async def test_every_page_fits_the_screen(desk: Office, width: int, scheme: str) -> None:
    await desk.waiting("Maria Aparecida dos Santos Oliveira", "x" * 300)
    tab = await desk.tab("ana", viewport={"width": width, "height": 667}, color_scheme=scheme)
    await tab.take_first()
    thread = tab.page.url.removeprefix(desk.house.url)
    too_wide = []

    for path in (thread, *PAGES, *FOR_ADMINS, "/desk/conversations/1"):
        await tab.open(path)
        if await tab.page.evaluate(WIDER):
            too_wide.append(path)

    assert too_wide == []
    background = await tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background))) < 150) is (scheme == "dark")


async def test_on_a_small_screen_the_rail_is_a_drawer(desk: Office) -> None:
    tab = await desk.tab("ana", viewport={"width": 375, "height": 667})
    rail = tab.page.locator("#rail")
    await expect(rail).not_to_be_visible()

    await tab.page.get_by_role("button", name="More").click()
    await expect(rail).to_be_visible()
    await rail.get_by_role("link", name="People").click()

    await expect(tab.page.get_by_role("heading", name="People")).to_be_visible()


async def test_the_job_can_be_done_without_a_mouse(desk: Office) -> None:
    maria = await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    async with maria.looking():
        await tab.page.keyboard.press("j")
        await tab.page.keyboard.press("Enter")
        await tab.page.wait_for_url("**/desk/threads/*")
        await expect(tab.card.locator("[data-command=take]").first).to_be_visible()
        await tab.page.keyboard.press("t")
        await expect(tab.text).to_be_focused()
        await tab.page.keyboard.type("no mouse needed")
        await tab.page.keyboard.press("Enter")

        await maria.hears("no mouse needed", by="agent")


async def test_shortcuts_are_listed_and_go_away(desk: Office) -> None:
    tab = await desk.tab("bruno")

    await tab.page.keyboard.press("?")
    await expect(tab.page.locator("#shortcuts")).to_be_visible()
    await tab.page.keyboard.press("Escape")
    await expect(tab.page.locator("#shortcuts")).not_to_be_visible()
    await tab.page.keyboard.press("g")
    await tab.page.keyboard.press("q")

    await tab.page.wait_for_url("**/desk/queues")


async def test_an_admin_takes_over_from_the_live_board(desk: Office) -> None:
    await desk.waiting("Maria", "I need help with my order")
    bruno, ana = await desk.tab("bruno"), await desk.tab("ana")
    await bruno.take_first()
    await ana.open("/desk/conversations")

    row = ana.page.locator(".board tbody tr").filter(has_text="Maria")
    await expect(row).to_contain_text("Bruno")
    await row.get_by_role("button", name="Take over").click()

    await ana.page.wait_for_url("**/desk/threads/*")
    await expect(ana.card.locator(".facts")).to_contain_text("Ana")
    await expect(bruno.card.locator(".facts")).to_contain_text("Ana")


async def test_presence_is_asked_for_a_reason_and_shown_at_once(desk: Office) -> None:
    bruno, ana = await desk.tab("bruno"), await desk.tab("ana")
    await ana.open("/desk/queues")
    await expect(ana.page.locator(".connected .agent", has_text="Bruno").first).to_contain_text(
        "Available"
    )

    await bruno.page.locator("#presence").click()
    await bruno.dialog.get_by_text("Lunch").click()
    await bruno.dialog.locator("footer .primary").click()

    await expect(ana.page.locator(".connected .agent", has_text="Bruno").first).to_contain_text(
        "Lunch"
    )


async def test_who_was_locked_out_and_let_in_again_works_as_before(desk: Office) -> None:
    bruno, ana = await desk.tab("bruno"), await desk.tab("ana")
    await ana.open("/desk/people")
    row = ana.page.locator(".people .row", has_text="Bruno")

    await row.get_by_role("button", name="Lock out").click()
    await bruno.page.wait_for_url("**/desk/sign-in*")
    await row.get_by_role("button", name="Let in").click()
    await row.get_by_role("button", name="Make an agent").click()
    await expect(row).to_contain_text("@bruno")

    again = await desk.tab("bruno")
    await desk.waiting("Maria")
    await again.take_first()


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf50000003010100c9fe92ef0000000049454e44ae426082"
)
