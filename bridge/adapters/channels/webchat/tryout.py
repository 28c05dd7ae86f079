"""A page that stands in for the operator's site, to try the chat before it is embedded."""

import base64
import hashlib
from html import escape

from aiohttp import hdrs, web

from bridge.domain.ids import Language
from bridge.locales import best_language, say
from bridge.ports.http import Page

_STYLE = """
:root { color-scheme: light dark;
  --paper: #f6f7f9; --ink: #16202e; --soft: #5b6778; --line: #e1e5eb; --card: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0f141b; --ink: #e8edf4; --soft: #9aa7b8; --line: #2a3442; --card: #171e28; }
}
body { margin: 0; padding: 12vh 24px 24px; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 38rem; margin: 0 auto; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 8px; }
p { color: var(--soft); margin: 0 0 28px; }
h2 { font-size: 1rem; margin: 0 0 8px; }
pre { margin: 0; padding: 14px 18px; border: 1px solid var(--line); border-radius: 12px;
  background: var(--card); font-size: 0.875rem; white-space: pre-wrap; overflow-wrap: anywhere; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'self'; style-src 'sha256-{_HASH}'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)


class TryOut:
    """The page at `<base>/try`."""

    def __init__(self, base: str, brand: str, public_url: str) -> None:
        """`base` is where the chat's addresses begin."""
        self.path = f"{base}/try"
        self._script = f"{base}/widget.js"
        self._brand = brand
        self._public_url = public_url

    def page(self, language: Language) -> Page:
        """What the front page says of it."""
        return Page(
            path=self.path,
            title=say(language, "webchat.page.title", brand=self._brand),
            help=say(language, "webchat.page.help"),
        )

    async def show(self, request: web.Request) -> web.Response:
        """The page, in the visitor's language."""
        language = best_language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        title = say(language, "webchat.page.title", brand=self._brand)
        tag = f'<script src="{self._public_url}{self._script}" defer></script>'
        html = (
            f'<!doctype html><html lang="{language.replace("_", "-")}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title><style>{_STYLE}</style>"
            f"<main><h1>{escape(title)}</h1><p>{escape(say(language, 'webchat.page.lead'))}</p>"
            f"<h2>{escape(say(language, 'webchat.page.embed'))}</h2>"
            f"<pre><code>{escape(tag)}</code></pre></main>"
            f'<script src="{escape(self._script)}" defer></script></html>'
        )
        return web.Response(
            text=html, content_type="text/html", headers={"Content-Security-Policy": _POLICY}
        )
