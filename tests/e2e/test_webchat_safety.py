"""What strangers write stays words, wherever the widget shows it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bridge.domain.content import Choice, Content, File, FileKind, Quote
from bridge.domain.ids import Address, FileId
from bridge.domain.text import Bold, Link, Paragraph, Plain
from tests.adapters.webchat.rig import Rig
from tests.e2e.widget import Shop, Tab, shop

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANA = Address("ana")
PAYLOADS = (
    (Path(__file__).parents[1] / "payloads" / "xss.txt").read_text("utf-8").removesuffix("\n")
).split("\n")

WATCH = """() => {
  window.violations = [];
  addEventListener("securitypolicyviolation", (it) => violations.push(it.violatedDirective));
  const caught = () => (window.pwned = 1);
  for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = caught;
}"""
INSPECT = """chat => {
  const all = [...chat.shadowRoot.querySelectorAll("*")];
  return {
    pwned: window.pwned ?? null,
    violations,
    tags: [...new Set(all.map((one) => one.localName))],
    handlers: all.flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith("on")),
    links: [...new Set(all.filter((one) => one.href?.length).map((one) => one.protocol))],
    outside: document.body.querySelectorAll("*:not(h1, script, deskbridge-chat)").length,
  };
}"""
HARMLESS = {
    *("a", "b", "bdi", "blockquote", "button", "code", "div", "em", "form", "h2", "header", "i"),
    *("img", "input", "li", "ol", "p", "path", "pre", "s", "section", "small", "span", "strong"),
    *("svg", "textarea", "time", "ul"),
}


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser, tmp_path: Path) -> AsyncIterator[Shop]:
    """A site with the chat on it, under the strictest policy."""
    async with shop(browser, tmp_path) as running:
        yield running


async def write_everywhere(rig: Rig, payload: str) -> None:
    """The payload as everything that a stranger, a bot or an agent can choose."""
    text = Paragraph(
        spans=(
            Plain(text=payload),
            Bold(spans=(Plain(text=payload),)),
            Link(url=payload, spans=(Plain(text=payload),)),
        )
    )
    kept = rig.files.add(payload.encode(), payload)
    picture = File(id=kept.id, kind=FileKind.IMAGE, mime="image/png", size=9, name=payload)
    svg = File(id=FileId("f" * 32), kind=FileKind.IMAGE, mime="image/svg+xml", size=9, name=payload)
    content = Content(
        text=(text,),
        files=(kept, picture, svg),
        quote=Quote(message=None, author=payload, excerpt=payload),
        choices=(Choice(id=payload, label=payload),),
    )
    await rig.say(ANA, content=content, name=payload)


async def show_all(tab: Tab, count: int) -> None:
    """Load the whole conversation."""
    earlier = tab.page.get_by_role("button", name="Earlier messages")
    while (shown := await tab.lines.count()) < count:
        await earlier.click()
        await expect(tab.lines).not_to_have_count(shown)
    await expect(tab.lines).to_have_count(count)


async def test_nothing_that_is_written_runs(site: Shop) -> None:
    assert len(PAYLOADS) >= 150
    for payload in PAYLOADS:
        await write_everywhere(site.rig, payload)
    async with site.tab() as tab:
        await tab.page.add_init_script(f"({WATCH})()")
        await tab.go()
        await show_all(tab, len(PAYLOADS))

        found = await tab.chat.evaluate(INSPECT)

        assert (found["pwned"], found["violations"], found["handlers"]) == (None, [], [])
        assert set(found["tags"]) <= HARMLESS
        assert set(found["links"]) <= {"http:", "https:"}
        assert found["outside"] == 0
        assert [url for url in tab.asked if not url.startswith((tab.root, "blob:"))] == []


async def test_what_a_customer_writes_comes_back_as_he_wrote_it(site: Shop) -> None:
    ana = site.rig.customer("ana")
    for payload in PAYLOADS:
        status, body = await ana.send(payload)
        assert status == 200, body
    async with site.tab() as tab:
        await tab.page.add_init_script(f"({WATCH})()")
        await tab.go()
        await show_all(tab, len(PAYLOADS))

        shown = await tab.lines.locator(".bubble").evaluate_all(
            "all => all.map((one) => one.textContent)"
        )
        found = await tab.chat.evaluate(INSPECT)

        assert shown == PAYLOADS
        assert (found["pwned"], found["violations"]) == (None, [])


async def test_a_file_that_is_a_page_is_downloaded_and_never_opened(site: Shop) -> None:
    page = b"<script>opener.pwned=1;window.pwned=1</script>"
    file = site.rig.files.add(page, "invoice.html")
    await site.rig.say(ANA, content=Content(files=(file,)))
    async with site.tab() as tab:
        await tab.go()

        async with tab.page.expect_download() as downloading:
            await tab.page.get_by_role("button", name="Download invoice.html").click()

        download = await downloading.value
        assert download.url.startswith("blob:")
        assert len(tab.page.context.pages) == 1
        assert await tab.page.evaluate("window.pwned ?? null") is None


async def test_no_proof_of_identity_is_ever_in_an_address(site: Shop) -> None:
    async with site.tab() as tab:
        await tab.go("/")
        await tab.say("hello")
        await tab.sent("hello")
        token = await tab.page.evaluate(
            "key => localStorage.getItem(key)", f"deskbridge:token:{site.rig.url}"
        )

        assert token
        assert not [url for url in tab.asked if token in url or token.partition(".")[0] in url]
