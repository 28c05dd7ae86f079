"""Runs `deskbridge` in a folder of its own, in this process or in one of its own."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bridge.cli.main import main


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
PROGRAM = (sys.executable, "-c", "from bridge.cli.main import main; main()")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one; no variable of ours is set."""
    for name in os.environ:
        if name.upper().startswith("DESKBRIDGE"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def deskbridge(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs one command in this process."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def run(*words: str) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["deskbridge", *words])
        monkeypatch.delenv("DESKBRIDGE_DEBUG", raising=False)
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        said = capsys.readouterr()
        return Ran(code=code, out=said.out, err=said.err)

    yield run
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


async def start(
    folder: Path, *words: str, terminal: int | None = None, at: str = "", **environ: str
) -> asyncio.subprocess.Process:
    """Start a command in a process of its own, with a terminal at this stream if there is one."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *PROGRAM,
        *words,
        cwd=folder,
        env=os.environ | environ,
        stdout=terminal if at == "stdout" else pipe,
        stderr=terminal if at == "stderr" else pipe,
    )
