"""Who gets in: every page is asked, by everybody who should be turned away."""

from collections.abc import Iterator

import pytest
from aiohttp import hdrs

from bridge.adapters.workspaces.local.pages import PAGES
from bridge.adapters.workspaces.local.pages.base import Access, Page
from tests.adapters.local.rig import Browser, Rig

# Every page, and who may open it. A new page that is not here fails.
EXPECTED = {
    "GET /desk": Access.AGENT,
    "GET /desk/account": Access.SIGNED_IN,
    "GET /desk/assets/{version}/{name:.+}": Access.ANYBODY,
    "GET /desk/complete": Access.AGENT,
    "GET /desk/conversations": Access.AGENT,
    "GET /desk/conversations/{number}": Access.AGENT,
    "GET /desk/conversations/{number}/events": Access.AGENT,
    "GET /desk/conversations/{number}/files/{file}/{key}": Access.AGENT,
    "GET /desk/demo/sign-in/{handle}": Access.ANYBODY,
    "GET /desk/forms/{command}": Access.AGENT,
    "GET /desk/home": Access.AGENT,
    "GET /desk/join/{token}": Access.ANYBODY,
    "GET /desk/live": Access.AGENT,
    "GET /desk/part/rail": Access.AGENT,
    "GET /desk/people": Access.ADMIN,
    "GET /desk/presence": Access.AGENT,
    "GET /desk/queues": Access.AGENT,
    "GET /desk/rooms/{room}": Access.AGENT,
    "GET /desk/session": Access.ANYBODY,
    "GET /desk/setup": Access.ANYBODY,
    "GET /desk/sign-in": Access.ANYBODY,
    "GET /desk/threads/{ref}": Access.AGENT,
    "GET /desk/threads/{ref}/files/{file}/{key}": Access.AGENT,
    "GET /desk/threads/{ref}/messages": Access.AGENT,
    "POST /desk/account": Access.SIGNED_IN,
    "POST /desk/account/password": Access.SIGNED_IN,
    "POST /desk/demo/sign-in/{handle}": Access.ANYBODY,
    "POST /desk/invoke": Access.AGENT,
    "POST /desk/join/{token}": Access.ANYBODY,
    "POST /desk/people/invite": Access.ADMIN,
    "POST /desk/people/{user}/agent": Access.ADMIN,
    "POST /desk/people/{user}/disable": Access.ADMIN,
    "POST /desk/people/{user}/enable": Access.ADMIN,
    "POST /desk/people/{user}/link": Access.ADMIN,
    "POST /desk/setup": Access.ANYBODY,
    "POST /desk/sign-in": Access.ANYBODY,
    "POST /desk/sign-out": Access.SIGNED_IN,
    "POST /desk/sign-out-everywhere": Access.SIGNED_IN,
    "POST /desk/threads/{ref}/messages": Access.AGENT,
    "POST /desk/threads/{ref}/messages/{seq}/delete": Access.AGENT,
    "POST /desk/threads/{ref}/messages/{seq}/edit": Access.AGENT,
    "POST /desk/threads/{ref}/messages/{seq}/react": Access.AGENT,
    "POST /desk/threads/{ref}/messages/{seq}/resend": Access.AGENT,
    "POST /desk/threads/{ref}/typing": Access.AGENT,
    "POST /desk/whispers/{seq}/dismiss": Access.AGENT,
}

LIES = [
    {"token": ""},
    {"token": "0" * 64},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
]


def name(page: Page) -> str:
    return f"{page.method} {page.path}"


def address(page: Page, **given: str) -> str:
    path = page.path.replace("{name:.+}", "{name}")
    usual = {
        "handle": "bia",
        "token": "none",
        "ref": "t1",
        "seq": "1",
        "number": "1040",
        "command": "take",
        "room": "support",
        "file": "0" * 32,
        "key": "0" * 32,
        "user": "demo-bia",
        "version": "0",
        "name": "desk.js",
    }
    return path.format(**{**usual, **given})


def pages(least: Access, method: str = "") -> Iterator[Page]:
    return (page for page in PAGES if page.access >= least and method in ("", page.method))


async def ask(browser: Browser, page: Page, **lies: str) -> int:
    if page.method == hdrs.METH_GET:
        return (await browser.get(address(page))).status
    return (await browser.send(address(page), {"key": "k" * 16}, **lies)).status


def test_every_page_is_declared_with_who_may_open_it() -> None:
    assert {name(page): page.access for page in PAGES} == EXPECTED


@pytest.mark.parametrize("page", list(pages(Access.SIGNED_IN)), ids=name)
async def test_nobody_gets_in_without_signing_in(rig: Rig, page: Page) -> None:
    await rig.desk.waiting("Maria", "support", "Hello?")

    status = await ask(rig.browser(), page)

    assert status == (303 if page.method == hdrs.METH_GET else 401)


@pytest.mark.parametrize("page", list(pages(Access.AGENT)), ids=name)
async def test_somebody_who_is_no_agent_is_sent_to_an_admin(rig: Rig, page: Page) -> None:
    await rig.desk.waiting("Maria", "support", "Hello?")
    stranger = await rig.stranger()

    assert await ask(stranger, page) == 403


async def test_who_is_no_agent_is_told_kindly_whom_to_ask(rig: Rig) -> None:
    stranger = await rig.joined("rosa@example.com", "a good long password")

    page = await stranger.get("/desk/home")

    assert page.status == 403
    assert "Ask an admin to add you" in page.text
    assert "rosa@example.com" in page.text


@pytest.mark.parametrize("page", list(pages(Access.ADMIN)), ids=name)
async def test_an_agent_does_not_get_into_what_is_for_admins(rig: Rig, page: Page) -> None:
    browser = await rig.signed_in("bia")

    assert await ask(browser, page) == 403


@pytest.mark.parametrize("page", list(pages(Access.ANYBODY, "POST")), ids=name)
@pytest.mark.parametrize("lie", LIES, ids=str)
async def test_a_form_that_is_not_ours_changes_nothing(
    rig: Rig, page: Page, lie: dict[str, str]
) -> None:
    await rig.desk.waiting("Maria", "support", "Hello?")
    browser = await rig.signed_in("ana")
    events, invoked = list(rig.desk.events), list(rig.desk.invoked)

    status = await ask(browser, page, **lie)

    assert status == 403
    assert (rig.desk.events, rig.desk.invoked) == (events, invoked)


async def test_the_token_of_one_session_is_no_token_of_another(rig: Rig) -> None:
    ana, bia = await rig.signed_in("ana"), await rig.signed_in("bia")

    answer = await ana.send("/desk/sign-out-everywhere", token=bia.token)

    assert answer.status == 403


@pytest.mark.parametrize("page", list(pages(Access.ANYBODY, "GET")), ids=name)
async def test_looking_changes_nothing(rig: Rig, page: Page) -> None:
    if page.demo or page.path == "/desk/live":
        return  # the demo's short cut signs in, and an open page connects: both by their purpose
    await rig.desk.waiting("Maria", "support", "Hello?")
    browser = await rig.signed_in("ana")
    events, invoked = list(rig.desk.events), list(rig.desk.invoked)
    before = {name: len(entries) for name, entries in rig.store.journals.items()}

    await ask(browser, page)

    assert (rig.desk.events, rig.desk.invoked) == (events, invoked)
    assert {name: len(entries) for name, entries in rig.store.journals.items()} == before


@pytest.mark.parametrize("handle", ["bia", "caio"])
async def test_a_thread_of_another_queue_does_not_exist_for_an_agent(rig: Rig, handle: str) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in(handle)
    known = 200 if handle == "bia" else 404

    statuses = [
        (await browser.get(path)).status
        for path in (
            f"/desk/threads/{talk.thread}",
            f"/desk/threads/{talk.thread}/messages",
            f"/desk/forms/take?thread={talk.thread}",
            "/desk/rooms/sales",
        )
    ]

    assert statuses == [known] * 4


@pytest.mark.parametrize("page", [p for p in PAGES if "{ref}" in p.path], ids=name)
async def test_every_way_into_a_thread_is_closed_to_whom_it_is_not_for(
    rig: Rig, page: Page
) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("caio")
    path = address(page, ref=str(talk.thread))

    answer = (
        await browser.get(path)
        if page.method == hdrs.METH_GET
        else await browser.send(path, {"key": "k" * 16, "text": "hi"})
    )

    assert answer.status == 404


@pytest.mark.parametrize("path", ["/desk/invoke", "/desk/forms/take", "/desk/live"])
async def test_a_thread_cannot_be_named_by_whom_it_is_not_for(rig: Rig, path: str) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("caio")

    if path == "/desk/invoke":
        form = {"key": "k" * 16, "command": "take", "thread": str(talk.thread)}
        status = (await browser.send(path, form)).status
    else:
        status = (await browser.get(f"{path}?thread={talk.thread}")).status

    assert status == 404
    assert rig.desk.invoked == []


async def test_a_private_thread_is_for_its_agent_alone_and_gone_when_it_ends(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?", private=True)
    bia, ana = await rig.signed_in("bia"), await rig.signed_in("ana")
    await bia.does("/desk/invoke", command="take", number=str(talk.number))
    thread = f"/desk/threads/{talk.thread}"
    during = [(await each.get(thread)).status for each in (bia, ana)]

    await bia.does("/desk/invoke", command="return-to-bot", thread=str(talk.thread))

    after = [(await each.get(thread)).status for each in (bia, ana)]
    assert (during, after) == ([200, 404], [404, 404])


async def test_an_admin_reads_all_of_a_private_conversation_on_the_board(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Where is my parcel?", private=True)
    bia, ana = await rig.signed_in("bia"), await rig.signed_in("ana")
    await bia.does("/desk/invoke", command="take", number=str(talk.number))

    page = await ana.get(f"/desk/conversations/{talk.number}")

    assert page.status == 200
    assert "Where is my parcel?" in page.text
