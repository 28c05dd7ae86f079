"""Writing in a thread: once, as it was meant, and never to the wrong side."""

import io
from uuid import uuid4

import aiohttp
import pytest

from bridge.domain.ids import FileId
from bridge.domain.message import Author
from bridge.ports.workspace import AgentDeleted, AgentEdited, AgentPosted, AgentReacted
from tests.adapters.local.rig import Browser, Rig
from tests.fakes.local_views import Talk

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200


async def held(
    rig: Rig, handle: str = "bia", *, private: bool = False
) -> tuple[Browser, Talk, str]:
    """A conversation that this agent answers, in his browser."""
    talk = await rig.desk.waiting("Maria", "sales", "Hello?", private=private)
    browser = await rig.signed_in(handle)
    taken = await browser.does("/desk/invoke", command="take", number=str(talk.number))
    assert taken["ok"], taken
    assert talk.thread is not None
    return browser, talk, talk.thread


def posted(rig: Rig) -> list[AgentPosted]:
    return [event for event in rig.desk.events if isinstance(event, AgentPosted)]


def upload(key: str, text: str, *files: tuple[str, bytes]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("key", key)
    form.add_field("text", text)
    for name, body in files:
        form.add_field("file", io.BytesIO(body), filename=name)
    return form


async def shown(browser: Browser, thread: str) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = (await browser.program(f"/desk/threads/{thread}"))[
        "messages"
    ]
    return messages


async def test_a_line_goes_to_the_desk_and_into_the_thread(rig: Rig) -> None:
    browser, talk, thread = await held(rig)

    answer = await browser.writes(thread, "Hello, **Maria**")

    assert answer["kind"] == "line"
    assert answer["message"]["accepted"]
    assert talk.lines[-1].content.words() == "Hello, Maria"
    assert "<strong>Maria</strong>" in (await browser.get(f"/desk/threads/{thread}")).text


async def test_a_retry_after_a_lost_answer_doubles_nothing(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    key = uuid4().hex

    first = await browser.writes(thread, "once", key=key)
    again = await browser.writes(thread, "once", key=key)

    assert first["id"] == again["id"]
    assert len(posted(rig)) == 1
    assert [line["text"] for line in await shown(browser, thread)][-1:] == ["once"]


async def test_two_people_may_use_the_same_key(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    admin = await rig.signed_in("ana")
    key = uuid4().hex

    await browser.writes(thread, "from Bia", key=key)
    await admin.writes(thread, "from Ana", key=key)

    assert [event.user.name for event in posted(rig)] == ["Bia Lima", "Ana Souza"]


async def test_while_the_desk_cannot_store_the_line_is_shown_as_not_sent(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    rig.desk.down = True

    answer = await browser.send(
        f"/desk/threads/{thread}/messages",
        {"key": uuid4().hex, "text": "hello"},
        accept="application/json",
    )

    assert answer.status == 503
    page = (await browser.get(f"/desk/threads/{thread}")).text
    assert "Not sent yet" in page
    assert posted(rig) == []


async def test_a_line_that_was_not_sent_can_be_sent_again_and_arrives_once(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    key = uuid4().hex
    rig.desk.down = True
    form = {"key": key, "text": "hello"}
    await browser.send(f"/desk/threads/{thread}/messages", form, accept="application/json")
    rig.desk.down = False
    seq = (await shown(browser, thread))[-1]["seq"]

    resent = await browser.does(f"/desk/threads/{thread}/messages/{seq}/resend")
    await browser.writes(thread, "hello", key=key)

    assert resent["message"]["accepted"]
    assert len(posted(rig)) == 1


async def test_a_line_that_the_desk_took_just_before_we_died_is_not_sent_twice(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    answer = await browser.writes(thread, "hello")
    journal = rig.store.journals[f"thread:{thread}"]
    journal.pop()  # the last entry said that the desk had taken it
    rig.workspace.site.threads.forget()

    await browser.does(f"/desk/threads/{thread}/messages/{answer['seq']}/resend")

    assert len(posted(rig)) == 1


async def test_a_typed_command_runs_and_is_no_line(rig: Rig) -> None:
    browser, talk, thread = await held(rig)

    answer = await browser.writes(thread, "/priority high")

    assert (answer["kind"], answer["ok"]) == ("answer", True)
    assert talk.priority.word == "high"
    assert posted(rig) == []


@pytest.mark.parametrize("text", ["/foo bar", "!foo", "// note", "note: be kind"])
async def test_what_is_no_command_is_left_to_the_desk_to_judge(rig: Rig, text: str) -> None:
    browser, _, thread = await held(rig)

    await browser.writes(thread, text)

    assert [event.content.words() for event in posted(rig)] == [text]


async def test_a_command_without_its_words_opens_its_form(rig: Rig) -> None:
    browser, _, thread = await held(rig)

    answer = await browser.writes(thread, "/transfer")

    assert answer == {"kind": "form", "url": f"/desk/forms/transfer?thread={thread}"}
    assert rig.desk.invoked[-1].command == "take"


async def test_a_command_with_a_file_is_a_line_and_not_a_command(rig: Rig) -> None:
    browser, talk, thread = await held(rig)
    form = upload(uuid4().hex, "/priority high", ("a.png", PNG))

    await browser.send(f"/desk/threads/{thread}/messages", form, accept="application/json")

    assert talk.priority.word == "normal"
    assert len(posted(rig)) == 1


async def test_a_mention_of_a_colleague_is_told_to_the_desk(rig: Rig) -> None:
    browser, _, thread = await held(rig)

    for text in ("@caio can you help?", "write to caio@example.com", "@nobody there"):
        await browser.writes(thread, text)

    assert [event.mentions for event in posted(rig)] == [True, False, False]


async def test_quoting_names_the_line_that_is_answered(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    asked = (await shown(browser, thread))[0]["seq"]

    await browser.writes(thread, "yes", quoted=str(asked))
    await browser.writes(thread, "no such line", quoted="999999")

    assert [event.quoted for event in posted(rig)] == [str(asked), None]


async def test_an_edit_a_deletion_and_a_reaction_reach_the_desk(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    line = f"/desk/threads/{thread}/messages/{(await browser.writes(thread, 'helo'))['seq']}"

    edited = await browser.does(f"{line}/edit", text="hello")
    reacted = await browser.does(f"{line}/react", emoji="👍")
    back = await browser.does(f"{line}/react", emoji="👍")
    deleted = await browser.does(f"{line}/delete")

    assert (edited["message"]["text"], edited["message"]["edited"]) == ("hello", True)
    assert (len(reacted["message"]["reactions"]), len(back["message"]["reactions"])) == (1, 0)
    assert deleted["message"]["deleted"]
    kinds = [type(event) for event in rig.desk.events]
    assert kinds.count(AgentEdited) == kinds.count(AgentDeleted) == 1
    assert [e.removed for e in rig.desk.events if isinstance(e, AgentReacted)] == [False, True]


@pytest.mark.parametrize("action", ["edit", "delete", "resend"])
async def test_nobody_changes_the_line_of_another(rig: Rig, action: str) -> None:
    browser, _, thread = await held(rig)
    seq = (await browser.writes(thread, "mine"))["seq"]
    admin = await rig.signed_in("ana")

    answer = await admin.send(
        f"/desk/threads/{thread}/messages/{seq}/{action}", {"key": uuid4().hex, "text": "hers"}
    )

    assert answer.status == 403
    assert (await shown(browser, thread))[-1]["text"] == "mine"


async def test_a_closed_thread_takes_nothing_and_says_so(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    await browser.writes(thread, "/return-to-bot")

    answer = await browser.send(
        f"/desk/threads/{thread}/messages",
        {"key": uuid4().hex, "text": "too late"},
        accept="application/json",
    )

    assert answer.status == 409
    assert "Nothing was sent" in answer.json()["error"]
    assert posted(rig) == []


async def test_nobody_writes_in_a_card_that_waits(rig: Rig) -> None:
    talk = await rig.desk.waiting("Maria", "sales", "Hello?")
    browser = await rig.signed_in("bia")

    answer = await browser.send(
        f"/desk/threads/{talk.thread}/messages", {"key": uuid4().hex, "text": "hi"}
    )

    assert answer.status == 409


@pytest.mark.parametrize("key", ["", "short", "with space in it", "x" * 65, "né-né-né-né"])
async def test_a_key_that_is_none_is_refused(rig: Rig, key: str) -> None:
    browser, _, thread = await held(rig)

    answer = await browser.send(f"/desk/threads/{thread}/messages", {"key": key, "text": "hi"})

    assert answer.status == 422
    assert posted(rig) == []


async def test_a_text_that_is_too_long_is_refused(rig: Rig) -> None:
    browser, _, thread = await held(rig)

    form = upload(uuid4().hex, "x" * 500_000)
    answer = await browser.send(f"/desk/threads/{thread}/messages", form)

    assert answer.status == 422
    assert posted(rig) == []


async def test_a_file_goes_with_its_line_and_only_its_name_is_shown(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    form = upload(uuid4().hex, "look", ("../../etc/pa\u202esswd.png", PNG))

    answer = await browser.send(f"/desk/threads/{thread}/messages", form, accept="application/json")

    file = posted(rig)[0].content.files[0]
    assert answer.status == 200
    assert (file.mime, file.name) == ("image/png", "passwd.png")


async def test_a_repeated_upload_is_kept_once(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    key = uuid4().hex

    for _ in range(2):
        form = upload(key, "look", ("a.png", PNG))
        await browser.send(f"/desk/threads/{thread}/messages", form, accept="application/json")

    assert len(rig.files.known) == 1
    assert len(posted(rig)) == 1


async def test_a_file_that_is_too_large_is_refused_and_nothing_is_posted(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    form = upload(uuid4().hex, "", ("big.bin", b"0" * (rig.workspace.site.max_file + 1)))

    answer = await browser.send(f"/desk/threads/{thread}/messages", form, accept="application/json")

    assert answer.status == 413
    assert posted(rig) == []


async def test_typing_is_passed_on_and_kept_nowhere(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    before = len(rig.store.journals[f"thread:{thread}"])

    answer = await browser.send(f"/desk/threads/{thread}/typing")

    assert answer.status == 204
    assert rig.desk.typed == [(thread, "Bia Lima")]
    assert len(rig.store.journals[f"thread:{thread}"]) == before


async def test_the_customers_lines_never_come_from_this_side(rig: Rig) -> None:
    browser, talk, thread = await held(rig)

    await browser.writes(thread, "as myself", author="customer", name="Maria")

    assert talk.lines[-1].author is Author.AGENT


async def test_a_file_of_another_place_cannot_be_fetched_through_this_one(rig: Rig) -> None:
    browser, _, thread = await held(rig)
    form = upload(uuid4().hex, "look", ("a.png", PNG))
    await browser.send(f"/desk/threads/{thread}/messages", form)
    file = posted(rig)[0].content.files[0].id
    key = rig.workspace.site.guard.file_key(f"/desk/threads/{thread}", file)
    other = (await held(rig))[2]

    here = await browser.get(f"/desk/threads/{thread}/files/{file}/{key}")
    there = await browser.get(f"/desk/threads/{other}/files/{file}/{key}")
    guessed = await browser.get(f"/desk/threads/{thread}/files/{file}/{'0' * 32}")
    missing = rig.workspace.site.guard.file_key(f"/desk/threads/{thread}", FileId("0" * 32))
    gone = await browser.get(f"/desk/threads/{thread}/files/{'0' * 32}/{missing}")

    assert [each.status for each in (here, there, guessed, gone)] == [200, 404, 404, 404]
    assert here.body == PNG
