"""From nothing to a desk that could run: `init`, `doctor`, and how a slip is told."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from bridge.settings import load
from tests.integration.cli.conftest import PROGRAM, Run


def test_help_imports_nothing_that_takes_time(folder: Path) -> None:
    heavy = "{'aiohttp', 'pydantic', 'sqlalchemy', 'structlog', 'msgspec', 'bridge.engine'}"
    script = (
        "import sys; sys.argv = ['deskbridge', '--help']\n"
        "from bridge.cli.main import main\n"
        "try: main()\n"
        f"except SystemExit: print('heavy:', sorted({heavy} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "queues" in done.stdout
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_it_says_which_version_it_is(deskbridge: Run) -> None:
    done = deskbridge("--version")

    assert (done.code, done.out) == (0, f"deskbridge {version('deskbridge')}\n")


def test_the_demo_has_nothing_for_machines_but_the_tour(deskbridge: Run) -> None:
    done = deskbridge("demo", "--json", "--port", "0")

    assert (done.code, done.out) == (2, "")
    assert done.err == "deskbridge: --json is for the tour: deskbridge demo --tour --json\n"


def test_the_help_names_every_platform_that_can_be_connected(deskbridge: Run) -> None:
    _, _, known = deskbridge("connect", "icq").err.strip().rpartition("there are: ")

    shown = deskbridge("connect", "--help").out

    assert known
    assert [one for one in known.split(", ") if one not in shown] == []


def test_init_writes_settings_that_load_and_that_only_their_owner_reads(
    deskbridge: Run, folder: Path
) -> None:
    done = deskbridge("init", "--brand", 'Pão & "Cia"', "--language", "pt_BR")

    settings = load(folder / "deskbridge.toml", {})
    assert done.code == 0
    assert (settings.desk.brand, settings.desk.language) == ('Pão & "Cia"', "pt_BR")
    assert (folder / "deskbridge.toml").stat().st_mode & 0o777 == 0o600
    assert "deskbridge run" in done.out


def test_every_line_that_init_comments_out_is_a_setting_with_its_usual_value(
    deskbridge: Run, folder: Path
) -> None:
    deskbridge("init")
    path = folder / "deskbridge.toml"
    before = load(path, {})
    shown = re.sub(r"(?m)^# (?=\w+ = )", "", path.read_text(encoding="utf-8"))
    example = {"public_url", "trusted_proxies"}
    usual = "\n".join(line for line in shown.splitlines() if line.split(" =")[0] not in example)

    path.write_text(shown, encoding="utf-8")
    assert tomllib.loads(shown)["server"]["public_url"] == "https://desk.example.com"
    assert load(path, {}).server.trusted_proxies
    path.write_text(usual, encoding="utf-8")
    assert load(path, {}).desk == before.desk
    assert load(path, {}).log == before.log
    assert load(path, {}).channels["webchat"].common == before.channels["webchat"].common


def test_init_overwrites_nothing(deskbridge: Run, folder: Path) -> None:
    (folder / "menu.toml").write_text("mine", encoding="utf-8")

    done = deskbridge("init")

    assert (done.code, done.err) == (
        2,
        "deskbridge: menu.toml is there already; move it away first\n",
    )
    assert [path.name for path in folder.iterdir()] == ["menu.toml"]


def test_a_slip_is_one_line_and_exit_code_2(deskbridge: Run, folder: Path) -> None:
    (folder / "deskbridge.toml").write_text("[server]\nprot = 1\n", encoding="utf-8")

    done = deskbridge("run")

    assert (done.code, done.out) == (2, "")
    assert done.err == "deskbridge: [server] prot: did you mean port?\n"


def test_without_settings_it_says_how_to_make_them(deskbridge: Run) -> None:
    done = deskbridge("run")

    assert (done.code, done.err) == (
        2,
        "deskbridge: no deskbridge.toml here: make one with: deskbridge init\n",
    )


def test_debug_shows_where_it_arose(folder: Path) -> None:
    (folder / "deskbridge.toml").write_text("[server]\nprot = 1\n", encoding="utf-8")

    done = subprocess.run([*PROGRAM, "--debug", "run"], capture_output=True, text=True, check=False)

    assert "Traceback" in done.stderr
    assert "did you mean port?" in done.stderr


def test_a_word_that_is_no_command_is_answered_with_the_nearest(deskbridge: Run) -> None:
    done = deskbridge("quues")

    assert done.code == 2
    assert "queues" in done.err


def test_doctor_names_what_is_missing_with_the_exact_command(deskbridge: Run) -> None:
    deskbridge("init")

    done = deskbridge("doctor")

    lines = [line.strip() for line in done.out.splitlines()]
    assert done.code == 1
    assert re.search(r"^FAIL +queues +none$", done.out, re.M)
    assert "-> deskbridge queues create support" in lines
    assert re.search(r"^OK +database +sound$", done.out, re.M)


def test_doctor_changes_nothing(deskbridge: Run, folder: Path) -> None:
    deskbridge("init")
    before = sorted(folder.rglob("*"))

    deskbridge("doctor")

    assert sorted(folder.rglob("*")) == before


def test_doctor_for_machines_is_one_document(deskbridge: Run) -> None:
    deskbridge("init")

    done = deskbridge("doctor", "--json")

    document = json.loads(done.out)
    assert document["ok"] is False
    assert {row["status"] for row in document["checks"]} <= {"OK", "WARN", "FAIL"}
    assert [row["fix"] for row in document["checks"] if row["name"] == "queues"] == [
        "deskbridge queues create support"
    ]


def test_doctor_lists_every_slip_of_the_settings(deskbridge: Run, folder: Path) -> None:
    (folder / "deskbridge.toml").write_text("[server]\nprot = 1\n[lgo]\n", encoding="utf-8")

    done = deskbridge("doctor")

    assert done.code == 1
    assert done.out.count("FAIL") == 2
    assert "did you mean port?" in done.out


@pytest.mark.parametrize("loose", ["data", "data/desk.key"])
def test_doctor_sees_what_others_can_read(deskbridge: Run, folder: Path, loose: str) -> None:
    deskbridge("init")
    deskbridge("queues", "create", "support")
    (folder / loose).chmod(0o755 if loose == "data" else 0o644)

    done = deskbridge("doctor")

    assert f"chmod {'700' if loose == 'data' else '600'} {folder / loose}" in done.out
