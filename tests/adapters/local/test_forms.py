"""What is no form of ours is refused kindly, by name, and leaves nothing behind."""

import pytest

from tests.adapters.local.rig import Answer, Browser, Rig
from tests.adapters.local.test_compose import held, posted

LINES = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
KEY = b"key=abcdefgh12&"


def part(head: str, body: bytes) -> bytes:
    return b"--x\r\nContent-Disposition: form-data" + head.encode() + b"\r\n\r\n" + body + b"\r\n"


KEY_PART = part('; name="key"', b"abcdefgh12")
END = b"--x--\r\n"

NO_FORMS = {
    "another type": ("application/json", b'{"key": "abcdefgh12", "text": "hi"}'),
    "a character set that is none": (f"{LINES}; charset=nope", KEY + b"text=hi"),
    "a character set that is no text": (f"{LINES}; charset=rot13", KEY + b"text=hi"),
    "escapes as a character set": (f"{LINES}; charset=unicode_escape", KEY + b"text=\\ud800"),
    "bytes that are no text": (LINES, KEY + b"text=\xff"),
    "escaped bytes that are no text": (LINES, KEY + b"text=%ff"),
    "half of a character": (LINES, KEY + b"text=%ED%A0%80"),
    "a NUL": (LINES, KEY + b"text=a%00b"),
    "a NUL in a name": (LINES, KEY + b"text=a&b%00=c"),
    "too many fields": (LINES, KEY + b"a=1&" * 2_000),
    "no boundary": ("multipart/form-data", KEY_PART + END),
    "a boundary that is too long": (f"multipart/form-data; boundary={'x' * 100}", KEY_PART),
    "no part at all": (PARTS, b"garbage"),
    "cut off": (PARTS, KEY_PART[:-5]),
    "a part without a head": (PARTS, b"--x\r\nnonsense\r\n\r\nx\r\n" + END),
    "a part in no UTF-8": (PARTS, KEY_PART + part('; name="text"', b"\xff") + END),
    "a part with a NUL": (PARTS, KEY_PART + part('; name="text"', b"a\0b") + END),
    "parts within a part": (
        PARTS,
        KEY_PART + b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n" + END,
    ),
}


async def send(browser: Browser, path: str, kind: str, body: bytes) -> Answer:
    headers = {
        "Origin": browser.url,
        "X-CSRF-Token": browser.token,
        "Accept": "application/json",
        "Content-Type": kind,
    }
    async with browser.http.post(browser.url + path, data=body, headers=headers) as answer:
        return Answer(
            status=answer.status,
            text=await answer.text(),
            headers=answer.headers,
            location="",
            cookies="",
            body=b"",
        )


@pytest.mark.parametrize("case", NO_FORMS)
async def test_what_is_no_form_is_refused_by_the_composer(rig: Rig, case: str) -> None:
    browser, _, thread = await held(rig)

    answer = await send(browser, f"/desk/threads/{thread}/messages", *NO_FORMS[case])

    assert (answer.status, answer.json()["code"]) == (400, "malformed")
    assert posted(rig) == []


@pytest.mark.parametrize("case", NO_FORMS)
async def test_what_is_no_form_is_refused_at_the_door(rig: Rig, case: str) -> None:
    browser = rig.browser()
    await browser.load_token()

    answer = await send(browser, "/desk/sign-in", *NO_FORMS[case])

    assert (answer.status, answer.json()["code"]) == (400, "malformed")


async def test_a_file_before_its_key_is_not_kept(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    body = part('; name="file"; filename="a.txt"', b"hello") + KEY_PART + END

    answer = await send(browser, f"/desk/threads/{thread}/messages", PARTS, body)

    assert (answer.status, answer.json()["code"]) == (422, "bad_key")
    assert rig.files.known == {}


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_whoever_cannot_be_stored_is_told_when_to_come_back(rig: Rig, accept: str) -> None:
    browser, _, thread = await held(rig)
    rig.desk.down = True

    answer = await browser.send(
        f"/desk/threads/{thread}/messages", {"key": "abcdefgh12", "text": "hello"}, accept=accept
    )

    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


async def test_while_nobody_can_be_recognised_nobody_is_sent_away_to_sign_in(rig: Rig) -> None:
    browser = await rig.signed_in("ana")
    rig.store.fail = True

    page = await browser.get("/desk/home")
    form = await browser.send("/desk/account", {"language": "en"}, accept="application/json")

    assert (page.status, form.status) == (503, 503)
    assert "desk_visit" not in page.cookies + form.cookies


@pytest.mark.parametrize("seq", ["nonsense", "0", "99", "9" * 18])
async def test_a_private_line_that_never_was_cannot_be_put_away(rig: Rig, seq: str) -> None:
    browser = await rig.signed_in("ana")

    answer = await browser.send(f"/desk/whispers/{seq}/dismiss")

    assert answer.status == 404


async def test_a_name_of_a_file_with_a_nul_is_a_name_of_none(rig: Rig) -> None:
    answer = await rig.browser().get("/desk/assets/x/base%00.css")

    assert answer.status == 404
