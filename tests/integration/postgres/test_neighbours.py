"""Processes on one PostgreSQL as `doctor` sees them from one machine."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bridge.app import App, build
from bridge.app.neighbours import examine
from bridge.app.whereabouts import SAID
from bridge.settings import Settings, load
from bridge.settings.key import KEY_FILE
from storage import neighbours_url
from storage.postgres.connect import connect, end
from storage.postgres.migrate import migrate
from tests.patience import seen
from tests.ports import kept_port
from tests.postgres import server

Write = Callable[..., Settings]


@pytest.fixture
def write(tmp_path: Path, postgres_url: str) -> Write:
    """Settings of a process on this database, with these of its server."""

    def write(data: str = "data", database: str = "", **server: str | int) -> Settings:
        file = tmp_path / "deskbridge.toml"
        lines = [f"{key} = {value!r}" for key, value in server.items()]
        text = ["[desk]", f'data_dir = "{data}"', f'database_url = "{database or postgres_url}"']
        file.write_text("\n".join((*text, "[server]", *lines)), encoding="utf-8")
        file.chmod(0o600)
        return load(file, {})

    return write


@asynccontextmanager
async def runs(settings: Settings) -> AsyncIterator[App]:
    """A process with these settings, wherever there is a port."""
    app = await build(settings, port=0)
    starting = asyncio.create_task(app.start())
    try:
        yield app
    finally:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await app.stop()


def port_of(app: App) -> int:
    port = urlsplit(app.url).port
    assert port is not None
    return port


async def said(settings: Settings) -> dict[str, bool]:
    """Whether each thing is well, by its name."""
    return {check.name: check.ok and not check.warning for check in await examine(settings, "en")}


async def test_each_process_is_told_from_the_others_by_who_answers(write: Write) -> None:
    async with AsyncExitStack() as open_:
        one = await open_.enter_async_context(runs(write()))
        other = await open_.enter_async_context(runs(write()))
        there = f"http://127.0.0.1:{port_of(other)}"

        async def found(**server: str | int) -> dict[str, bool]:
            return await said(write(port=port_of(one), **server))

        await seen(found, {"replica_url": True})
        assert await found(replica_url=there) == {"replica_url": False}
        assert await found(replica_url="http://127.0.0.1:9") == {"replica_url": False}
        assert await found(replica_url=there, public_url=there) == {"replica_url": False}


async def test_another_key_and_a_leader_whom_nobody_reaches_are_said(
    write: Write, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir(mode=0o700)
    (tmp_path / "other" / KEY_FILE).write_bytes(b"k" * 32)
    (tmp_path / "other" / KEY_FILE).chmod(0o600)
    async with runs(write(replica_url="http://127.0.0.1:9")) as app:

        async def found() -> dict[str, bool]:
            return await said(write("other", port=port_of(app)))

        wanted = {"replica_url": True, "replica leader": False, "replica key": False}
        await seen(found, wanted)


async def test_a_database_that_is_not_there_is_for_the_desk_to_tell(
    write: Write, tmp_path: Path
) -> None:
    nowhere = f"postgresql://desk@/desk?host={tmp_path}"

    assert await said(write(database=nowhere)) == {"replica_url": True}


@pytest.mark.long
async def test_who_reaches_the_database_from_elsewhere_is_seen(write: Write) -> None:
    with (
        kept_port() as port,
        server(("fsync=off", "listen_addresses=127.0.0.1", f"port={port}")) as running,
    ):
        here = f"{running.url}&port={port}"
        await migrate(here)
        network = await connect(f"postgresql://desk@127.0.0.1:{port}/postgres")
        socket = await connect(here)
        try:
            from_socket = await neighbours_url(here, SAID)
            from_network = await neighbours_url(
                f"postgresql://desk@127.0.0.1:{port}/postgres", SAID
            )
            seen_by_doctor = await said(write(database=here))
        finally:
            await end(network)
            await end(socket)

    assert (from_socket.elsewhere, from_network.elsewhere) == (("127.0.0.1",), ("",))
    assert seen_by_doctor == {"replica_url": False}  # loopback, and others are elsewhere
