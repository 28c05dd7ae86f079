"""Queues, agents, tokens and the database from the command line, whether the desk runs or not."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge.app import build
from bridge.settings import load
from tests.integration.cli.conftest import Run


@pytest.fixture
def resting(deskbridge: Run) -> Run:
    """A desk that does not run."""
    deskbridge("init")
    return deskbridge


@pytest.fixture(params=["resting", "running"])
async def desk(resting: Run, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[Run]:
    """A desk that runs, and one that does not; commands run in a thread beside it."""
    if request.param == "resting":
        yield resting
        return
    app = await build(load(folder / "deskbridge.toml", {}), port=0)
    await app.start()
    yield resting
    await app.stop()


async def said(desk: Run, *words: str) -> str:
    done = await asyncio.to_thread(desk, *words)
    assert done.code == 0, done.err
    return done.out


async def test_a_queue_an_agent_and_a_membership_are_made(desk: Run) -> None:
    await said(desk, "queues", "create", "support", "Help")
    await said(desk, "agents", "add", "@ana", "Ana", "--queue", "support", "--capacity", "3")

    queues = await said(desk, "queues", "list")
    agents = await said(desk, "agents", "list")

    assert queues.splitlines()[1].split() == [
        "support", "Help", "yes", "least_loaded", "0", "-", "ana", "support",
    ]  # fmt: skip
    assert agents.splitlines()[1].split()[:2] == ["ana", "Ana"]
    assert agents.splitlines()[1].split()[-2:] == ["3", "support"]


async def test_a_refusal_is_one_friendly_line(desk: Run) -> None:
    await said(desk, "queues", "create", "support")

    done = await asyncio.to_thread(desk, "queues", "add", "support", "nobody")

    assert (done.code, done.out) == (2, "")
    assert done.err == "deskbridge: There is no agent @nobody.\n"


def language_of(folder: Path, handle: str) -> str:
    with closing(sqlite3.connect(folder / "data" / "desk.db")) as database:
        query = "SELECT language FROM agent WHERE handle = ?"
        return str(database.execute(query, (handle,)).fetchone()[0])


def test_an_agent_is_addressed_in_the_desks_language(deskbridge: Run, folder: Path) -> None:
    deskbridge("init", "--language", "pt-BR")

    deskbridge("agents", "add", "bia", "Bia")
    deskbridge("agents", "add", "ana", "Ana", "--language", "en")

    assert (language_of(folder, "bia"), language_of(folder, "ana")) == ("pt_BR", "en")


async def test_a_language_is_known_by_every_spelling(desk: Run, folder: Path) -> None:
    await said(desk, "agents", "add", "ana", "Ana")

    await said(desk, "agents", "set", "ana", "--language", "pt-br")

    assert language_of(folder, "ana") == "pt_BR"


async def test_a_word_that_is_none_of_a_few_is_answered_with_the_nearest(desk: Run) -> None:
    await said(desk, "queues", "create", "support")

    done = await asyncio.to_thread(desk, "queues", "set", "support", "--strategy", "least-loded")

    assert done.code == 2
    assert done.err.endswith("; did you mean least_loaded?\n")


async def test_what_to_do_next_is_said_as_this_command_line_takes_it(desk: Run) -> None:
    created = await said(desk, "queues", "create", "support")

    assert "deskbridge queues add support AGENT" in created
    assert not re.search(r"(^|\s)/\w", created)


async def test_an_invitation_is_a_link(desk: Run) -> None:
    out = await said(desk, "agents", "add", "ana", "Ana", "--email", "a@acme.example", "--invite")

    assert out.splitlines()[-1].startswith("http://127.0.0.1:")
    assert "/desk/join/" in out.splitlines()[-1]


async def test_a_token_is_made_listed_and_revoked(desk: Run) -> None:
    text = (await said(desk, "tokens", "create", "crm", "--scope", "queues:read")).strip()

    listed = await said(desk, "tokens", "list")
    await said(desk, "tokens", "revoke", listed.splitlines()[1].split()[0])

    assert text.startswith("dk_")
    assert text not in listed
    assert len((await said(desk, "tokens", "list")).splitlines()) == 1


async def test_a_backup_is_a_whole_desk(desk: Run, folder: Path) -> None:
    await said(desk, "queues", "create", "support")

    await said(desk, "db", "backup", "copies/today")

    copy = folder / "copies" / "today"
    assert (copy / "desk.key").read_bytes() == (folder / "data" / "desk.key").read_bytes()
    with closing(sqlite3.connect(copy / "desk.db")) as database:
        assert database.execute("SELECT name FROM queue").fetchall() == [("support",)]
    again = await asyncio.to_thread(desk, "db", "backup", "copies/today")
    assert (again.code, "is there already" in again.err) == (2, True)


def test_a_link_made_while_the_desk_rests_is_for_when_it_runs(resting: Run) -> None:
    done = resting("agents", "add", "ana", "Ana", "--email", "a@acme.example", "--invite")

    assert done.out.splitlines()[-1].startswith("http://127.0.0.1:8080/desk/join/")


def test_a_terminal_in_portuguese_is_answered_in_portuguese(
    resting: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "pt_BR.UTF-8")

    assert resting("queues", "create", "vendas", "Vendas").out.startswith("A fila Vendas")


def test_a_database_is_checked_and_upgraded(resting: Run) -> None:
    resting("queues", "create", "support")

    assert resting("db", "check").out == "sound\n"
    assert resting("db", "upgrade").out.startswith("the database is up to date")


def test_a_database_that_is_not_there_yet_says_so(resting: Run) -> None:
    done = resting("db", "check")

    assert done.code == 2
    assert done.err.startswith("deskbridge: there is no database in ")


async def test_the_rules_of_a_queue_are_set_and_shown_alike(desk: Run) -> None:
    await said(desk, "queues", "create", "support")
    await said(desk, "queues", "create", "night")
    rules = {
        "--hours": "mon-fri 08:00-18:00, America/Sao_Paulo, BR-SP",
        "--overflow": "night",
        "--alerts": "agent=75,queue=100",
        "--targets": "urgent=0,high=60,normal=300,low=900",
        "--max-wait": "300",
    }

    await said(desk, "queues", "set", "support", *(word for pair in rules.items() for word in pair))

    shown = await said(desk, "queues", "show", "support")
    for option, value in rules.items():
        assert re.search(rf"^{option[2:].replace('-', '_')} +{re.escape(value)}$", shown, re.M)
