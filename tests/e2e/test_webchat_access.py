"""The widget for people who use a keyboard, a screen reader, large text or little motion."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bridge.domain.content import Choice, Content, Quote
from bridge.domain.ids import Address, ExternalId
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind
from tests.adapters.webchat.rig import DEFAULTS
from tests.e2e.widget import Shop, shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = Address("ana")

# Colours as the browser computed them, over what is really behind them.
CONTRAST = """chat => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a));
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement)
      layers.unshift(parse(getComputedStyle(at).backgroundColor));
    const seen = layers.filter((one) => one.length);
    return seen.reduce((under, one) => over(one, under), [255, 255, 255]);
  };
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b] = colour.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const says = (node) =>
    [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
  return [...chat.shadowRoot.querySelectorAll("*")]
    .filter((node) => says(node) && node.checkVisibility())
    .map((node) => {
      const ground = behind(node);
      const [a, b] = [light(over(parse(getComputedStyle(node).color), ground)), light(ground)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return [node.className || node.localName, Math.round(ratio * 100) / 100];
    });
}"""
SMALL = """chat => [...chat.shadowRoot.querySelectorAll("button")]
  .filter((one) => one.checkVisibility({opacityProperty: true}))
  .map((one) => [one.ariaLabel || one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
NAMELESS = """chat => {
  const named = "button, textarea, img, [role=img], [role=log]";
  return [...chat.shadowRoot.querySelectorAll(named)]
    .filter((one) => !(one.ariaLabel || one.alt || one.textContent.trim()))
    .map((one) => one.outerHTML);
}"""
WIDE = """chat => [...chat.shadowRoot.querySelectorAll(".panel *")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.className)"""
ADDED = """chat => {
  window.added = [];
  const note = (nodes) => {
    for (const node of nodes) if (node.matches?.(".msg")) added.push(node.textContent);
  };
  const watch = (changes) => changes.forEach((change) => note(change.addedNodes));
  new MutationObserver(watch).observe(chat.shell.log, {childList: true});
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with a conversation that shows every kind of thing."""
    async with shop(browser, tmp_path) as running:
        rig = running.rig
        ana = rig.customer("ana")
        await ana.send("I need help with https://shop.example/orders/1")
        await rig.say(ANA, "You are in the queue.", author=Author.SYSTEM, name="")
        file = rig.files.add(b"%PDF-1", "terms.pdf")
        quote = Quote(message=None, author="Ana", excerpt="I need help")
        await rig.say(ANA, content=Content(text=plain("Here"), files=(file,), quote=quote))
        choices = (Choice(id="1", label="Yes"), Choice(id="2", label="No"))
        await rig.say(ANA, content=Content(text=plain("Good?"), choices=choices), author=Author.BOT)
        yield running


async def test_a_screen_reader_is_told_of_new_lines_and_of_nothing_old(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        log = tab.page.get_by_role("log", name="Conversation")

        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log).to_have_attribute("aria-busy", "false")
        await expect(tab.page.get_by_role("dialog", name="Acme")).to_be_visible()
        await expect(tab.box).to_have_accessible_name("Message")
        await expect(tab.line("Here")).to_contain_text("Ana Lima:")


async def test_a_line_that_was_read_out_is_not_put_in_again(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        await expect(tab.page.get_by_role("log")).to_have_attribute("aria-busy", "false")
        await tab.chat.evaluate(ADDED)
        await tab.say("only once")
        await tab.sent("only once")
        await site.rig.say(ANA, "an answer")
        await expect(tab.line("an answer")).to_be_visible()

        assert len(await tab.page.evaluate("added")) == 2

        words = Content(text=plain("Excellent?"))
        await site.rig.chat.send(
            ANA, site.rig.call(CallKind.EDIT, about=ExternalId("ana/m3"), content=words)
        )
        await expect(tab.line("Excellent?")).to_be_visible()

        assert len(await tab.page.evaluate("added")) == 3


async def test_everything_that_can_be_used_has_a_name(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()

        assert await tab.chat.evaluate(NAMELESS) == []


async def test_everything_is_large_enough_for_a_finger(site: Shop) -> None:
    context = await site.browser.new_context(
        has_touch=True,
        is_mobile=True,
        viewport={"width": 375, "height": 667},
        reduced_motion="reduce",
    )
    async with site.tab(context) as tab:
        await tab.go()
        await tab.line("Good?").focus()

        assert await tab.chat.evaluate(SMALL) == []
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_question_before_the_end_can_be_read_and_pressed(site: Shop, scheme: str) -> None:
    context = await site.browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 375, "height": 667},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    async with site.tab(context) as tab:
        await tab.go()
        await tab.page.get_by_role("button", name="End conversation").click()
        asked = tab.page.get_by_role("alertdialog")
        await expect(asked).to_be_visible()

        ratios = dict(await tab.chat.evaluate(CONTRAST))

        assert min(ratios["firm"], ratios["h2"], ratios["p"]) >= 4.5
        assert await tab.chat.evaluate(SMALL) == []
        assert await tab.chat.evaluate(WIDE) == []
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", [None, "#ffd400", "#0b5394"])
async def test_every_word_can_be_read(
    browser: Browser, tmp_path: Path, site: Shop, scheme: str, accent: str | None
) -> None:
    context = await browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",  # no colour is on its way to another one
    )
    async with site.tab(context) as tab:
        await tab.go()
        if accent:
            await tab.chat.evaluate("(chat, it) => chat.setAttribute('accent', it)", accent)
        await site.rig.chat.show_typing("ana", "Lia")
        await expect(tab.page.get_by_text("Lia is typing")).to_be_visible()

        ratios = await tab.chat.evaluate(CONTRAST)

        assert len(ratios) > 12
        assert [one for one in ratios if one[1] < 4.5] == []
    await context.close()


async def test_the_theme_may_be_chosen_against_the_system(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()
        ground = "chat => getComputedStyle(chat.shell.panel).backgroundColor"
        light = await tab.chat.evaluate(ground)

        await tab.chat.evaluate("chat => chat.setAttribute('theme', 'dark')")

        assert await tab.chat.evaluate(ground) != light


async def test_the_keyboard_alone_is_enough(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go(open_it=False)
        await tab.launcher.focus()
        await tab.page.keyboard.press("Enter")
        await expect(tab.box).to_be_focused()
        await tab.page.keyboard.type("one line")
        await tab.page.keyboard.press("Shift+Enter")
        await tab.page.keyboard.type("and another")
        await tab.page.keyboard.press("Enter")
        await tab.sent("and another")

        await tab.page.get_by_role("log").focus()
        await tab.page.keyboard.press("ArrowUp")
        await expect(tab.lines.last).to_be_focused()
        await tab.page.keyboard.press("Tab")
        await expect(tab.lines.last.get_by_role("button", name="Reply")).to_be_focused()
        await tab.page.keyboard.press("Enter")
        await expect(tab.page.get_by_text("Replying to You")).to_be_visible()
        await tab.page.keyboard.press("Escape")
        await expect(tab.page.get_by_text("Replying to You")).to_be_hidden()
        await tab.page.keyboard.press("Escape")

        await expect(tab.box).to_be_hidden()
        await expect(tab.launcher).to_be_focused()
        await expect(tab.launcher).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
async def test_the_focus_stays_in_the_open_panel(site: Shop, key: str) -> None:
    async with site.tab() as tab:
        await tab.go()
        inside = "chat => chat.shell.panel.contains(chat.shadowRoot.activeElement)"
        names = set()
        for _ in range(20):
            await tab.page.keyboard.press(key)
            assert await tab.chat.evaluate(inside)
            names.add(await tab.chat.evaluate("chat => chat.shadowRoot.activeElement.ariaLabel"))

        assert {"Close chat", "Message", "Attach files", "Conversation"} <= names


async def test_a_picture_a_day_and_a_sender_are_told_apart_without_colour(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go()

        await expect(tab.page.get_by_text("Today")).to_be_visible()
        await expect(tab.line("I need help with").locator(".sr")).to_have_text("You:")
        await expect(tab.line("Good?").locator(".name")).to_have_text("Ana Lima")


async def test_who_wants_little_motion_gets_none(site: Shop) -> None:
    moving = """chat => [...chat.shadowRoot.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length"""
    async with site.tab() as still:
        await still.go()
        assert await still.chat.evaluate(moving) == 0
    context = await site.browser.new_context(reduced_motion="no-preference")
    async with site.tab(context) as lively:
        await lively.go()
        assert await lively.chat.evaluate(moving) > 0
    await context.close()


@pytest.mark.parametrize("width", [320, 375])
async def test_a_narrow_screen_is_filled_and_never_scrolled_sideways(
    site: Shop, width: int
) -> None:
    context = await site.browser.new_context(
        viewport={"width": width, "height": 640}, reduced_motion="reduce"
    )
    async with site.tab(context) as tab:
        await tab.go()
        await site.rig.say(ANA, "wide" * 200)
        await expect(tab.line("wide")).to_be_visible()
        panel = await tab.page.locator("deskbridge-chat .panel").bounding_box()
        wide = await tab.chat.evaluate(WIDE)

        assert panel == {"x": 0, "y": 0, "width": width, "height": 640}
        assert wide == []
    await context.close()


async def test_without_files_there_is_no_button_for_them(browser: Browser, tmp_path: Path) -> None:
    settings = DEFAULTS.model_copy(update={"max_file_mb": 0})
    async with shop(browser, tmp_path, settings) as site, site.tab() as tab:
        await tab.go()

        await expect(tab.page.get_by_role("button", name="Attach files")).to_have_count(0)
