"""What a customer sees in a real browser: what we write, in his language, on his page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bridge.domain.content import Choice, Content, Quote
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author, Receipt
from bridge.domain.text import Bold, Bullets, Code, Link, Paragraph, Plain, plain
from bridge.ports.calls import CallKind
from bridge.ports.channel import MessageReceived, ReceiptChanged
from tests.adapters.webchat.fakes import Core
from tests.adapters.webchat.rig import DEFAULTS
from tests.e2e.widget import PAGE, SCRIPT, Shop, shop, taken, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = Address("ana")


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with the chat on it."""
    async with shop(browser, tmp_path) as running:
        yield running


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
        await site.rig.core.until(lambda core: len(reported(core, Receipt.READ)) == 2)
        assert reported(site.rig.core, Receipt.READ) == {first, second}


async def test_what_came_but_was_not_seen_is_reported_delivered_only(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go(open_it=False)
        line = await site.rig.say(ANA, "one")
        await expect(tab.launcher).to_have_accessible_name("Open chat, 1 unread")
        await site.rig.core.until(lambda core: bool(core.of(ReceiptChanged)))
        delivered, read = (reported(site.rig.core, it) for it in (Receipt.DELIVERED, Receipt.READ))

        await tab.page.reload()
        await expect(tab.launcher).to_have_accessible_name("Open chat, 1 unread")

        assert (delivered, read) == ({line}, set())
        assert [url for url in tab.asked if url.endswith("/received")] == [
            f"{site.rig.url}/received"
        ]


def reported(core: Core, receipt: Receipt) -> set[ExternalId]:
    """The lines of which this was reported."""
    return {each.external_id for each in core.of(ReceiptChanged) if each.receipt is receipt}


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


async def test_a_choice_is_sent_by_its_id_and_offered_once(site: Shop) -> None:
    old = (Choice(id="old", label="An old one"),)
    await site.rig.say(ANA, author=Author.BOT, content=Content(text=plain("Hi"), choices=old))
    choices = (Choice(id="orders", label="Orders"), Choice(id="person", label="A person"))
    asked = await site.rig.say(
        ANA, author=Author.BOT, name="", content=Content(text=plain("What is it?"), choices=choices)
    )
    async with site.tab() as tab:
        await tab.go()
        await expect(tab.page.get_by_role("button", name="An old one")).to_have_count(0)
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


async def test_a_file_that_is_too_big_is_named_before_it_is_sent(
    browser: Browser, tmp_path: Path
) -> None:
    settings = DEFAULTS.model_copy(update={"max_file_mb": 1})
    async with shop(browser, tmp_path, settings) as site, site.tab() as tab:
        await tab.go()
        await tab.page.locator("deskbridge-chat input[type=file]").set_input_files(
            {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"x" * 1_100_000}
        )

        alert = tab.page.get_by_role("alert").filter(has_text="film.mp4")
        await expect(alert).to_contain_text("1 MB")


async def test_typing_is_shown_both_ways(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await site.rig.chat.show_typing("ana", "Lia")
        await expect(tab.page.get_by_text("Lia is typing")).to_be_visible()
        await site.rig.say(ANA, "done", name="Lia")
        await expect(tab.page.get_by_text("Lia is typing")).to_be_hidden()

        await tab.box.press_sequentially("hel")

        await site.rig.core.until(lambda core: bool(core.typists))
        assert set(site.rig.core.typists) == {ANA}


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
    browser: Browser, tmp_path: Path, listed: bool
) -> None:
    pages = {"/shop": ""}
    async with shop(browser, tmp_path, pages=pages) as host:
        origin = host.rig.url.removesuffix(host.rig.chat.base)
        settings = DEFAULTS.model_copy(update={"origins": (origin,)}) if listed else DEFAULTS
        async with shop(browser, tmp_path, settings) as other:
            source = f"{other.rig.url}/widget.js"
            pages["/shop"] = PAGE.format(body=SCRIPT.format(src=source, attributes=""))
            context = await browser.new_context(bypass_csp=True)
            async with host.tab(context, expected=lambda complaint: not listed) as tab:
                await tab.go("/shop")
                await tab.say("hello")
                if listed:
                    await tab.sent("hello")
                else:
                    await expect(tab.line("hello")).to_contain_text("Not sent")
            await context.close()
        assert taken(other.rig) == (["hello"] if listed else [])


async def test_the_head_does_not_say_the_same_name_twice(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        head = tab.page.locator("deskbridge-chat header")
        brand = await head.locator("h2").inner_text()
        await site.rig.say(ANA, "welcome", author=Author.BOT, name=brand)
        await expect(tab.line("welcome")).to_be_visible()
        await expect(head.locator("p")).to_be_hidden()

        await site.rig.say(ANA, "hello", name="Ana Lima")

        await expect(head.locator("p")).to_have_text("Ana Lima")


async def test_no_file_is_said_to_be_nothing(site: Shop) -> None:
    tiny, small = site.rig.files.add(b"nine byte", "tiny"), site.rig.files.add(b"x" * 2_048, "two")
    async with site.tab() as tab:
        await tab.go()

        await site.rig.say(ANA, content=Content(files=(tiny, small)))

        await expect(tab.lines.locator(".file small")).to_have_text(["0.1 kB", "2 kB"])
