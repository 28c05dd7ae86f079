"""`doctor` beside a desk that runs: it looks at the settings on disk, not at those of the start."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bridge.app import App, build
from bridge.settings import load
from tests.integration.cli.conftest import Run

Rows = dict[str, dict[str, str]]


@pytest.fixture
async def desk(deskbridge: Run, folder: Path) -> AsyncIterator[App]:
    """A desk that runs with what `init` wrote."""
    deskbridge("init")
    app = await build(load(folder / "deskbridge.toml", {}), port=0)
    await app.start()
    yield app
    await app.stop()


@pytest.fixture
def rows(deskbridge: Run, desk: App) -> Callable[..., Rows]:
    """What it says, by the name of each check."""

    def ask(*words: str) -> Rows:
        document = json.loads(deskbridge(*words, "doctor", "--json").out)
        return {row["name"]: row for row in document["checks"]}

    return ask


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


async def test_while_nothing_changed_there_is_nothing_to_restart(
    rows: Callable[..., Rows],
) -> None:
    assert "running desk" not in await asyncio.to_thread(rows)


async def test_what_was_changed_is_looked_at_and_a_restart_is_asked_for(
    rows: Callable[..., Rows], folder: Path
) -> None:
    change(folder / "deskbridge.toml", "origins = []", 'origins = ["*"]')
    change(folder / "deskbridge.toml", "port = 8080", "port = 8081")

    said = await asyncio.to_thread(rows)

    assert said["channels.webchat.origins"]["detail"] == "every site may embed it"
    assert said["running desk"]["status"] == "WARN"
    assert said["running desk"]["detail"] == (
        "was started before these were changed: [server] port, [channels.webchat] origins"
    )
    assert "restart" in said["running desk"]["fix"]


async def test_a_table_that_was_added_is_looked_at_too(
    rows: Callable[..., Rows], folder: Path
) -> None:
    change(
        folder / "deskbridge.toml", "[bots.menu]", '[channels.shop]\nkind = "webchat"\n[bots.menu]'
    )

    said = await asyncio.to_thread(rows)

    assert said["channels"]["detail"] == "webchat, shop"
    assert said["channels.shop.origins"]["status"] == "OK"
    assert said["running desk"]["detail"].endswith("[channels.shop]")


async def test_a_slip_made_while_it_runs_is_told(deskbridge: Run, desk: App, folder: Path) -> None:
    change(folder / "deskbridge.toml", "origins", "orgins")

    done = await asyncio.to_thread(deskbridge, "doctor")

    assert done.code == 1
    assert "[channels.webchat] orgins: did you mean origins?" in done.out


async def test_a_desk_that_was_started_with_another_file_is_told(
    rows: Callable[..., Rows], folder: Path
) -> None:
    other = folder / "other.toml"
    other.write_bytes((folder / "deskbridge.toml").read_bytes())
    other.chmod(0o600)

    said = await asyncio.to_thread(rows, "--config", str(other))

    assert said["running desk"]["status"] == "WARN"
    assert str(folder / "deskbridge.toml") in said["running desk"]["detail"]
