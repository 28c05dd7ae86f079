"""The points at which crash tests kill the process: all of them are known, and nobody else dies."""

import ast
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.ports.failpoints import POINTS

_ROOT = Path(__file__).parents[2]
_PASSES_TWO = """
from bridge.ports.failpoints import failpoint
for name in ("writer.begin", "writer.filled", "writer.begin"):
    failpoint(name)
print("alive")
"""


def _passed() -> Iterator[str]:
    """What every call of `failpoint` in the product names; a name must be written out."""
    for folder in ("bridge", "storage"):
        for file in (_ROOT / folder).rglob("*.py"):
            source = file.read_text("utf-8")
            calls = ast.walk(ast.parse(source)) if "failpoint(" in source else ()
            for node in calls:
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "failpoint":
                    assert isinstance(node.args[0], ast.Constant), f"{file}: {ast.unparse(node)}"
                    yield str(node.args[0].value)


def _run(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PASSES_TWO],
        env=os.environ | env,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_point_stands_somewhere_and_every_name_is_a_point() -> None:
    assert set(_passed()) == set(POINTS)


def test_without_the_variable_nothing_happens() -> None:
    assert _run().stdout == "alive\n"


@pytest.mark.parametrize(
    ("wanted", "ends"),
    [
        pytest.param("writer.filled:1:kill", -signal.SIGKILL, id="the first time"),
        pytest.param("writer.begin:2:kill", -signal.SIGKILL, id="the second time"),
        pytest.param("writer.begin:3:kill", 0, id="a time that does not come"),
        pytest.param("writer.told:1:kill", 0, id="a point that is not passed"),
    ],
)
def test_a_point_kills_when_it_is_passed_for_the_nth_time(wanted: str, ends: int) -> None:
    assert _run(FAILPOINT=wanted).returncode == ends


@pytest.mark.parametrize("wanted", ["writer.end:1:kill", "writer.begin:1:laugh", "writer.begin"])
def test_what_names_no_point_stops_the_start(wanted: str) -> None:
    done = _run(FAILPOINT=wanted)

    assert done.returncode == 1
    assert "ValueError" in done.stderr


def test_what_is_passed_is_noted_once(tmp_path: Path) -> None:
    noted = tmp_path / "passed"

    _run(FAILPOINTS_PASSED=str(noted))

    assert Counter(noted.read_text("utf-8").split()) == {"writer.begin": 1, "writer.filled": 1}


def test_every_point_is_in_the_documentation() -> None:
    page = (_ROOT / "docs" / "reliability.md").read_text("utf-8")

    assert [name for name in POINTS if f"`{name}`" not in page] == []
