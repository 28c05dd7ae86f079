"""`kill -9` does not prove that a line is on the disk: the system's own calls do."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.crash.desk import READY
from tests.crash.syncs import CALLS, Answered, answered
from tests.crash.test_kills import browser
from tests.crash.town.customers import OnAPlatform, OnTheWeb, OnWhatsApp
from tests.crash.town.platforms import platforms
from tests.patience import until
from tests.ports import kept_port

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

_EACH = 5
_READ = """7 read(15<socket:[1]>, "POST /chat/web/messages HTTP/1.1\\r\\n", 65536) = 300"""
_SYNC = "8 fdatasync(9</data/desk.db-wal>) = 0"
_BEGUN = "8 fdatasync(9</data/desk.db-wal> <unfinished ...>"
_ENDED = "8 <... fdatasync resumed>) = 0"
_TOLD = """7 write(15<socket:[1]>, "HTTP/1.1 200 OK\\r\\n", 120) = 120"""
_OTHER = "8 fdatasync(9</data/files/x>) = 0"
_FAILED = "8 fdatasync(9</data/desk.db-wal>) = -1 EIO (Input/output error)"


@pytest.mark.parametrize(
    ("trace", "syncs"),
    [
        pytest.param([_READ, _SYNC, _TOLD], 1, id="one"),
        pytest.param([_READ, _BEGUN, _ENDED, _TOLD], 1, id="one on another thread"),
        pytest.param([_READ, _SYNC, _SYNC, _TOLD], 2, id="two"),
        pytest.param([_READ, _TOLD, _SYNC], 0, id="behind the answer"),
        pytest.param([_SYNC, _READ, _TOLD], 0, id="before the line came"),
        pytest.param([_BEGUN, _READ, _ENDED, _TOLD], 0, id="begun before the line came"),
        pytest.param([_READ, _BEGUN, _TOLD, _ENDED], 0, id="ended behind the answer"),
        pytest.param([_READ, _OTHER, _TOLD], 0, id="of another file"),
        pytest.param([_READ, _FAILED, _TOLD], 0, id="that failed"),
    ],
)
def test_a_sync_counts_only_between_a_line_and_its_answer(trace: list[str], syncs: int) -> None:
    assert answered(trace) == [Answered(path="/chat/web/messages", syncs=syncs)]


@asynccontextmanager
async def traced(folder: Path, port: int, trace: Path) -> AsyncIterator[None]:
    """A desk under strace, ready; what it called is in `trace` afterwards."""
    command = ("strace", "--seccomp-bpf", "-f", "-y", "-s", "120", "-o", str(trace))
    desk = (sys.executable, "-m", "tests.crash.town.desk", str(folder), str(port))
    with (folder / "desk.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, "-e", f"trace={CALLS}", *desk, stdout=log, stderr=log, start_new_session=True
        )
    try:
        await until((folder / READY).exists)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


@pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here")
async def test_every_line_is_synced_to_the_disk_before_its_200(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    async with AsyncExitStack() as open_:
        port = open_.enter_context(kept_port())
        url = f"http://127.0.0.1:{port}"
        around = await open_.enter_async_context(platforms(tmp_path, url))
        http = await open_.enter_async_context(browser())
        people = (
            OnTheWeb("c00", http, f"{url}/chat/web"),
            OnWhatsApp("c01", around.graph, around.graph.customer(around.number, name="c01")),
            OnAPlatform("c02", around.shop),
        )
        async with traced(tmp_path, port, trace):
            for number in range(1, _EACH + 1):
                for one in people:
                    await one.write(f"{one.code}-{number:04} to local")

    seen = answered(trace.read_text("utf-8", "replace").splitlines())
    for path in ("/chat/web/messages", "/whatsapp/whatsapp/events", "/v1/channels/shop/events"):
        syncs = [each.syncs for each in seen if each.path == path]
        assert len(syncs) >= _EACH, f"{path}: {len(syncs)} answers"
        assert min(syncs) >= 1, f"{path}: {syncs}"
