"""Commands on the database: back it up, check it, bring it up to date."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Instant

if TYPE_CHECKING:
    from bridge.app.storing import Database
    from bridge.settings import Settings

app = typer.Typer(help="The database of this desk.", no_args_is_help=True)


@app.command("backup")
def backup(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(help="A folder that is not there yet")],
) -> None:
    """Copy database, files and key into a new folder, while the desk runs or not."""
    from bridge.app.storing import DATABASE, FILES, back_up
    from bridge.settings.key import KEY_FILE

    data = _data(context)
    try:
        to.mkdir(mode=0o700, parents=True)
    except FileExistsError as there:
        raise InvalidSettings(f"{to} is there already: name a new folder") from there
    except OSError as failure:
        raise InvalidSettings(f"{to}: cannot make it: {failure.strerror}") from failure
    # The database first: a file is stored before a row names it, so every named file is copied.
    back_up(data / DATABASE, to / DATABASE)
    if (data / FILES).exists():
        shutil.copytree(data / FILES, to / FILES)
    shutil.copy2(data / KEY_FILE, to / KEY_FILE)
    print(f"{to} holds database, files and key: keep it as secret as the desk itself")


@app.command("restore")
def restore(
    context: typer.Context,
    backup: Annotated[Path, typer.Argument(help="A folder that `db backup` made")],
) -> None:
    """Put a backup back in the place of this desk; what was there is kept beside it."""
    from bridge.app.restoring import put_back
    from bridge.cli.config import read_settings

    settings = read_settings(context)
    _refuse_postgres(settings)
    kept = put_back(backup, settings.data_dir)
    if kept is not None:
        print(f"what was there before is in {kept}")
    print("put back. What was open then may have been sent since, so before deskbridge run:")
    print("  deskbridge db reconcile   the platforms are asked; what never arrived is sent")
    print("  deskbridge db discard     none of it is sent; agents can send each again")


@app.command("reconcile")
def reconcile(context: typer.Context) -> None:
    """After a restore: at the next start the platforms are asked what had arrived."""
    from bridge.app import restoring

    count = asyncio.run(_decide(context, restoring.reconcile))
    print(f"{count} open deliveries are looked for at the next start: deskbridge run")


@app.command("discard")
def discard(context: typer.Context) -> None:
    """After a restore: nothing is sent that was open then."""
    from bridge.app import restoring

    count = asyncio.run(_decide(context, restoring.discard))
    print(f"{count} open deliveries are not sent; they are listed as failed: deskbridge run")


async def _decide(
    context: typer.Context, decision: Callable[[Database, Instant], Awaitable[int]]
) -> int:
    from bridge.app.lock import DeskLock
    from bridge.app.restoring import copied_at
    from bridge.app.storing import DATABASE, FILES, open_database
    from bridge.ports.clock import SystemClock

    data = _data(context)
    lock = DeskLock.take(data)
    try:
        database = open_database(data / DATABASE, files_dir=data / FILES)
        try:
            if await copied_at(database) is None:
                raise InvalidSettings("this desk was not put back from a backup: nothing to decide")
            return await decision(database, SystemClock().now())
        finally:
            await database.close()
    finally:
        lock.release()


@app.command("check")
def check(context: typer.Context) -> None:
    """Look whether the database is sound."""
    from bridge.app.storing import DATABASE, problems
    from bridge.cli.config import read_settings

    settings = read_settings(context)
    if settings.database_url is None:
        found = problems(_data(context) / DATABASE)
    else:
        found = asyncio.run(_problems(settings))
    for line in found:
        print(line)
    if found:
        raise typer.Exit(1)
    print("sound")


@app.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version, after a backup; a start does the same."""
    from bridge.app.lock import DeskLock
    from bridge.app.storing import DATABASE, migrate, migrate_url
    from bridge.cli.config import read_settings

    url = read_settings(context).database_url
    if url is not None:
        asyncio.run(migrate_url(url))
        print("the database is up to date")
        return
    data = _data(context)
    lock = DeskLock.take(data)
    try:
        copy = migrate(data / DATABASE)
    finally:
        lock.release()
    print("the database is up to date" + (f"; before: {copy}" if copy else ""))


async def _problems(settings: Settings) -> list[str]:
    from bridge.app.storing import open_configured

    database = await open_configured(settings)
    try:
        return await database.problems()
    finally:
        await database.close()


def _data(context: typer.Context) -> Path:
    """Where the desk's file is. Raises `InvalidSettings` when it has none."""
    from bridge.app.storing import DATABASE
    from bridge.cli.config import read_settings

    settings = read_settings(context)
    _refuse_postgres(settings)
    if not (settings.data_dir / DATABASE).exists():
        raise InvalidSettings(f"there is no database in {settings.data_dir} yet: deskbridge run")
    return settings.data_dir


def _refuse_postgres(settings: Settings) -> None:
    if settings.database_url is not None:
        raise InvalidSettings(
            "this desk is kept in PostgreSQL: copy it with pg_dump, put it back with pg_restore, "
            f"and {settings.data_dir} (its files and its key) with it"
        )
