"""A customer's browser with the widget in it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.ports.channel import MessageReceived
from tests.adapters.webchat.rig import DEFAULTS, Rig, serve, signed
from tests.browser import PATIENCE
from tests.patience import seen

PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Shop</title><h1>Shop</h1>{body}</html>"""
# "Sent" may be heard from the server before the page has put the line out of its outbox.
LEFT = """() => new Promise((tell) => {
  indexedDB.open("deskbridge", 1).onsuccess = ({target: {result: kept}}) => {
    kept.transaction("outbox").objectStore("outbox").count().onsuccess = ({target}) => {
      kept.close();
      tell(target.result + JSON.parse(localStorage["deskbridge:outbox"] ?? "[]").length);
    };
  };
})"""
SCRIPT = '<script src="{src}" {attributes}></script>'
PAGES = {
    "/": PAGE.format(body=SCRIPT.format(src="/chat/site/widget.js", attributes="")),
    "/pt": PAGE.format(
        body=SCRIPT.format(src="/chat/site/widget.js", attributes='data-lang="pt-BR"')
    ),
    "/ana": PAGE.format(
        body=SCRIPT.format(
            src="/chat/site/widget.js",
            attributes='data-customer="ana" data-name="Ana" '
            f'data-signature="{signed("ana")["X-Deskbridge-Signature"]}"',
        )
    ),
    "/inline": PAGE.format(
        body='<deskbridge-chat mode="inline"></deskbridge-chat>'
        + SCRIPT.format(src="/chat/site/widget.js", attributes="")
    ),
}


@dataclass
class Tab:
    """One tab, and everything it asked for or complained about."""

    page: Page
    root: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def chat(self) -> Locator:
        """The widget."""
        return self.page.locator("deskbridge-chat")

    @property
    def launcher(self) -> Locator:
        """The button that opens it."""
        return self.page.locator("deskbridge-chat .launcher")

    @property
    def box(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox")

    @property
    def lines(self) -> Locator:
        """The messages."""
        return self.page.get_by_role("log").locator(".msg")

    def line(self, text: str) -> Locator:
        """The message with these words."""
        return self.lines.filter(has_text=text)

    async def go(self, path: str = "/ana", *, open_it: bool = True) -> "Tab":
        """Open a page, and the chat on it; who is known to the server listens by then."""
        await self.page.goto(self.root + path)
        await expect(self.page.locator("deskbridge-chat .log[aria-busy=false]")).to_have_count(1)
        if open_it:
            await self.launcher.click()
            await expect(self.box).to_be_focused()
        return self

    async def say(self, text: str) -> None:
        """Write and send."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def sent(self, text: str) -> None:
        """Wait until the message shows that it was taken."""
        await expect(self.line(text).get_by_label("Sent", exact=True)).to_have_count(1)

    async def emptied(self) -> None:
        """Wait until the page would send nothing again, were it loaded anew."""
        await seen(lambda: self.page.evaluate(LEFT), wanted=0)

    async def texts(self) -> list[str]:
        """The words of all messages, as they stand in the log."""
        return await self.lines.locator(".bubble").all_inner_texts()


@dataclass
class Shop:
    """A site with the chat on it, and the browser of its customers."""

    rig: Rig
    browser: Browser

    @asynccontextmanager
    async def tab(
        self,
        context: BrowserContext | None = None,
        *,
        expected: Callable[[str], bool] | None = None,
    ) -> AsyncIterator[Tab]:
        """A tab; a complaint of the browser that was not `expected` fails the test."""
        home = context or await self.browser.new_context(reduced_motion="reduce")
        page = await home.new_page()
        page.set_default_timeout(PATIENCE)
        tab = Tab(page, self.rig.url.removesuffix(self.rig.chat.base))
        page.on("request", lambda request: tab.asked.append(request.url))
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        page.on("console", lambda said: _note(tab, said.type, said.text))
        yield tab
        await (page.close() if context else home.close())
        tolerated = expected or (lambda complaint: False)
        assert [one for one in tab.complaints if not tolerated(one)] == []


def _note(tab: Tab, kind: str, text: str) -> None:
    favicon = "favicon" in text or "404" in text
    if kind == "error" and not favicon:
        tab.complaints.append(text)


def failed_request(complaint: str) -> bool:
    """What a browser says when a request failed, as some of these tests want it to."""
    return "Failed to load resource" in complaint or "ERR_" in complaint


@asynccontextmanager
async def shop(
    browser: Browser,
    folder: Path,
    settings: WebChatSettings = DEFAULTS,
    pages: Mapping[str, str] | None = None,
) -> AsyncIterator[Shop]:
    """A running site."""
    async with serve(folder, settings, pages or PAGES) as rig:
        yield Shop(rig, browser)


def taken(rig: Rig) -> list[str]:
    """The words of the customer's lines that reached the core."""
    return [event.content.words() for event in rig.core.of(MessageReceived)]


async def until(rig: Rig, count: int) -> None:
    """Wait for this many lines to reach the core."""
    await rig.core.until(lambda core: len(core.of(MessageReceived)) >= count)
