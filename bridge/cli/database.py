"""Commands on the database: back it up, check it, bring it up to date."""

from __future__ import annotations

import asyncio
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
    from bridge.app.copies import back_up
    from bridge.cli.config import read_settings

    asyncio.run(back_up(read_settings(context), to))
    print(f"{to} holds database, files and key: keep it as secret as the desk itself")


@app.command("restore")
def restore(
    context: typer.Context,
    backup: Annotated[Path, typer.Argument(help="A folder that `db backup` made")],
) -> None:
    """Put a backup back in the place of this desk; what was there is kept beside it."""
    from bridge.app.copies import put_back
    from bridge.cli.config import read_settings

    kept = asyncio.run(put_back(read_settings(context), backup))
    if kept:
        print(f"what was there before is in {' and '.join(kept)}")
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
    from bridge.app.beside import refuse_half_restored
    from bridge.app.lock import DeskLock
    from bridge.app.restoring import copied_at
    from bridge.app.storing import led
    from bridge.cli.config import read_settings
    from bridge.ports.clock import SystemClock

    settings = read_settings(context)
    await refuse_half_restored(settings)
    if settings.database_url is None:
        _data(settings)
    lock = DeskLock.take(settings.data_dir)
    try:
        async with led(settings) as database:
            await refuse_half_restored(settings)  # which may have come to its end since
            if await copied_at(database) is None:
                raise InvalidSettings("this desk was not put back from a backup: nothing to decide")
            return await decision(database, SystemClock().now())
    finally:
        lock.release()


@app.command("check")
def check(context: typer.Context) -> None:
    """Look whether the database is sound."""
    from bridge.app.storing import DATABASE, problems
    from bridge.cli.config import read_settings

    settings = read_settings(context)
    if settings.database_url is None:
        found = problems(_data(settings) / DATABASE)
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
    from bridge.app.beside import refuse_half_restored
    from bridge.app.lock import DeskLock
    from bridge.app.storing import DATABASE, migrate, migrate_url
    from bridge.cli.config import read_settings

    settings = read_settings(context)
    asyncio.run(refuse_half_restored(settings))
    if settings.database_url is not None:
        asyncio.run(migrate_url(settings.database_url))
        print("the database is up to date")
        return
    data = _data(settings)
    lock = DeskLock.take(data)
    try:
        copy = migrate(data / DATABASE)
    finally:
        lock.release()
    print("the database is up to date" + (f"; before: {copy}" if copy else ""))


@app.command("compact")
def compact(context: typer.Context) -> None:
    """Write a desk's file anew while it is stopped: nothing of what was erased is left in it."""
    from bridge.app.beside import refuse_half_restored
    from bridge.app.lock import DeskLock
    from bridge.app.storing import DATABASE
    from bridge.app.storing import compact as write_anew
    from bridge.cli.config import read_settings

    settings = read_settings(context)
    asyncio.run(refuse_half_restored(settings))
    if settings.database_url is not None:
        raise InvalidSettings("PostgreSQL does this by itself: see VACUUM in its documentation")
    data = _data(settings)
    lock = DeskLock.take(data)
    try:
        before = (data / DATABASE).stat().st_size
        write_anew(data / DATABASE)
    finally:
        lock.release()
    after = (data / DATABASE).stat().st_size
    print(f"written anew: {before // 1024} KiB before, {after // 1024} KiB now")


async def _problems(settings: Settings) -> list[str]:
    from bridge.app.storing import open_configured

    database = await open_configured(settings)
    try:
        return await database.problems()
    finally:
        await database.close()


def _data(settings: Settings) -> Path:
    """Where the desk's file is. Raises `InvalidSettings` when it has none."""
    from bridge.app.storing import DATABASE

    if not (settings.data_dir / DATABASE).exists():
        raise InvalidSettings(f"there is no database in {settings.data_dir} yet: deskbridge run")
    return settings.data_dir
