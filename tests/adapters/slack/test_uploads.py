"""Files into a thread: byte for byte, once, and never cut."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.domain.content import Content, File
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown, TemporaryFailure
from bridge.domain.ids import FileId, ThreadRef
from bridge.domain.message import Author
from bridge.domain.text import plain
from bridge.ports.calls import CallKind, OutboundCall
from bridge.simulators.slack import Fault
from tests.adapters.slack.corpus import MENTIONS
from tests.adapters.slack.rig import SlackRig, serve, shown
from tests.contract.workspace_contract import CARD, binding, call

PICTURE = b"\x89PNG" + bytes(range(256)) * 2_000


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[SlackRig]:
    async with serve(tmp_path) as inner:
        yield inner


async def stored(rig: SlackRig, name: str = "cat.png", content: bytes = PICTURE) -> File:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await rig.files.save(chunks(), name, len(content))


async def thread_of(rig: SlackRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.room_ref, CARD, ())


def carrying(*files: File, words: str = "") -> OutboundCall:
    return OutboundCall(
        key="d1",
        kind=CallKind.POST,
        content=Content(text=plain(words), files=files),
        author=Author.CUSTOMER,
        name="Ana",
    )


def contents(rig: SlackRig, thread: ThreadRef) -> list[bytes | None]:
    """The bytes of every file that is seen in the thread."""
    files = rig.slack.world.files
    return [
        files[id_].content
        for line in rig.lines(thread)
        for id_ in line.files
        if not files[id_].deleted
    ]


async def test_a_file_arrives_byte_for_byte_with_its_words_and_its_sender(rig: SlackRig) -> None:
    thread = await thread_of(rig)

    line = await rig.workspace.post(thread, carrying(await stored(rig), words="look"))

    [message] = rig.lines(thread)
    assert contents(rig, thread) == [PICTURE]
    assert (message.ts, shown(message)) == (line, "Ana (Web chat)\nlook")


async def test_files_of_one_message_are_one_message(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    one, two = await stored(rig), await stored(rig, "two.pdf", b"%PDF two")

    await rig.workspace.post(thread, carrying(one, two))

    assert len(rig.lines(thread)) == 1
    assert contents(rig, thread) == [PICTURE, b"%PDF two"]


async def test_a_file_posted_again_with_the_same_key_is_there_once(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    made = carrying(await stored(rig))

    names = {await rig.workspace.post(thread, made) for _ in range(2)}

    assert [line.ts for line in rig.lines(thread)] == list(names)


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_that_was_lost_leaves_one_file(rig: SlackRig, accepted: bool) -> None:
    thread, made = await thread_of(rig), carrying(await stored(rig))
    began = rig.workspace.site.clock.now()
    rig.slack.fault(Fault(method="files.completeUploadExternal", kind="drop", accepted=accepted))

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, made)
    line = await rig.workspace.post(thread, replace(made, doubtful=began))

    assert [each.ts for each in rig.lines(thread)] == [line]
    assert contents(rig, thread) == [PICTURE]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_a_failure_before_anybody_sees_it_is_no_doubt(rig: SlackRig, method: str) -> None:
    thread, made = await thread_of(rig), carrying(await stored(rig))
    rig.slack.fault(Fault(method=method, kind="drop"))

    with pytest.raises(TemporaryFailure):
        await rig.workspace.post(thread, made)
    await rig.workspace.post(thread, made)

    assert contents(rig, thread) == [PICTURE]


async def test_where_a_file_stands_is_asked_for_until_slack_knows(rig: SlackRig) -> None:
    thread, made = await thread_of(rig), carrying(await stored(rig))
    rig.slack.fault(Fault(method="files.info", kind="rate_limited"))
    began = rig.workspace.site.clock.now()

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, made)
    await rig.workspace.post(thread, replace(made, doubtful=began))

    assert contents(rig, thread) == [PICTURE]


async def test_a_deleted_line_takes_its_files_with_it(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    line = await rig.workspace.post(thread, carrying(await stored(rig), words="look"))

    for _ in range(2):
        await rig.workspace.post(thread, call(CallKind.DELETE, about=line))

    assert contents(rig, thread) == []
    assert "look" not in "".join(shown(each) for each in rig.lines(thread))


async def test_a_file_that_is_too_big_is_refused_with_the_limit(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    huge = replace(await stored(rig), size=rig.workspace.capabilities.max_file + 1)

    with pytest.raises(DeliveryRejected, match="100 MB") as refused:
        await rig.workspace.post(thread, carrying(huge))

    assert refused.value.code == "too_large"


async def test_a_file_that_we_have_no_more_is_refused(rig: SlackRig) -> None:
    thread = await thread_of(rig)
    lost = replace(await stored(rig), id=FileId("0" * 32))

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, carrying(lost))

    assert refused.value.code == "file_gone"


# Slack takes a hundred files a minute.
@pytest.mark.parametrize("every", [100, pytest.param(20, marks=pytest.mark.long)])
async def test_no_name_of_a_file_brings_anything_to_life(tmp_path: Path, every: int) -> None:
    signs = ["../../etc/passwd", "invoice\u202egpj.exe", "a\nb", *MENTIONS[::every]]
    async with serve(tmp_path, posts_per_channel=50, posts_per_minute=10_000) as rig:
        thread = await thread_of(rig)

        for number, sign in enumerate(signs):
            file = await stored(rig, sign, b"%PDF")
            await rig.workspace.post(thread, replace(carrying(file), key=f"d{number}"))

        seen = rig.lines(thread)
        names = [rig.slack.world.files[id_].name for line in seen for id_ in line.files]
        assert len(names) == len(signs)
        assert all(not set(name) & set("/\\\n\u202e") for name in names)
        assert [each for line in seen for each in line.pings] == []
