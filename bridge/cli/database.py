"""Commands on the database: back it up, check it, bring it up to date."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from bridge.domain.errors import InvalidSettings

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


@app.command("check")
def check(context: typer.Context) -> None:
    """Look whether the database is sound."""
    from bridge.app.storing import DATABASE, problems

    found = problems(_data(context) / DATABASE)
    for line in found:
        print(line)
    if found:
        raise typer.Exit(1)
    print("sound")


@app.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database to this version, after a backup; a start does the same."""
    from bridge.app.lock import DeskLock
    from bridge.app.storing import DATABASE, migrate

    data = _data(context)
    lock = DeskLock.take(data)
    try:
        copy = migrate(data / DATABASE)
    finally:
        lock.release()
    print("the database is up to date" + (f"; before: {copy}" if copy else ""))


def _data(context: typer.Context) -> Path:
    from bridge.app.storing import DATABASE
    from bridge.cli.config import read_settings

    settings = read_settings(context)

    if not (settings.data_dir / DATABASE).exists():
        raise InvalidSettings(f"there is no database in {settings.data_dir} yet: deskbridge run")
    return settings.data_dir
