"""Files that agents share arrive byte for byte, and those that cannot are told of by name."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.adapters.common.downloads import Downloads, Loss
from bridge.adapters.workspaces.discord.receiving.downloads import DiscordFiles
from bridge.adapters.workspaces.discord.receiving.payloads import Attachment
from bridge.domain.delivery import Mark
from bridge.domain.errors import StorageUnavailable
from bridge.simulators.discord import Channel, Fault
from tests.adapters.discord.receiving_rig import Rig, receiving

CDN = "GET /attachments"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


async def attachment(rig: Rig, thread: Channel) -> Attachment:
    """The file of the last line, as Discord describes it."""
    to = rig.room_route("GET", "/channels/{channel_id}/messages", thread)
    [row, *_] = await rig.site.discord.many(to)
    [file] = row["attachments"]
    return Attachment(id=file["id"], url=file["url"], filename=file["filename"], size=file["size"])


def downloads(rig: Rig, limit: int = 1_000_000) -> Downloads[Attachment]:
    source = DiscordFiles(rig.context, rig.settings.api_url, limit)
    return Downloads(source, pause=0.01)


async def test_a_file_arrives_byte_for_byte_with_its_words(rig: Rig) -> None:
    thread = await rig.thread()
    content = b"\x89PNG" + os.urandom(300_000)

    await rig.ana.says(thread, "look", files={"photo.png": content})
    await rig.until(rig.desk.posts)

    [event] = rig.desk.posts()
    [file] = event.content.files
    assert event.content.words() == "look"
    assert (file.name, file.mime, file.size) == ("photo.png", "image/png", len(content))
    assert rig.files.path(file.id).read_bytes() == content


async def test_the_expiring_address_is_nowhere_in_what_is_stored(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "", files={"photo.png": b"\x89PNG"})
    await rig.until(rig.desk.posts)
    address = (await attachment(rig, thread)).url

    await rig.stop()

    stored = rig.store.everything() + repr(rig.desk.events).encode()
    assert address.encode() not in stored
    assert b"/attachments/" not in stored


async def test_a_file_that_is_gone_is_told_by_name_and_the_words_arrive(rig: Rig) -> None:
    thread = await rig.thread()
    rig.discord.fault(Fault(route=CDN, kind="status", status=404, times=None))

    line = await rig.ana.says(thread, "see this", files={"photo.png": b"\x89PNG"})
    await rig.until(lambda: rig.voice.whispers)

    [event] = rig.desk.posts()
    assert (event.content.words(), event.content.files) == ("see this", ())
    assert rig.voice.marks == [(thread.id, line.id, Mark.NOT_CROSSED)]
    assert "photo.png" in rig.voice.whispers[0][1]


async def test_a_download_that_breaks_off_is_made_again(rig: Rig) -> None:
    thread = await rig.thread()
    rig.discord.fault(Fault(route=CDN, kind="drop", times=2))

    await rig.ana.says(thread, "", files={"photo.png": b"\x89PNG"})
    await rig.until(rig.desk.posts)

    [event] = rig.desk.posts()
    assert [file.size for file in event.content.files] == [4]
    assert rig.voice.whispers == []


async def test_a_size_that_lies_is_no_file(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "", files={"photo.png": b"\x89PNG"})
    told = await attachment(rig, thread)

    for size in (3, 5):
        taken = await downloads(rig).take((replace(told, size=size),))

        assert taken.lost == (("photo.png", Loss.BROKEN),)


async def test_more_than_we_take_is_not_taken_whatever_it_says(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "", files={"film.mp4": bytes(2_000)})
    told = await attachment(rig, thread)

    honest = await downloads(rig, 1_000).take((told,))
    lying = await downloads(rig, 1_000).take((replace(told, size=0),))

    assert honest.lost == lying.lost == (("film.mp4", Loss.TOO_LARGE),)


async def test_an_address_that_expired_is_gone(rig: Rig) -> None:
    thread = await rig.thread()
    await rig.ana.says(thread, "", files={"photo.png": b"\x89PNG"})
    told = await attachment(rig, thread)
    expired = f"{told.url.partition('?')[0]}?ex=1&is=0&hm=00"

    taken = await downloads(rig).take((Attachment(id="9", url=expired, filename="old.png"),))

    assert taken.lost == (("old.png", Loss.GONE),)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://169.254.169.254/", "file:///etc"])
async def test_addresses_of_our_own_network_are_not_fetched(rig: Rig, url: str) -> None:
    taken = await downloads(rig).take((Attachment(id="9", url=url, filename="x"),))

    assert taken.lost == (("x", Loss.BROKEN),)


async def test_a_file_is_fetched_once_however_often_its_line_is_handed_in(rig: Rig) -> None:
    thread = await rig.thread()
    rig.desk.fault = StorageUnavailable("full")

    await rig.ana.says(thread, "", files={"photo.png": b"\x89PNG"})
    await rig.until(lambda: rig.desk.tried >= 3)
    rig.desk.fault = None
    await rig.until(rig.desk.posts)

    assert len(rig.files.known) == 1


async def test_a_sticker_or_a_poll_is_told_not_sent(rig: Rig) -> None:
    thread = await rig.thread()

    await rig.frame(thread, sticker_items=[{"id": "1", "name": "wave"}])
    await rig.frame(thread, poll={"question": {"text": "?"}})
    await rig.frame(thread, message_reference={"type": 1, "message_id": "5"})
    await rig.until(lambda: len(rig.voice.whispers) == 3)

    told = " ".join(words for _, words in rig.voice.whispers)
    assert all(word in told for word in ("sticker", "poll", "forwarded"))
    assert set(rig.desk.words()) == {"-"}
