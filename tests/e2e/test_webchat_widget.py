"""The widget in a real browser: what a customer sees and what becomes of what he writes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect

from bridge.domain.content import Choice, Content, Quote
from bridge.domain.errors import StorageUnavailable
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author, Receipt
from bridge.domain.text import Bold, Bullets, Code, Link, Paragraph, Plain, plain
from bridge.ports.calls import CallKind
from bridge.ports.channel import MessageDeleted, MessageEdited, MessageReceived, ReceiptChanged
from tests.adapters.webchat.rig import DEFAULTS, Rig
from tests.e2e.widget import PAGE, SCRIPT, Shop, failed_request, shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

ANA = Address("ana")


@pytest_asyncio.fixture(loop_scope="module")
async def site(chromium: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with the chat on it."""
    async with shop(chromium, tmp_path) as running:
        yield running


def taken(rig: Rig) -> list[str]:
    """The words of the customer's lines that reached the core."""
    return [event.content.words() for event in rig.core.of(MessageReceived)]


async def until(rig: Rig, count: int) -> None:
    """Wait for this many lines to reach the core."""
    await rig.core.until(lambda core: len(core.of(MessageReceived)) >= count)


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
        async with asyncio.timeout(10):
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


async def test_what_was_not_seen_is_counted_and_then_reported_read(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go(open_it=False)
        first = await site.rig.say(ANA, "one")
        second = await site.rig.say(ANA, "two")
        await expect(tab.page).to_have_title("(2) Shop")
        await expect(tab.launcher).to_have_accessible_name("Open chat, 2 unread")

        await tab.launcher.click()

        await expect(tab.page).to_have_title("Shop")
        await expect(tab.launcher).to_have_accessible_name("Close chat")
        await site.rig.core.until(lambda core: len(core.of(ReceiptChanged)) == 2)
        receipts = site.rig.core.of(ReceiptChanged)
        assert {(one.external_id, one.receipt) for one in receipts} == {
            (first, Receipt.READ),
            (second, Receipt.READ),
        }


async def test_who_reads_further_up_is_not_thrown_down(site: Shop) -> None:
    for number in range(40):
        await site.rig.say(ANA, f"line {number}")
    async with site.tab() as tab:
        await tab.go()
        await expect(tab.line("line 39")).to_be_in_viewport()
        await tab.page.locator("deskbridge-chat .scroller").evaluate(
            "it => new Promise((done) => { it.onscrollend = done; it.scrollTop = 0; })"
        )
        await site.rig.say(ANA, "down here")

        jump = tab.page.get_by_role("button", name="New messages")
        await expect(jump).to_be_visible()
        await expect(tab.line("line 3").first).to_be_in_viewport()
        await jump.click()

        await expect(tab.line("down here")).to_be_in_viewport()
        await expect(jump).to_be_hidden()


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
    hide = """hidden => {
      Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""
    async with site.tab(context) as one, site.tab(context) as two:
        for tab in (one, two):
            await tab.page.clock.install()
            await tab.go()
            await tab.page.evaluate(hide, True)
            await tab.page.clock.fast_forward(31_000)
        await site.rig.say(ANA, "is anybody there?")
        await expect(one.page).to_have_title("(1) Shop")
        await expect(two.line("is anybody there?")).to_have_count(0)

        await two.page.evaluate(hide, False)

        await expect(two.line("is anybody there?")).to_be_visible()
        await expect(two.page).to_have_title("Shop")
        await expect(one.page).to_have_title("Shop")
    await context.close()


async def test_a_choice_is_sent_by_its_id_and_offered_once(site: Shop) -> None:
    choices = (Choice(id="orders", label="Orders"), Choice(id="person", label="A person"))
    asked = await site.rig.say(
        ANA, author=Author.BOT, name="", content=Content(text=plain("What is it?"), choices=choices)
    )
    async with site.tab() as tab:
        await tab.go()
        await tab.page.get_by_role("button", name="A person").click()

        await tab.sent("A person")
        await expect(tab.page.get_by_role("button", name="Orders")).to_have_count(0)
        [event] = site.rig.core.of(MessageReceived)
        assert (event.content.chosen, event.quoted) == ("person", asked)


async def test_edits_deletions_quotes_and_reactions_of_ours_are_shown(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await tab.say("my line")
        await tab.sent("my line")
        [event] = site.rig.core.of(MessageReceived)
        quote = Quote(message=None, author="Ana", excerpt="my line")
        edited = await site.rig.say(
            ANA, content=Content(text=plain("helo"), quote=quote), quoted=event.external_id
        )
        deleted = await site.rig.say(ANA, "wrong chat")
        await expect(tab.line("wrong chat")).to_be_visible()

        words = Content(text=plain("hello"))
        await site.rig.chat.send(ANA, site.rig.call(CallKind.EDIT, about=edited, content=words))
        await site.rig.chat.send(ANA, site.rig.call(CallKind.DELETE, about=deleted))
        await site.rig.chat.send(
            ANA, site.rig.call(CallKind.REACT, about=event.external_id, emoji="🎉")
        )

        await expect(tab.line("hello")).to_contain_text("edited")
        await expect(tab.line("hello").locator(".quote")).to_have_text("Youmy line")
        await expect(tab.line("Message deleted")).to_be_visible()
        await expect(tab.line("wrong chat")).to_have_count(0)
        await expect(tab.lines.first.locator(".reacts")).to_have_text("🎉")


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


async def test_a_file_that_is_too_big_is_named_before_it_is_sent(
    chromium: Browser, tmp_path: Path
) -> None:
    settings = DEFAULTS.model_copy(update={"max_file_mb": 1})
    async with shop(chromium, tmp_path, settings) as site, site.tab() as tab:
        await tab.go()
        await tab.page.locator("deskbridge-chat input[type=file]").set_input_files(
            {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 1_100_000}
        )

        alert = tab.page.get_by_role("alert").filter(has_text="film.mp4")
        await expect(alert).to_contain_text("1 MB")


async def test_what_is_refused_for_good_can_be_tried_again_or_discarded(
    chromium: Browser, tmp_path: Path
) -> None:
    settings = DEFAULTS.model_copy(update={"max_text": 100})
    async with shop(chromium, tmp_path, settings) as site, site.tab(expected=failed_request) as tab:
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


async def test_typing_is_shown_both_ways(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await site.rig.chat.show_typing("ana", "Lia")
        await expect(tab.page.get_by_text("Lia is typing")).to_be_visible()
        await site.rig.say(ANA, "done", name="Lia")
        await expect(tab.page.get_by_text("Lia is typing")).to_be_hidden()

        await tab.box.press_sequentially("hel")

        await site.rig.core.until(lambda core: bool(core.typists))
        assert site.rig.core.typists == [ANA]


async def test_a_token_that_is_no_longer_valid_is_replaced_and_nothing_is_lost(site: Shop) -> None:
    async with site.tab(expected=failed_request) as tab:
        await tab.go("/")
        await tab.say("first")
        await tab.sent("first")
        await tab.page.evaluate(
            "key => localStorage.setItem(key, 'x.y')", f"deskbridge:token:{site.rig.url}"
        )

        await tab.page.reload()
        await expect(tab.box).to_be_visible()
        await tab.say("second")

        await tab.sent("second")
        assert taken(site.rig) == ["first", "second"]


async def test_formatted_text_is_shown_as_it_was_meant(site: Shop) -> None:
    text = (
        Paragraph(
            spans=(
                Bold(spans=(Plain(text="Now"),)),
                Plain(text=" see https://shop.example/a?b=1. Or "),
                Link(url="https://evil.example/x", spans=(Plain(text="https://bank.example"),)),
                Link(url="javascript:alert(1)", spans=(Plain(text="click"),)),
                Code(text="<b>"),
            )
        ),
        Bullets(items=((Paragraph(spans=(Plain(text="first"),)),),), ordered=True),
    )
    await site.rig.say(ANA, content=Content(text=text))
    async with site.tab() as tab:
        await tab.go()
        bubble = tab.lines.locator(".bubble")

        await expect(bubble.locator("strong")).to_have_text("Now")
        await expect(bubble.locator("ol > li")).to_have_text("first")
        await expect(bubble.locator("code")).to_have_text("<b>")
        links = bubble.locator("a")
        assert [await link.get_attribute("href") for link in await links.all()] == [
            "https://shop.example/a?b=1",
            "https://bank.example",
            "https://evil.example/x",
        ]
        await expect(bubble).to_contain_text("https://bank.example (https://evil.example/x)")
        assert await links.first.get_attribute("rel") == "noopener noreferrer nofollow"


async def test_older_lines_are_loaded_when_asked_for_with_their_changes(site: Shop) -> None:
    first = await site.rig.say(ANA, "line 0 of many")
    for number in range(1, 70):
        await site.rig.say(ANA, f"line {number} of many")
    words = Content(text=plain("line zero"))
    await site.rig.chat.send(ANA, site.rig.call(CallKind.EDIT, about=first, content=words))
    async with site.tab() as tab:
        await tab.go()
        await expect(tab.lines).to_have_count(49)

        await tab.page.get_by_role("button", name="Earlier messages").click()

        await expect(tab.lines).to_have_count(70)
        await expect(tab.lines.first).to_contain_text("line zero")
        await expect(tab.page.get_by_role("button", name="Earlier messages")).to_be_hidden()


async def test_a_brazilian_reads_portuguese(site: Shop) -> None:
    context = await site.browser.new_context(locale="pt-BR")
    async with site.tab(context) as by_browser:
        await by_browser.go("/", open_it=False)
        await expect(by_browser.launcher).to_have_accessible_name("Abrir conversa")
    await context.close()
    async with site.tab() as by_attribute:
        await by_attribute.go("/pt")
        await expect(by_attribute.box).to_have_attribute("placeholder", "Escreva uma mensagem…")
        await by_attribute.say("olá")
        await until(site.rig, 1)
        [event] = site.rig.core.of(MessageReceived)
        assert event.language == "pt_BR"


async def test_a_panel_that_was_open_and_a_text_that_was_begun_survive_the_next_page(
    site: Shop,
) -> None:
    async with site.tab() as tab:
        await tab.go()
        await tab.box.fill("half a sent")

        await tab.page.reload()

        await expect(tab.box).to_have_value("half a sent")


async def test_inline_it_fills_its_place_and_has_no_launcher(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go("/inline", open_it=False)

        await expect(tab.box).to_be_visible()
        await expect(tab.launcher).to_have_count(0)
        await tab.page.evaluate("""() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("deskbridge-chat { position: fixed; width: 300px; height: 500px }");
          document.adoptedStyleSheets = [sheet];
        }""")
        panel = await tab.page.locator("deskbridge-chat .panel").bounding_box()
        assert panel
        assert (panel["width"], panel["height"]) == (300, 500)


@pytest.mark.parametrize("listed", [True, False])
async def test_another_site_may_embed_it_when_it_is_listed_and_only_then(
    chromium: Browser, tmp_path: Path, listed: bool
) -> None:
    pages = {"/shop": ""}
    async with shop(chromium, tmp_path, pages=pages) as host:
        origin = host.rig.url.removesuffix(host.rig.chat.base)
        settings = DEFAULTS.model_copy(update={"origins": (origin,)}) if listed else DEFAULTS
        async with shop(chromium, tmp_path, settings) as other:
            source = f"{other.rig.url}/widget.js"
            pages["/shop"] = PAGE.format(body=SCRIPT.format(src=source, attributes=""))
            context = await chromium.new_context(bypass_csp=True)
            async with host.tab(context, expected=lambda complaint: not listed) as tab:
                await tab.go("/shop")
                await tab.say("hello")
                if listed:
                    await tab.sent("hello")
                else:
                    await expect(tab.line("hello")).to_contain_text("Waiting")
            await context.close()
        assert taken(other.rig) == (["hello"] if listed else [])


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
