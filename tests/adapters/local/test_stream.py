"""The live stream: what happens is on the page at once, once, and only on pages it is for."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.adapters.workspaces.local.live import Pace
from bridge.domain.ids import WorkspaceUserId
from bridge.domain.text import plain
from bridge.ports.workspace import ConnectionChanged
from tests.adapters.local.rig import Browser, Rig, serve
from tests.fakes.local_views import Talk
from tests.patience import PATIENCE, until

BIA = WorkspaceUserId("demo-bia")


@dataclass
class Told:
    """What a page was told so far."""

    events: list[tuple[str, object]] = field(default_factory=list)
    last_id: str = ""
    ended: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, event: str, count: int = 1) -> object:
        """Wait until it was told so often."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: len(self.named(event)) >= count)
        return self.named(event)[-1]

    async def end(self) -> None:
        """Wait until the stream ends."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: self.ended)

    def named(self, event: str) -> list[object]:
        """All data of one kind of event."""
        return [data for name, data in self.events if name == event]


@asynccontextmanager
async def listening(browser: Browser, query: str = "", last_id: str = "") -> AsyncIterator[Told]:
    told = Told()
    headers = {"Last-Event-ID": last_id} if last_id else {}
    async with browser.http.get(f"{browser.url}/desk/live?{query}", headers=headers) as answer:
        assert answer.status == 200

        async def read() -> None:
            event = ""
            async for raw in answer.content:
                line = raw.decode().rstrip("\n")
                name, _, value = line.partition(": ")
                async with told.changed:
                    if name == "event":
                        event = value
                    elif name == "id":
                        told.last_id = value
                    elif name == "data":
                        told.events.append((event, json.loads(value)))
                    told.changed.notify_all()
            async with told.changed:
                told.ended = True
                told.changed.notify_all()

        task = asyncio.create_task(read())
        try:
            await told.until("now")
            yield told
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def held(rig: Rig, *, private: bool = False) -> tuple[Browser, Talk, str]:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?", private=private)
    browser = await rig.signed_in("bia")
    await browser.does("/desk/invoke", command="take", number=str(talk.number))
    return browser, talk, f"thread={talk.thread}&after={rig.store.last}.{rig.store.last}"


async def test_a_customers_line_is_on_the_page_at_once(rig: Rig) -> None:
    browser, talk, query = await held(rig)

    async with listening(browser, query) as told:
        await rig.desk.customer_says(talk, "Are you there?")
        line = await told.until("line")

    assert isinstance(line, dict)
    assert "Are you there?" in line["html"]
    assert line["by"] == "customer"


async def test_a_page_that_was_away_is_told_what_it_missed_and_nothing_twice(rig: Rig) -> None:
    browser, talk, query = await held(rig)
    async with listening(browser, query) as told:
        await rig.desk.customer_says(talk, "alpha")
        await told.until("line")
        await told.until("card")
        last = told.last_id

    await rig.desk.customer_says(talk, "beta")
    await rig.desk.customer_says(talk, "gamma")
    async with listening(browser, query, last) as again:
        await again.until("line", 2)
        await asyncio.sleep(0.2)

    html = "".join(str(line) for line in again.named("line"))
    assert ("beta" in html, "gamma" in html, "alpha" in html) == (True, True, False)
    assert len(again.named("line")) == 2


async def test_an_edit_shows_the_same_line_again(rig: Rig) -> None:
    browser, talk, query = await held(rig)
    written = await browser.writes(str(talk.thread), "helo")

    async with listening(browser, query) as told:
        await told.until("line", 2)  # the line itself, then that the desk took it
        await browser.does(
            f"/desk/threads/{talk.thread}/messages/{written['seq']}/edit", text="hello"
        )
        line = await told.until("line", 3)

    assert isinstance(line, dict)
    assert (line["id"], "hello" in line["html"]) == (written["id"], True)


async def test_a_changed_card_is_drawn_again(rig: Rig) -> None:
    browser, talk, query = await held(rig)

    async with listening(browser, query) as told:
        await browser.writes(str(talk.thread), "/priority urgent")
        card = await told.until("card")

    assert isinstance(card, dict)
    assert "Urgent" in card["html"]


async def test_a_whisper_reaches_its_person_and_nobody_else(rig: Rig) -> None:
    browser, talk, query = await held(rig)
    ana = await rig.signed_in("ana")

    async with listening(browser, query) as bia_told, listening(ana, query) as ana_told:
        await rig.workspace.whisper(BIA, talk.thread, plain("psst"), (), "w1")
        whisper = await bia_told.until("whisper")
        await asyncio.sleep(0.2)

    assert isinstance(whisper, dict)
    assert "psst" in whisper["html"]
    assert ana_told.named("whisper") == []


async def test_a_private_thread_that_ends_goes_from_the_page(rig: Rig) -> None:
    browser, talk, query = await held(rig, private=True)

    async with listening(browser, query) as told:
        await browser.does("/desk/invoke", command="return-to-bot", thread=str(talk.thread))
        await told.until("gone")

    assert told.named("card") == []


async def test_an_agent_taken_out_of_the_queue_loses_the_page(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("bia")

    async with listening(browser, f"thread={talk.thread}&after=0.0") as told:
        rig.desk.queue("sales", "Sales")
        await rig.desk.changed("queues")
        await told.until("gone")
        await rig.desk.customer_says(talk, "secret")
        await asyncio.sleep(0.2)

    assert "secret" not in str(told.events)


async def test_who_signs_out_everywhere_is_told_nothing_more(rig: Rig) -> None:
    browser, talk, query = await held(rig)

    async with listening(browser, query) as told:
        await browser.send("/desk/sign-out-everywhere")
        await told.until("gone")
        await told.end()
        await rig.desk.customer_says(talk, "secret")

    assert "secret" not in str(told.events)


async def test_changes_of_the_desk_are_hinted_to_every_page(rig: Rig) -> None:
    browser = await rig.signed_in("caio")

    async with listening(browser, "after=0.0") as told:
        await told.until("desk")  # somebody connected: himself
        await rig.desk.changed("queues", "agents")
        words = await told.until("desk", 2)

    assert words == ["agents", "queues"]


async def test_typing_is_shown_on_pages_of_that_thread_only(rig: Rig) -> None:
    browser, talk, query = await held(rig)

    async with listening(browser, query) as there, listening(browser, "after=0.0") as elsewhere:
        await rig.workspace.show_typing(str(talk.thread), "Maria")
        name = await there.until("typing")
        await asyncio.sleep(0.1)

    assert name == "Maria"
    assert elsewhere.named("typing") == []


def connections(rig: Rig) -> list[bool]:
    return [e.connected for e in rig.desk.events if isinstance(e, ConnectionChanged)]


async def test_the_first_page_connects_and_the_last_one_disconnects_after_a_while(
    rig: Rig,
) -> None:
    browser = await rig.signed_in("bia")

    async with listening(browser, "after=0.0"), listening(browser, "after=0.0"):
        during = connections(rig)

    assert during == [True]
    await until(lambda: connections(rig) == [True, False])


async def test_a_page_that_comes_back_in_time_never_was_away(tmp_path: Path) -> None:
    async with serve(tmp_path, pace=Pace(grace=60, ping=0.1)) as rig:
        browser = await rig.signed_in("bia")

        for _ in range(3):
            async with listening(browser, "after=0.0"):
                pass
        async with listening(browser, "after=0.0"):
            await asyncio.sleep(0.3)
            seen = connections(rig)

    assert seen == [True]


async def test_streams_end_when_the_workspace_stops(rig: Rig) -> None:
    browser = await rig.signed_in("bia")

    async with listening(browser, "after=0.0") as told:
        await rig.workspace.stop()
        await told.end()

    assert told.ended
