"""The image is made by steps that work, and what is shipped to run it names files that exist.

There need be no container engine here: the steps of the first stage are run in a folder, as they
stand in the Containerfile. What a second stage, a network and volumes add is not proved by this:
docs/operations.md says when they were tried, and with what.
"""

import asyncio
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bridge.app.lock import running
from tests.patience import until

ROOT = Path(__file__).parents[2]
_MOUNT = re.compile(r"^ +- \./([^:]+):", re.MULTILINE)


def first_stage() -> list[str]:
    """Its instructions, a line each."""
    text = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    ends = [at for at, line in enumerate(lines) if line.startswith("FROM")]
    return lines[ends[0] + 1 : ends[1]]


def copy(words: list[str], to: Path) -> None:
    *sources, target = words
    for source in sources:
        where = to / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, where, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            where.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / source, where)


def build(folder: Path) -> Path:
    """Run the first stage with `/` being this folder; gives the environment that it makes."""
    source = folder / "src"
    source.mkdir()
    for line in first_stage():
        what, _, rest = line.partition(" ")
        if what == "COPY":
            copy(shlex.split(rest), source)
        elif what == "RUN":
            inside = re.sub(r"(?<![\w.])/(build|opt|wheels)", rf"{folder}/\1", rest)
            inside = re.sub(r"^python ", f"{sys.executable} ", inside)
            ended = subprocess.run(
                shlex.split(inside), cwd=source, capture_output=True, timeout=600, check=False
            )
            assert ended.returncode == 0, (line, ended.stderr.decode()[-2_000:])
    return folder / "opt" / "deskbridge"


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_what_the_image_holds_runs_a_desk(tmp_path: Path) -> None:
    made = await asyncio.to_thread(build, tmp_path)
    desk = tmp_path / "desk"
    desk.mkdir()
    program = made / "bin" / "deskbridge"
    subprocess.run([program, "init"], cwd=desk, check=True)  # noqa: ASYNC221 - nothing else waits

    process = await asyncio.create_subprocess_exec(program, "run", "--port", "0", cwd=desk)
    try:
        await until(lambda: bool((found := running(desk / "data")) and found.url))
        found = running(desk / "data")
        assert found is not None
        async with ClientSession() as http, http.get(f"{found.url}/readyz") as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        await process.wait()
    assert not (made / "lib" / "python3.11" / "site-packages" / "pytest").exists()


def test_a_running_desk_needs_a_part_of_what_is_pinned() -> None:
    whole = (ROOT / "requirements.lock").read_text()
    part = (ROOT / "deploy" / "requirements.lock").read_text()
    pins = re.findall(r"^[a-z0-9][^ \n]*==[^ \n]+", part, re.MULTILINE)

    assert [pin for pin in pins if pin not in whole] == []
    assert not any(pin.startswith("pytest==") for pin in pins)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.scale.yaml"])
def test_every_file_that_is_mounted_is_shipped_or_made_by_init(name: str) -> None:
    text = (ROOT / name).read_text()
    mounted = set(_MOUNT.findall(text))

    ours = {each for each in mounted if each not in ("deskbridge.toml", "menu.toml")}
    assert ours
    assert [each for each in ours if not (ROOT / each).is_file()] == []
    assert "Containerfile" in text


@pytest.mark.parametrize("name", ["Caddyfile.compose", "Caddyfile.scale"])
def test_a_proxy_in_front_of_containers_does_what_the_shipped_one_does(name: str) -> None:
    rules = {line.strip() for line in (ROOT / "deploy" / "Caddyfile").read_text().splitlines()}
    own = {line.strip() for line in (ROOT / "deploy" / name).read_text().splitlines()}

    missing = {rule for rule in rules if rule and not rule.startswith(("#", "reverse_proxy"))} - own

    assert missing == set()
