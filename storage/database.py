"""Opens a desk's database, whichever it is, and says what stands on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Instant
from bridge.ports.adapter_store import AdapterStore
from bridge.ports.arrivals import Arrivals
from bridge.ports.doorbell import Doorbell
from bridge.ports.files import FileStore
from bridge.ports.holding import Held, Holding
from bridge.ports.personal import Personal
from bridge.ports.store import Reads, Store
from storage.sqlite import database as sqlite
from storage.sqlite.connect import connect_writer
from storage.sqlite.database import Connect

if TYPE_CHECKING:
    from storage.postgres.neighbours import Neighbours

_NEEDS_DRIVER = (
    "database_url: PostgreSQL needs a driver that is not installed; "
    'install it with: pip install "deskbridge[postgres]"'
)


class Database(Protocol):
    """A desk's database while it is open.

    Whoever writes holds the name `storage.ENGINE` of `holding` first and says so with `lead`.
    """

    @property
    def store(self) -> Store:
        """The engine's."""
        ...

    @property
    def reads(self) -> Reads:
        """For boards, pages and the API."""
        ...

    @property
    def files(self) -> FileStore:
        """What came with lines and goes with them."""
        ...

    @property
    def personal(self) -> Personal:
        """All that there is of one customer, to be exported or removed."""
        ...

    @property
    def arrivals(self) -> Arrivals:
        """What came to processes that do not run the desk, for the one that does."""
        ...

    @property
    def holding(self) -> Holding:
        """What one process at a time does, of all that have this database open."""
        ...

    @property
    def doorbell(self) -> Doorbell:
        """How one process tells another that there is work to look for."""
        ...

    def adapter_store(self, adapter_id: str) -> AdapterStore:
        """The memory of one adapter, by the id of its channel or workspace."""
        ...

    def stand_by(self) -> None:
        """Until `lead`, another process runs the desk: what adapters want to write raises
        `NotLeading`, but for files that came in."""
        ...

    async def lead(self, held: Held) -> None:
        """Write from now on, until another leads. Raises `StorageUnavailable`."""
        ...

    def replaced(self) -> bool:
        """True when another process may lead by now in place of this one, which has led.

        Asked right before anything that cannot be undone and that the database does not refuse.
        """
        ...

    async def led(self) -> int | None:
        """Under which epoch the desk is led now, by whatever process; None while nobody leads.

        Raises `StorageUnavailable`.
        """
        ...

    async def seen(self, at: Instant) -> None:
        """Remember that the desk runs at this moment, for the downtime after the next start."""
        ...

    async def problems(self) -> list[str]:
        """What is wrong inside; empty when it is sound. Raises `StorageUnavailable`."""
        ...

    async def close(self) -> None:
        """Write what waits, then let go of everything."""
        ...


def open(
    place: Path | str, *, files_dir: Path, connect: Connect = connect_writer
) -> sqlite.SqliteDatabase:
    """Open the desk's SQLite database, created or migrated first if need be.

    `place` is a path or `sqlite:///...`. `connect` opens the connection that writes.
    Raises `InvalidSettings`, `DatabaseInUse`, `DatabaseTooNew`, `StorageUnavailable`.
    """
    return sqlite.open(_path(place), files_dir, connect)


async def open_url(url: str, *, files_dir: Path) -> Database:
    """Open the desk's PostgreSQL database, created or migrated first if need be.

    Raises `InvalidSettings`, `DatabaseTooNew`, `StorageUnavailable`.
    """
    with _driver():
        from storage.postgres import database as postgres
    return await postgres.open(url, files_dir)


async def migrate_url(url: str) -> bool:
    """Only create or migrate it; true when there was something to do."""
    with _driver():
        from storage.postgres.migrate import migrate as bring_up_to_date
    return await bring_up_to_date(url)


async def back_up_url(url: str, to: Path) -> None:
    """Write a complete copy of a PostgreSQL database; see `storage.postgres.backup`."""
    with _driver():
        from storage.postgres import backup
    await backup.back_up(url, to)


async def put_back_url(url: str, copy: Path, name: str) -> None:
    """Put such a copy in the place of what is there, under a name that no other restore has."""
    with _driver():
        from storage.postgres import backup
    await backup.put_back(url, copy, name)


async def put_back_under(url: str, name: str) -> list[str] | None:
    """Where what was there before is kept; None: nothing was put back under this name."""
    with _driver():
        from storage.postgres import backup
    return await backup.put_back_under(url, name)


async def refuse_if_used(url: str) -> None:
    """Raise `InvalidSettings` while anybody works in a PostgreSQL database."""
    with _driver():
        from storage.postgres import backup
    await backup.refuse_if_used(url)


async def neighbours_url(url: str, place: tuple[str, str, str]) -> "Neighbours":
    """Who else works in a PostgreSQL database, and what is kept in this place."""
    with _driver():
        from storage.postgres import neighbours
    return await neighbours.look(url, place)


@contextmanager
def _driver() -> Iterator[None]:
    """Who keeps his desk in a file need not have what PostgreSQL wants."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name not in ("asyncpg", "pgqueuer"):
            raise
        raise InvalidSettings(_NEEDS_DRIVER) from missing


def migrate(place: Path | str) -> Path | None:
    """Only create or migrate it; gives the backup made before, None when there was no need."""
    return sqlite.migrate(_path(place))


def _path(place: Path | str) -> Path:
    text = str(place)
    if "://" not in text:
        return Path(text)
    if text.startswith("sqlite:///"):
        return Path(text.removeprefix("sqlite:///"))
    raise InvalidSettings(
        f"a database like {text.split('://', 1)[0]}:// is not a file: "
        "give the path of a SQLite file, or open it by its url"
    )
