"""Files into a simulated Discord: bytes, names and words in one message."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.domain.content import Content, File, FileKind
from bridge.domain.errors import DeliveryRejected, OutcomeUnknown
from bridge.domain.ids import FileId, ThreadRef
from bridge.domain.text import plain
from tests.adapters.discord.lines import doubted, lose_the_answer, stored
from tests.adapters.discord.rig import DiscordRig, serve, shown
from tests.contract.workspace_contract import CARD, binding, call


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DiscordRig]:
    async with serve(tmp_path) as rig:
        yield rig


@pytest.fixture
async def thread(rig: DiscordRig) -> ThreadRef:
    return await rig.workspace.open_thread(binding(), rig.forum_ref, CARD, ())


async def test_a_file_crosses_with_its_bytes_its_name_and_its_words(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    file = await stored(rig, 'bill "é" ../7.pdf', b"\x00bytes")
    content = Content(text=plain("the bill"), files=(file,))

    for _ in range(2):
        await rig.workspace.post(thread, replace(call(), key="one-file", content=content))

    [made] = rig.lines(thread)
    assert shown(made) == "the bill"
    assert [each.content for each in made.attachments] == [b"\x00bytes"]
    assert made.attachments[0].filename == "bill_'é'_.._7.pdf"


async def test_a_file_whose_answer_was_lost_is_one_message(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    file = await stored(rig, "a.txt", b"a")
    once = replace(call(), content=Content(files=(file,)))
    lose_the_answer(rig)

    with pytest.raises(OutcomeUnknown):
        await rig.workspace.post(thread, once)
    await rig.workspace.post(thread, doubted(rig, once))

    assert len(rig.lines(thread)) == 1


async def test_a_file_that_is_too_large_is_refused_with_its_reason(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    big = File(
        id=FileId("f"), kind=FileKind.DOCUMENT, mime="x/y", size=11 * 1024 * 1024, name="big"
    )

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, replace(call(), content=Content(files=(big,))))

    assert refused.value.code == "too_large"


async def test_a_file_that_is_gone_is_refused_with_its_reason(
    rig: DiscordRig, thread: ThreadRef
) -> None:
    gone = File(id=FileId("f" * 32), kind=FileKind.DOCUMENT, mime="x/y", size=1, name="gone")

    with pytest.raises(DeliveryRejected) as refused:
        await rig.workspace.post(thread, replace(call(), content=Content(files=(gone,))))

    assert refused.value.code == "file_gone"


async def test_a_server_with_boosts_takes_larger_files(tmp_path: Path) -> None:
    async with serve(tmp_path, max_file_mib=50) as rig:
        assert rig.workspace.capabilities.max_file == 50 * 1024 * 1024
