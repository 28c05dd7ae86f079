"""What belongs to one customer or agent does not exist for another, whichever way he asks."""

from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import pytest_asyncio

from bridge.commands.registry import COMMANDS
from bridge.demo.house import CHANNEL
from tests.integration.robust.apart import SECRET, Apart, open_apart, post
from tests.integration.robust.bodies import LINES
from tests.integration.robust.ground import CHANGING, Entry, signed_in
from tests.integration.robust.inspector import FORMS
from tests.integration.robust.wire import Header, Reply

pytestmark = pytest.mark.asyncio(loop_scope="module")

_HIS = {"ref", "seq", "number", "line", "file", "key"}
"""What in an address names something of the other one."""
_CHAT = f"/chat/{CHANNEL}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def apart(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Apart]:
    """A desk where only the agent in control sees a conversation."""
    async with open_apart(tmp_path_factory.mktemp("apart")) as opened:
        yield opened


def seen(entry: Entry, reply: Reply) -> Iterator[str]:
    """What he should not have seen."""
    about = f"{entry}: {reply.status} {reply.body[:80]!r}"
    if SECRET.encode() in reply.body + reply.head:
        yield f"a secret: {about}"
    elif _HIS & set(entry.parameters) and reply.status not in (401, 403, 404):
        yield about


async def looks(apart: Apart, surface: str, proof: Sequence[Header]) -> list[str]:
    """Everything that he sees although it is not his; says also where he looked."""
    found: list[str] = []
    for entry in apart.entries(surface, "GET"):
        found += seen(entry, await apart.wire.send("GET", entry.at(apart.things), proof))
    return found


# --- customers ----------------------------------------------------------------------------------


async def test_a_visitor_sees_nothing_of_another(apart: Apart) -> None:
    owner = await apart.wire.send("GET", f"{_CHAT}/files/{apart.file}", apart.owner)

    found = await looks(apart, "chat", apart.stranger)

    assert owner.status == 200
    assert not found, "\n".join(found)


async def test_a_visitor_reads_nothing_of_another_in_his_own_chat(apart: Apart) -> None:
    headers = [*apart.stranger, ("Last-Event-ID", "0")]
    history = await apart.wire.send("GET", f"{_CHAT}/history?before=999999", apart.stranger)
    async with apart.wire.listening(f"{_CHAT}/stream", headers) as stream:
        streamed = await stream.says(b"hello")

    assert history.status == 200
    assert b"hello" in history.body
    assert SECRET.encode() not in history.body + streamed


async def test_a_visitor_changes_nothing_of_another(apart: Apart) -> None:
    line = f"{_CHAT}/messages/{apart.line}"
    before = await said(apart)

    edited = await post(apart.wire, line, apart.stranger, {"id": str(uuid4()), "text": "x"})
    deleted = await apart.wire.send("DELETE", line, apart.stranger)
    sent = await post(
        apart.wire,
        f"{_CHAT}/messages",
        apart.stranger,
        {"id": str(uuid4()), "text": "look", "files": [apart.file]},
    )

    assert [edited.status, deleted.status, sent.status] == [404, 404, 404]
    assert await said(apart) == before


async def test_a_visitor_quotes_nothing_of_another(apart: Apart) -> None:
    words = {"id": str(uuid4()), "text": "as they said", "reply_to": apart.line}

    quoted = await post(apart.wire, f"{_CHAT}/messages", apart.stranger, words)
    read = await post(apart.wire, f"{_CHAT}/read", apart.stranger, {"up_to": 10**9})
    (his,) = await conversations(apart, "Nosy")
    lines = await apart.stage.operator.reads(f"/v1/conversations/{his}/messages")

    assert (quoted.status, read.status) == (200, 200)
    assert SECRET not in str(lines)


# --- agents -------------------------------------------------------------------------------------


async def test_an_agent_sees_nothing_of_what_is_anothers_alone(apart: Apart) -> None:
    owner = await apart.stage.bruno.page(f"/desk/threads/{apart.thread}")

    found = await looks(apart, "desk", apart.colleague)

    assert SECRET in owner.words
    assert not found, "\n".join(found)


async def test_an_agent_is_shown_nothing_of_it_by_a_question(apart: Apart) -> None:
    found: list[str] = []
    about = [{"thread": apart.thread}, {"number": str(apart.number)}]
    asked = [
        *(f"/desk/forms/{each.name}?{urlencode(one)}" for each in COMMANDS for one in about),
        *(
            f"/desk/complete?{urlencode({'command': each.name, 'word': str(word)} | one)}"
            for each in COMMANDS
            for word in range(3)
            for one in about
        ),
        f"/desk/live?{urlencode({'thread': apart.thread})}",
        f"/desk/conversations?{urlencode({'text': SECRET, 'state': 'all'})}",
        f"/desk/conversations?{urlencode({'agent': 'bruno', 'state': 'all'})}",
        "/desk/rooms/monitor",
    ]

    for path in asked:
        reply = await apart.wire.send("GET", path, apart.colleague)
        if SECRET.encode() in reply.body:
            found.append(f"a secret at {path}: {reply.status}")
        if "thread=" in path and "complete" not in path and reply.status not in (403, 404):
            found.append(f"{path}: {reply.status}")

    assert not found, "\n".join(found)


async def test_an_agent_changes_nothing_of_it(apart: Apart) -> None:
    found: list[str] = []
    before = await said(apart)

    for entry in apart.entries("desk", *CHANGING):
        if not _HIS & set(entry.parameters) or entry.path.startswith("/desk/whispers"):
            continue
        headers = [*apart.colleague, ("Content-Type", LINES)]
        body = FORMS.get(str(entry), b"key=0123456789&text=x")
        reply = await apart.wire.send(entry.method, entry.at(apart.things), headers, body)
        found += seen(entry, reply)

    assert not found, "\n".join(found)
    assert await said(apart) == before


@pytest.mark.parametrize("about", ["thread", "number"])
async def test_no_command_of_an_agent_touches_it(apart: Apart, about: str) -> None:
    found: list[str] = []
    before = await said(apart)
    words = {"thread": apart.thread, "number": str(apart.number)}[about]

    for command in COMMANDS:
        for text in ("", "high", "@carla", "support", "new order x", "hello", f"#{apart.number}"):
            form = {"key": uuid4().hex, "command": command.name, "text": text, about: words}
            headers = [*apart.colleague, ("Content-Type", LINES)]
            sent = urlencode({**form, "confirmed": "yes"}).encode()
            reply = await apart.wire.send("POST", "/desk/invoke", headers, sent)
            if SECRET.encode() in reply.body or reply.status >= 500:
                found.append(f"{command.name} {text}: {reply.status} {reply.body[:200]!r}")

    assert not found, "\n".join(found)
    assert await said(apart) == before


async def test_no_open_page_of_an_agent_is_told_of_it(apart: Apart) -> None:
    wire, live = apart.wire, "/desk/live?after=0.0"
    holder = await signed_in(wire, "bruno")
    async with (
        wire.listening(live, apart.colleague) as page,
        wire.listening(f"{live}&thread={apart.thread}", holder) as his,
    ):
        await page.says(b"event: now")
        secret = {"id": str(uuid4()), "text": f"more of {SECRET}"}

        await post(wire, f"{_CHAT}/messages", apart.owner, secret)
        await his.says(f"more of {SECRET}".encode())
        await post(wire, f"{_CHAT}/messages", apart.stranger, {"id": str(uuid4()), "text": "well"})
        await page.says(b"event: desk")

    assert SECRET.encode() not in page.heard


# --- programs -----------------------------------------------------------------------------------


async def test_a_program_of_one_channel_sees_nothing_of_another(apart: Apart) -> None:
    found = await looks(apart, "v1", apart.program)

    assert not found, "\n".join(found)


async def test_nobody_sees_anything(apart: Apart) -> None:
    found = [
        fault
        for surface in ("chat", "desk", "v1", "metrics", "healthz", "readyz", "openapi.json", "")
        for fault in await looks(apart, surface, [("Accept", "application/json")])
        if "secret" in fault
    ]

    assert not found, "\n".join(found)


async def conversations(apart: Apart, text: str) -> list[int]:
    """The numbers of the conversations in which this stands."""
    page = await apart.stage.operator.reads("/v1/conversations", text=text)
    return [each["number"] for each in page["conversations"]]


async def said(apart: Apart) -> tuple[str, str]:
    """The other one's conversation as it stands: its card, its lines."""
    read = apart.stage.operator.reads
    card = await read(f"/v1/conversations/{apart.number}")
    lines = await read(f"/v1/conversations/{apart.number}/messages")
    return str(card), str(lines)
