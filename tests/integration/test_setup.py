"""`make setup`: what it makes, and what it says when it cannot."""

import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).parents[2]
OLD = '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2"\n'
WITHOUT_ENSUREPIP = (
    f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n'
)


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: os.environ[name] for name in os.environ if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        command, cwd=cwd, env=kept | more, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of the project as the set-up reads, with no environment yet."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "scripts/setup.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python_that(script: str, checkout: Path) -> str:
    fake = checkout / "a python"
    fake.write_text(script, encoding="utf-8")
    fake.chmod(0o755)
    return str(fake)


def said(result: subprocess.CompletedProcess[str]) -> str:
    """The one line in which the set-up refuses."""
    (line,) = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    return line


def test_an_old_python_is_named_with_the_way_out(checkout: Path) -> None:
    python = python_that(OLD, checkout)

    result = run("make", "setup", cwd=checkout, PYTHON=python)

    assert result.returncode == 2
    assert said(result).startswith(
        "setup: Deskbridge needs Python 3.11 or newer, found Python 3.9.2: install one"
    )
    assert not (checkout / ".venv").exists()


def test_a_missing_python_is_named_with_the_way_out(checkout: Path) -> None:
    result = run("make", "setup", cwd=checkout, PYTHON="python-of-nobody")

    assert result.returncode == 2
    assert "found no python-of-nobody: install one" in said(result)


def test_a_missing_ensurepip_is_named_with_the_way_out(checkout: Path) -> None:
    python = python_that(WITHOUT_ENSUREPIP, checkout)

    result = run("make", "setup", cwd=checkout, PYTHON=python)

    assert result.returncode == 2
    assert "no ensurepip: on Debian or Ubuntu run 'apt install python3-venv'" in said(result)
    assert not (checkout / ".venv").exists()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_fresh_clone_gets_exactly_what_the_lock_pins(tmp_path: Path) -> None:
    clone = tmp_path / "deskbridge"
    run("git", "clone", "--quiet", ROOT, clone, cwd=tmp_path)

    first = run("make", "setup", cwd=clone, PYTHON=sys.executable)
    again = run("make", "setup", cwd=clone, PYTHON=sys.executable)

    assert first.returncode == 0, first.stderr
    assert first.stdout.endswith("setup: ready\n")
    assert (again.returncode, again.stdout) == (0, "")
    assert installed(clone) == pinned(clone)


def pinned(clone: Path) -> set[str]:
    lock = (clone / "requirements.lock").read_text(encoding="utf-8")
    lines = re.findall(r"^(\S+==\S+)(?: ; (.+?))?(?: \\)?$", lock, re.M)
    return {pin for pin, marker in lines if not marker or Marker(marker).evaluate()}


def installed(clone: Path) -> set[str]:
    packages = metadata.distributions(path=[str(next(clone.glob(".venv/lib/*/site-packages")))])
    names = {f"{canonical(each.name)}=={each.version}" for each in packages}
    return {
        name for name in names if not name.startswith(("deskbridge==", "pip==", "setuptools=="))
    }


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
