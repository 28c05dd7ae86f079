"""Files that agents share arrive byte for byte, or their sender is told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bridge.adapters.common.downloads import Downloads, Loss
from bridge.adapters.workspaces.slack.receiving.downloads import SlackFiles
from bridge.adapters.workspaces.slack.receiving.payloads import SlackFile
from bridge.domain.content import FileKind
from bridge.domain.delivery import Mark
from bridge.simulators.slack import EventFault, Fault
from tests.adapters.slack.receiving_rig import Rig, receiving

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


async def test_a_file_arrives_byte_for_byte_with_its_words(rig: Rig) -> None:
    root = await rig.thread()

    await rig.ana.uploads(rig.room, "plan.png", PNG, line="the plan", thread=root)
    await rig.until(lambda: len(rig.desk.events) == 1)

    [event] = rig.desk.posts()
    [file] = event.content.files
    assert (event.content.words(), file.name, file.kind) == ("the plan", "plan.png", FileKind.IMAGE)
    assert await asyncio.to_thread(rig.files.path(file.id).read_bytes) == PNG


async def test_an_empty_file_and_a_page_of_html_are_files_too(rig: Rig) -> None:
    root = await rig.thread()

    await rig.ana.uploads(rig.room, "page.html", b"<html>mine</html>", thread=root)
    await rig.until(lambda: len(rig.desk.events) == 1)

    [event] = rig.desk.posts()
    assert [file.name for file in event.content.files] == ["page.html"]


async def test_a_file_that_has_to_be_asked_for_is_asked_for(rig: Rig) -> None:
    root = await rig.thread()

    await rig.ana.uploads(rig.room, "plan.png", PNG, thread=root, hidden=True)
    await rig.until(lambda: len(rig.desk.events) == 1)

    [event] = rig.desk.posts()
    assert event.content.files[0].size == len(PNG)


async def test_an_event_that_comes_twice_fetches_its_file_once(rig: Rig) -> None:
    root = await rig.thread()
    await rig.settled()
    rig.slack.fault(EventFault(type="message", kind="duplicate"))

    await rig.ana.uploads(rig.room, "plan.png", PNG, thread=root)
    await rig.until(lambda: rig.desk.tried == 2)

    assert len(rig.files.known) == 1


@pytest.mark.parametrize("kind", ["drop", "half_body", "status"])
async def test_a_download_that_breaks_is_tried_again(rig: Rig, kind: str) -> None:
    root = await rig.thread()
    rig.slack.fault(Fault(method="download", kind=kind))  # type: ignore[arg-type]

    await rig.ana.uploads(rig.room, "plan.png", PNG, thread=root)
    await rig.until(lambda: len(rig.desk.events) == 1)

    [event] = rig.desk.posts()
    assert [file.size for file in event.content.files] == [len(PNG)]
    assert rig.voice.whispers == []


async def test_a_sign_in_page_is_never_taken_for_the_file(rig: Rig) -> None:
    root = await rig.thread()
    rig.slack.fault(Fault(method="download", kind="not_json", times=None))

    line = await rig.ana.uploads(rig.room, "plan.png", PNG, line="see", thread=root)
    await rig.until(lambda: len(rig.voice.whispers) == 1)

    [event] = rig.desk.posts()
    assert (event.content.words(), event.content.files) == ("see", ())
    [(_, marked, mark)] = rig.voice.marks
    assert (marked, mark) == (line.ts, Mark.NOT_CROSSED)
    assert "plan.png" in rig.voice.whispers[0][1]


async def test_a_file_alone_that_cannot_be_had_is_no_empty_line(rig: Rig) -> None:
    root = await rig.thread()
    rig.slack.fault(Fault(method="download", kind="status", status=404, times=None))

    await rig.ana.uploads(rig.room, "plan.png", PNG, thread=root)
    await rig.until(lambda: len(rig.voice.whispers) == 1)

    assert rig.desk.events == []
    assert len(rig.voice.marks) == 1


# --- one file ---------------------------------------------------------------------------------


def described(**more: object) -> SlackFile:
    base = {"id": "F1", "name": "a.bin", "url_private_download": "https://files.slack.com/a"}
    return SlackFile(**{**base, **more})  # type: ignore[arg-type]  # fields of the file


@pytest.mark.parametrize(
    ("file", "loss"),
    [
        (described(size=101), Loss.TOO_LARGE),
        (described(mode="external", url_private="https://drive.example/x"), Loss.ELSEWHERE),
        (described(url_private_download="https://evil.example/a"), Loss.ELSEWHERE),
        (described(url_private_download="http://files.slack.com/a"), Loss.ELSEWHERE),
        (described(url_private_download="https://files.slack.com:8443/a"), Loss.ELSEWHERE),
        (described(url_private_download="https://slack.com.evil.example/a"), Loss.ELSEWHERE),
        (described(url_private_download="https://evilslack.com/a"), Loss.ELSEWHERE),
        (described(url_private_download="https://files.slack.com@evil.example/a"), Loss.ELSEWHERE),
        (described(url_private_download="https://[x/a"), Loss.ELSEWHERE),
        (described(url_private_download=""), Loss.ELSEWHERE),
        (described(mode="tombstone"), Loss.GONE),
        (described(mode="hidden_by_limit"), Loss.GONE),
    ],
)
async def test_the_token_goes_to_slack_alone_and_nothing_too_large_is_begun(
    rig: Rig, file: SlackFile, loss: Loss
) -> None:
    downloads = _downloads(rig, "https://slack.com/api/")

    taken = await downloads.take((file,))

    assert (taken.files, taken.lost) == ((), (("a.bin", loss),))


def _downloads(rig: Rig, url: str) -> Downloads[SlackFile]:
    return Downloads(SlackFiles(rig.site.slack, lambda: rig.files, url, 100), pause=0.01)


async def test_a_file_larger_than_announced_is_not_kept(rig: Rig) -> None:
    async def much(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 500)

    app = web.Application()
    app.router.add_get("/a", much)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/a"
    downloads = _downloads(rig, url)

    large = await downloads.take((described(size=10, url_private_download=url),))
    short = await downloads.take((described(size=99, url_private_download=url),))
    await runner.cleanup()

    assert [loss for _, loss in (*large.lost, *short.lost)] == [Loss.TOO_LARGE] * 2
