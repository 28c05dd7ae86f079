"""The composer and the lines above it, as somebody at work uses them."""

import asyncio
import struct
import zlib

import pytest
from playwright.async_api import Route, expect

from bridge.domain.binding import Purpose
from bridge.domain.queue import MONITOR_ROOM
from tests.e2e.local_desk import Office

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AT_THE_END = """() => {
    const box = document.getElementById("scroller");
    return box.scrollHeight - box.scrollTop - box.clientHeight < 4;
}"""


def picture(width: int, height: int) -> bytes:
    """A black PNG of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        checked = kind + body
        return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_a_command_that_needs_more_asks_for_it_in_a_form(desk: Office) -> None:
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()

    for command in ("template", "transfer", "priority", "ticket", "note"):
        await tab.write(f"/{command}")
        await expect(tab.dialog.locator(f"form[data-command={command}]")).to_be_visible()
        await tab.page.keyboard.press("Escape")
        await expect(tab.dialog).to_have_count(0)


async def test_the_list_of_commands_closes_when_one_was_sent(desk: Office) -> None:
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()

    await tab.text.press_sequentially("/help")
    await expect(tab.page.locator("#completions")).to_be_visible()
    await tab.text.press("Enter")

    await expect(tab.page.locator(".answer")).to_contain_text("/transfer")
    await expect(tab.page.locator("#completions")).to_be_hidden()


async def test_a_line_is_deleted_after_a_question_of_ours(desk: Office) -> None:
    await desk.waiting("Maria")
    tab = await desk.tab("bruno")
    await tab.take_first()
    await tab.write("said too soon")
    line = tab.lines.filter(has_text="said too soon")
    for answer in ("Cancel", "Delete"):
        await line.hover()
        await line.get_by_role("button", name="Delete").click()
        await tab.dialog.get_by_role("button", name=answer).click()
        await expect(tab.dialog).to_have_count(0)

    await expect(line).to_have_count(0)
    await expect(tab.lines.last).to_contain_text("deleted")
    assert tab.complaints == []


async def test_a_picture_that_loads_late_leaves_the_reader_at_the_end(desk: Office) -> None:
    await desk.waiting("Maria", *(f"line {number}" for number in range(20)))
    tab = await desk.tab("bruno")
    await tab.take_first()
    loaded = asyncio.Event()

    async def late(route: Route) -> None:
        await loaded.wait()
        await route.continue_()

    await tab.page.route("**/files/**", late)
    await tab.page.locator("#files").set_input_files(
        {"name": "tall.png", "mimeType": "image/png", "buffer": picture(200, 300)}
    )
    await tab.page.locator("#composer .send").click()
    image = tab.lines.last.locator("img")
    await expect(image).to_have_count(1)
    await tab.page.wait_for_function(AT_THE_END)
    loaded.set()

    await tab.page.wait_for_function("() => document.querySelector('#lines img')?.naturalHeight")
    await tab.page.wait_for_function(AT_THE_END)


async def test_what_was_taken_over_in_the_monitor_room_is_answered_in_its_thread(
    desk: Office,
) -> None:
    await desk.waiting("Maria")
    ana = await desk.tab("ana")
    heads = await desk.workspace.site.threads.open_in(MONITOR_ROOM)
    (head,) = (head for head in heads if head.purpose is Purpose.MONITOR)
    await ana.open(f"/desk/threads/{head.ref}")

    await ana.card.get_by_role("button", name="Take over").first.click()

    await expect(ana.text).to_be_visible()
    assert not ana.page.url.endswith(head.ref)


async def test_who_gave_a_conversation_away_is_told_who_has_it_and_may_leave_a_note(
    desk: Office,
) -> None:
    await desk.waiting("Maria")
    bruno, carla = await desk.tab("bruno"), await desk.tab("carla")
    await bruno.take_first()

    await bruno.write("/transfer @carla")
    await expect(bruno.page.locator(".composer-off")).to_contain_text("Carla is in control")
    await expect(bruno.card.locator("[data-command=return-to-bot]")).to_have_count(0)
    await bruno.page.get_by_role("button", name="Write a note").click()
    await bruno.dialog.locator("textarea").fill("she is in a hurry")
    await bruno.dialog.locator("footer .primary").click()

    await carla.page.locator("#home-mine ~ ul a.row-main").click()
    await expect(carla.page.locator(".line.note")).to_contain_text("she is in a hurry")
    await expect(carla.text).to_be_visible()
