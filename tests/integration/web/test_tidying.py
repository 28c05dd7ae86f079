"""What is thrown away by a desk that runs, once its clock says that it is time."""

import asyncio
from pathlib import Path

from aiohttp import ClientSession

from bridge.app import build
from bridge.domain.ids import DAY
from bridge.ports.clock import MovableClock, SystemClock
from bridge.settings import load
from tests.integration.web.conftest import Visitor
from tests.patience import seen


def files_in(folder: Path) -> list[bytes]:
    paths = (folder / "data" / "files").rglob("*")
    return sorted(path.read_bytes() for path in paths if path.is_file())


async def upload(http: ClientSession, visitor: Visitor, body: bytes) -> str:
    path = "/chat/webchat/files"
    async with http.post(path, data=body, headers=visitor.headers) as answer:
        return str((await answer.json())["id"])


async def test_an_upload_that_was_never_sent_is_gone_after_a_day(
    settings_file: Path, tmp_path: Path
) -> None:
    clock = MovableClock(SystemClock())
    app = await build(load(settings_file, {}), port=0, clock=clock)
    async with app, ClientSession(app.url) as http:
        visitor = Visitor(http, "webchat")
        await visitor.write("here is a file")
        sent = await upload(http, visitor, b"sent")
        body = {"id": "5f3c1d9e-0c1b-4a57-9a63-2f1f2b7d7c10", "files": [sent]}
        async with http.post("/chat/webchat/messages", json=body, headers=visitor.headers) as said:
            assert said.status == 200
        await upload(http, visitor, b"unsent")
        assert await asyncio.to_thread(files_in, tmp_path) == [b"sent", b"unsent"]

        clock.forward(DAY)

        await seen(lambda: asyncio.to_thread(files_in, tmp_path), [b"sent"])
