"""What a customer writes in a real browser: it arrives once and in order, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from bridge.domain.content import Content
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Address, ExternalId
from bridge.ports.channel import MessageDeleted, MessageEdited, MessageReceived, ReceiptChanged
from tests.adapters.webchat.rig import DEFAULTS
from tests.e2e.widget import Shop, failed_request, shop, taken, until
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = Address("ana")


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with the chat on it."""
    async with shop(browser, tmp_path) as running:
        yield running


async def test_a_line_is_sent_and_answered(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await tab.say("Where is my order?")
        await tab.sent("Where is my order?")

        await site.rig.say(ANA, "On its way")

        await expect(tab.line("On its way").locator(".name")).to_have_text("Ana Lima")
        assert taken(site.rig) == ["Where is my order?"]


async def test_a_visitor_without_a_name_keeps_his_chat_over_a_reload(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go("/")
        await tab.say("hello")
        await tab.sent("hello")
        [event] = site.rig.core.of(MessageReceived)

        await tab.page.reload()
        await site.rig.say(event.address, "welcome back")

        await expect(tab.line("welcome back")).to_be_visible()
        assert await tab.texts() == ["hello", "welcome back"]
        assert not await tab.page.context.cookies()
        assert not [url for url in tab.asked if event.address in url]


async def test_nobody_is_made_a_visitor_before_he_writes(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go("/")
        await expect(tab.page.get_by_text("How can we help?")).to_be_visible()

        assert [url for url in tab.asked if "/session" in url or "/stream" in url] == []


async def test_what_could_not_be_sent_survives_a_reload_and_is_sent_once_in_order(
    site: Shop,
) -> None:
    site.rig.core.fault = StorageUnavailable("full")
    async with site.tab(expected=failed_request) as tab:
        await tab.go()
        for text in ("one", "two", "three"):
            await tab.say(text)
        await expect(tab.line("one").get_by_label("Waiting for connection")).to_be_visible()

        await tab.page.reload()
        await expect(tab.lines).to_have_count(3)
        site.rig.core.fault = None

        await tab.sent("three")
        assert taken(site.rig) == ["one", "two", "three"]
        assert await tab.texts() == ["one", "two", "three"]


async def test_without_indexeddb_the_outbox_survives_all_the_same(site: Shop) -> None:
    site.rig.core.fault = StorageUnavailable("full")
    async with site.tab(expected=failed_request) as tab:
        await tab.page.add_init_script(
            "Object.defineProperty(window, 'indexedDB', {get() { throw new Error('forbidden') }})"
        )
        await tab.go()
        await tab.say("kept")
        await expect(tab.line("kept").get_by_label("Waiting for connection")).to_be_visible()

        await tab.page.reload()
        site.rig.core.fault = None

        await tab.sent("kept")
        assert taken(site.rig) == ["kept"]


async def test_what_is_written_as_the_page_is_left_is_sent_by_the_next_one(site: Shop) -> None:
    async with site.tab(expected=failed_request) as tab:
        await tab.go()
        await tab.box.fill("one last thing")

        async with tab.page.expect_event("framenavigated"):
            await tab.chat.evaluate(
                "chat => { setTimeout(() => { chat.composer.submit(); location.reload(); }); }"
            )

        await tab.sent("one last thing")
        assert taken(site.rig) == ["one last thing"]


async def test_a_database_that_the_browser_takes_away_takes_no_line_with_it(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.page.add_init_script(
            "const open = indexedDB.open.bind(indexedDB);"
            "indexedDB.open = (...how) => (window.asked = open(...how));"
        )
        await tab.go()
        await tab.page.evaluate("asked.result.close()")
        await tab.say("still here")

        await tab.sent("still here")
        await tab.say("and again")
        await tab.sent("and again")
        assert taken(site.rig) == ["still here", "and again"]


async def test_without_any_storage_a_line_is_still_sent(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.page.add_init_script(
            "for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])"
            "  Object.defineProperty(window, name, {get() { throw new Error('forbidden') }})"
        )
        await tab.go("/")
        await tab.say("hello")

        await tab.sent("hello")
        assert taken(site.rig) == ["hello"]


async def test_written_offline_it_is_sent_when_the_connection_is_back(site: Shop) -> None:
    async with site.tab(expected=failed_request) as tab:
        await tab.go()
        await tab.page.context.set_offline(True)
        await expect(tab.page.get_by_text("You are offline.")).to_be_visible()
        await tab.say("from the tunnel")
        await expect(tab.line("from the tunnel")).to_contain_text("Waiting for connection")
        await site.rig.say(ANA, "are you there?")

        await tab.page.context.set_offline(False)

        await tab.sent("from the tunnel")
        await expect(tab.line("are you there?")).to_have_count(1)
        await expect(tab.page.get_by_text("You are offline.")).to_be_hidden()
        assert taken(site.rig) == ["from the tunnel"]


async def test_a_lost_answer_makes_no_double(site: Shop) -> None:
    tries = 0
    through = asyncio.Event()

    async def lose_twice(route: Route) -> None:
        nonlocal tries
        tries += 1
        if tries > 2:
            await route.continue_()
            through.set()
            return
        await route.fetch()
        await route.abort()

    async with site.tab(expected=failed_request) as tab:
        await tab.page.route("**/messages", lose_twice)
        await tab.go()
        await tab.say("once only")

        await tab.sent("once only")
        async with asyncio.timeout(PATIENCE):
            await through.wait()
        await expect(tab.lines).to_have_count(1)
        assert taken(site.rig) == ["once only"]


async def test_a_stream_that_breaks_is_resumed_where_it_was(site: Shop) -> None:
    async with site.tab(expected=failed_request) as tab:
        await tab.go()
        await site.rig.say(ANA, "before")
        await expect(tab.line("before")).to_be_visible()

        await tab.page.context.set_offline(True)
        for number in range(5):
            await site.rig.say(ANA, f"meanwhile {number}")
        await tab.page.context.set_offline(False)
        await site.rig.say(ANA, "after")

        await expect(tab.line("after")).to_be_visible()
        assert await tab.texts() == ["before", *(f"meanwhile {n}" for n in range(5)), "after"]


async def test_a_customer_answers_changes_and_takes_back(site: Shop) -> None:
    ours = await site.rig.say(ANA, "Which one?")
    async with site.tab() as tab:
        await tab.go()
        await tab.line("Which one?").hover()
        await tab.line("Which one?").get_by_role("button", name="Reply").click()
        await tab.say("the bleu one")
        await tab.sent("the bleu one")
        await tab.line("the bleu one").hover()
        await tab.line("the bleu one").get_by_role("button", name="Edit").click()
        await expect(tab.box).to_have_value("the bleu one")
        await tab.say("the blue one")
        await expect(tab.line("the blue one")).to_contain_text("edited")
        await tab.line("the blue one").hover()
        await tab.line("the blue one").get_by_role("button", name="Delete").click()
        await expect(tab.lines.last).to_contain_text("Message deleted")

        await site.rig.core.until(lambda core: bool(core.of(MessageDeleted)))
        written, *more = [e for e in site.rig.core.events if not isinstance(e, ReceiptChanged)]
        assert isinstance(written, MessageReceived)
        assert written.quoted == ours
        assert [type(event) for event in more] == [MessageEdited, MessageDeleted]
        assert isinstance(more[0], MessageEdited)
        assert more[0].content.words() == "the blue one"


async def test_files_cross_both_ways(site: Shop, tmp_path: Path) -> None:
    picture = site.rig.files.add(PNG, "label.png")
    paper = site.rig.files.add(b"%PDF- terms", "terms.pdf")
    await site.rig.say(ANA, content=Content(files=(picture, paper)))
    async with site.tab() as tab:
        await tab.go()
        await expect(tab.page.get_by_role("img", name="label.png")).to_be_visible()
        async with tab.page.expect_download() as downloading:
            await tab.page.get_by_role("button", name="Download terms.pdf").click()
        download = await downloading.value
        await download.save_as(tmp_path / "got")
        assert (tmp_path / "got").read_bytes() == b"%PDF- terms"
        assert download.suggested_filename == "terms.pdf"

        await tab.page.locator("deskbridge-chat input[type=file]").set_input_files(
            {"name": "box.png", "mimeType": "image/png", "buffer": PNG}
        )
        await tab.say("the box")

        await tab.sent("the box")
        [event] = site.rig.core.of(MessageReceived)
        [file] = event.content.files
        assert (file.name, file.mime, file.size) == ("box.png", "image/png", len(PNG))


async def test_files_may_be_pasted_and_dropped_and_taken_out_again(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await tab.chat.evaluate(GIVE, ["paste", "textarea", "pasted.txt"])
        await tab.chat.evaluate(GIVE, ["drop", ".panel", "dropped.txt"])
        await tab.chat.evaluate(GIVE, ["drop", ".panel", "mistake.txt"])
        await tab.page.get_by_role("button", name="Remove mistake.txt").click()
        await tab.page.get_by_role("button", name="Send").click()

        await until(site.rig, 1)
        [event] = site.rig.core.of(MessageReceived)
        assert [file.name for file in event.content.files] == ["pasted.txt", "dropped.txt"]


async def test_what_is_refused_for_good_can_be_tried_again_or_discarded(
    browser: Browser, tmp_path: Path
) -> None:
    settings = DEFAULTS.model_copy(update={"max_text": 100})
    async with shop(browser, tmp_path, settings) as site, site.tab(expected=failed_request) as tab:
        await tab.go()
        await tab.chat.evaluate(
            "chat => (chat.composer.limits = {...chat.composer.limits, text: 999})"
        )
        await tab.say("x" * 150)
        await tab.say("short")
        await tab.sent("short")
        refused = tab.line("xxx")
        await expect(refused.get_by_role("alert")).to_contain_text("Not sent")

        await refused.get_by_role("button", name="Try again").click()
        await expect(refused.get_by_role("alert")).to_contain_text("Not sent")
        await refused.get_by_role("button", name="Discard").click()

        assert await tab.texts() == ["short"]
        await tab.page.reload()
        await expect(tab.line("short")).to_be_visible()
        assert await tab.texts() == ["short"]


async def test_a_token_that_is_no_longer_valid_is_replaced_and_nothing_is_lost(site: Shop) -> None:
    async with site.tab(expected=failed_request) as tab:
        await tab.go("/")
        await tab.say("first")
        await tab.sent("first")
        await tab.emptied()  # or it would go out again, for a visitor who is a new one by then
        await tab.page.evaluate(
            "key => localStorage.setItem(key, 'x.y')", f"deskbridge:token:{site.rig.url}"
        )

        await tab.page.reload()
        await expect(tab.box).to_be_visible()
        await tab.say("second")

        await tab.sent("second")
        assert taken(site.rig) == ["first", "second"]


async def test_every_client_id_is_a_random_uuid_even_without_https(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.page.add_init_script("delete Crypto.prototype.randomUUID")
        await tab.go()
        for number in range(3):
            await tab.say(f"line {number}")
        await until(site.rig, 3)

    ids = [
        ExternalId(e.external_id) for e in site.rig.core.events if isinstance(e, MessageReceived)
    ]
    parsed = [UUID(one.rpartition("/")[2]) for one in ids]
    assert len(set(parsed)) == 3
    assert {one.version for one in parsed} == {4}


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
GIVE = """(chat, [kind, selector, name]) => {
  const given = new DataTransfer();
  given.items.add(new File(["content"], name, {type: "text/plain"}));
  const init = {bubbles: true, cancelable: true, clipboardData: given, dataTransfer: given};
  const event = kind === "paste" ? new ClipboardEvent(kind, init) : new DragEvent(kind, init);
  chat.shadowRoot.querySelector(selector).dispatchEvent(event);
}"""
