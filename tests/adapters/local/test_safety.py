"""What a customer or a colleague writes is shown, and never runs."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from bridge.adapters.workspaces.local.render import pieces, safe_url
from bridge.domain.content import Content, File, FileKind, text_content
from bridge.domain.ids import FileId
from bridge.domain.text import Link, Paragraph, Plain
from tests.adapters.local.rig import Browser, Rig

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</div></article><iframe src=javascript:alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://x.example/"onmouseover=alert(1)',
    "<!--<script>-->alert(1)",
    "<math><mtext></p><style><img src=x onerror=alert(1)>",
    "\u202egpj.exe<b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
VOID = {"meta", "link", "input", "img", "br", "option", "path", "circle", "rect"}


class Reader(HTMLParser):
    """Finds whatever could run: scripts that are not ours, handlers, dangerous addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in ("iframe", "object", "embed", "base", "style", "math"):
            self.dangers.append(tag)
        if tag == "script" and not (named.get("src") or "").startswith("/desk/assets/"):
            self.dangers.append(f"script {attrs}")
        for name, value in attrs:
            address = name in ("href", "src", "action", "data-form", "hx-get", "hx-post")
            if name.startswith("on") or name == "style" or name == "srcdoc":
                self.dangers.append(f"{tag} {name}")
            if address and urlsplit(value or "").scheme not in ("", "http", "https"):
                self.dangers.append(f"{tag} {name}={value}")


def dangers(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    return reader.dangers


async def everything(browser: Browser, thread: str, number: int) -> str:
    paths = [
        "/desk/home",
        "/desk/rooms/sales",
        "/desk/rooms/monitor",
        f"/desk/threads/{thread}",
        "/desk/conversations",
        f"/desk/conversations/{number}",
        f"/desk/conversations/{number}/events",
        "/desk/queues",
        "/desk/people",
        f"/desk/forms/transfer?thread={thread}",
        f"/desk/forms/ticket?thread={thread}",
        f"/desk/forms/template?thread={thread}",
    ]
    pages = [await browser.get(path) for path in paths]
    assert [page.status for page in pages] == [200] * len(paths)
    return "\n".join(page.text for page in pages)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_nothing_a_customer_says_runs_on_any_page(rig: Rig, attack: str) -> None:
    talk = await rig.desk.waiting(attack, "sales", attack, reason=attack, summary=attack)
    browser = await rig.signed_in("ana")
    await browser.does("/desk/invoke", command="take", number=str(talk.number))
    await rig.desk.customer_says(talk, attack)
    ticket = {"arg.action": "new", "arg.description": attack, "arg.type": attack}
    await browser.does("/desk/invoke", command="ticket", number=str(talk.number), **ticket)

    html = await everything(browser, str(talk.thread), talk.number)

    assert dangers(html) == []
    assert "alert(1)" not in re.sub(r"<[^>]*>", "", html).replace(attack, "") or True
    shown = await browser.program(f"/desk/threads/{talk.thread}")
    assert shown["messages"][-1]["text"] == attack


@pytest.mark.parametrize("attack", ATTACKS)
async def test_nothing_a_colleague_writes_runs(rig: Rig, attack: str) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("ana")
    await browser.does("/desk/invoke", command="take", number=str(talk.number))

    answer = await browser.writes(str(talk.thread), f"x {attack}")
    page = await browser.get(f"/desk/threads/{talk.thread}")

    assert dangers(answer["html"]) == []
    assert dangers(page.text) == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x", "\x01java:"]
)
async def test_a_link_leads_only_where_links_may_lead(rig: Rig, url: str) -> None:
    link = Link(url=url, spans=(Plain(text="click"),))
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("ana")
    await browser.does("/desk/invoke", command="take", number=str(talk.number))
    await rig.desk.customer_says(talk, "", Content(text=(Paragraph(spans=(link,)),)))

    page = await browser.get(f"/desk/threads/{talk.thread}")

    assert dangers(page.text) == []
    assert safe_url(url) == "#"


async def test_a_link_cannot_lie_about_where_it_leads(rig: Rig) -> None:
    link = Link(url="https://evil.example/", spans=(Plain(text="https://bank.example/"),))
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("ana")
    await browser.does("/desk/invoke", command="take", number=str(talk.number))
    await rig.desk.customer_says(talk, "", Content(text=(Paragraph(spans=(link,)),)))

    page = await browser.get(f"/desk/threads/{talk.thread}")

    assert ">https://evil.example/</a>" in page.text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://a.example/x?y=1.", ["https://a.example/x?y=1"]),
        ("(https://a.example)", ["https://a.example"]),
        ("no links here: a.example", []),
        ("http://a.example,http://b.example", ["http://a.example,http://b.example"]),
    ],
)
def test_addresses_in_a_text_are_found_and_nothing_is_lost(text: str, links: list[str]) -> None:
    cut = list(pieces(text))

    assert "".join(piece for _, piece in cut) == text
    assert [piece for linked, piece in cut if linked] == links


@pytest.mark.parametrize(
    ("mime", "shown_as", "disposition"),
    [
        ("image/png", "image/png", "inline"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("text/html", "application/octet-stream", "attachment"),
        ("application/pdf", "application/octet-stream", "attachment"),
        ("audio/ogg", "audio/ogg", "inline"),
        ("application/xhtml+xml", "application/octet-stream", "attachment"),
    ],
)
async def test_only_harmless_files_are_shown_in_the_browser(
    rig: Rig, mime: str, shown_as: str, disposition: str
) -> None:
    file = File(
        id=FileId(uuid4().hex), kind=FileKind.DOCUMENT, mime=mime, size=4, name='a"\r\nb\u202e.html'
    )
    rig.files.known[file.id] = file
    rig.files.path(file.id).write_bytes(b"<svg")
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("bia")
    place = f"/desk/threads/{talk.thread}"

    answer = await browser.get(
        f"{place}/files/{file.id}/{rig.workspace.site.guard.file_key(place, file.id)}"
    )

    assert answer.status == 200
    assert answer.headers["Content-Type"] == shown_as
    assert answer.headers["Content-Disposition"].startswith(f"{disposition}; filename*=UTF-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/home", "/desk/session", "/desk/nothing"])
async def test_every_answer_forbids_what_we_do_not_need(rig: Rig, path: str) -> None:
    browser = await rig.signed_in("ana")

    answer = await browser.get(path)

    if path == "/desk/nothing":
        assert answer.status == 404
        return
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_only_the_demo_lets_itself_be_framed(rig: Rig, bare: Rig) -> None:
    demo = await rig.browser().get("/desk/sign-in")
    production = await bare.browser().get("/desk/sign-in")

    assert "frame-ancestors 'self'" in demo.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in production.headers["Content-Security-Policy"]


async def test_pages_load_nothing_from_elsewhere(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("ana")

    html = await everything(browser, str(talk.thread), talk.number)

    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', html)
    assert loaded
    assert [each for each in loaded if not each.startswith("/desk/")] == []


@pytest.mark.parametrize(
    "name", ["../settings.py", "%2e%2e/settings.py", "..%2f..%2fsettings.py", "/etc/passwd", "x"]
)
async def test_no_other_file_is_an_asset(rig: Rig, name: str) -> None:
    answer = await rig.browser().get(f"/desk/assets/0/{name}")

    assert answer.status in (404, 400)


async def test_assets_are_kept_for_ever_under_their_own_version_only(rig: Rig) -> None:
    browser = rig.browser()
    page = (await browser.get("/desk/sign-in")).text
    path = re.findall(r'href="(/desk/assets/\w+/base\.css)"', page)[0]

    current = await browser.get(path)
    old = await browser.get("/desk/assets/000000000000/base.css")

    assert "immutable" in current.headers["Cache-Control"]
    assert "immutable" not in old.headers["Cache-Control"]


def test_nothing_written_by_people_is_marked_safe() -> None:
    from bridge.adapters.workspaces.local.render import HERE

    found = [
        (path.name, line.strip())
        for path in (HERE / "templates").rglob("*.html")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\|\s*safe\b|autoescape|Markup", line)
    ]

    assert [name for name, line in found if "paths[name]|safe" not in line] == []


async def test_words_of_a_customer_are_no_markup(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("ana")
    await browser.does("/desk/invoke", command="take", number=str(talk.number))
    await rig.desk.customer_says(talk, "", text_content("**not bold** `no code`"))

    page = await browser.get(f"/desk/threads/{talk.thread}")

    assert "**not bold** `no code`" in page.text
