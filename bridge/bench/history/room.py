"""Where two pasts may lie until they have been measured: room on a disk, databases on a server."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from bridge.bench.failure import BenchFailed
from bridge.bench.span import Span

_GIGABYTE = 1e9


def announce(span: Span, folder: Path) -> str:
    """What will be written there. Raises `BenchFailed` when there is no room for it."""
    free, room = shutil.disk_usage(folder).free, span.room
    need = f"{room / _GIGABYTE:.1f} GB"
    if free < room:
        raise BenchFailed(
            f"{span.lines:,} and {span.against:,} lines take about {need}, and in {folder.parent} "
            f"{free / _GIGABYTE:.1f} GB are free: name another folder with --folder, or fewer "
            "lines with --lines and --against"
        )
    return f"About {need} are written to {folder}, and removed at the end."


@asynccontextmanager
async def databases(url: str, names: tuple[str, ...]) -> AsyncIterator[dict[str, str]]:
    """An address of a new database for each name, on the server of this one; gone afterwards."""
    if not url:
        yield dict.fromkeys(names, "")
        return
    from bridge.bench.history.admin import MAY_NOT, connected

    run = token_hex(4)
    made = {name: f"deskbridge_bench_{run}_{name}" for name in names}
    admin = await connected(url)
    try:
        for name in made.values():
            await admin.execute(f"CREATE DATABASE {name}")
        yield {name: urlsplit(url)._replace(path=f"/{its}").geturl() for name, its in made.items()}
    except MAY_NOT as refused:
        raise BenchFailed("this user of PostgreSQL may make no databases") from refused
    finally:
        for name in made.values():
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.close()
