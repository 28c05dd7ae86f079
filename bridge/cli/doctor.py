"""Looks at everything that can be looked at and says, for each, the exact way out."""

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.app import neighbours
from bridge.app.lock import running
from bridge.cli.ask import Client
from bridge.cli.client import ask_desk
from bridge.cli.terminal import terminal_language
from bridge.domain.errors import DeskbridgeError, InvalidSettings
from bridge.logs import set_up_logs
from bridge.ports.plugin import Check
from bridge.settings import FILE_NAME, Settings, load
from bridge.settings.key import KEY_FILE
from bridge.settings.sections import is_loopback
from bridge.settings.sources import open_to_others

_LITTLE = 1024**3


def examine(file: Path | None) -> list[Check]:
    """Every check, the settings first: nothing else can be looked at without them."""
    try:
        if file is None:
            raise InvalidSettings(f"no {FILE_NAME} here: make one with: deskbridge init")
        settings = load(file)
    except InvalidSettings as mistakes:
        return [_mistake(line) for line in str(mistakes).splitlines()]
    set_up_logs(level="error", format="text", secrets=settings.secrets)
    checks = [_ok("settings", str(file)), *_started_with(settings), *_machine(settings)]
    try:
        checks += asyncio.run(neighbours.examine(settings, terminal_language()))
        with _unchanged(settings) as looked_at:
            checks += asyncio.run(ask_desk(looked_at, _desk))
    except DeskbridgeError as failure:
        said, _, fix = str(failure).partition("; ")
        checks.append(_failed("desk", said, fix or "mend this, then ask again"))
    return checks


@contextmanager
def _unchanged(settings: Settings) -> Iterator[Settings]:
    """A desk that never ran is looked at elsewhere, so that nothing is made by looking."""
    if settings.data_dir.exists():
        yield settings
        return
    with TemporaryDirectory(prefix="deskbridge-") as folder:
        desk = settings.desk.model_copy(update={"data_dir": Path(folder)})
        yield replace(settings, desk=desk)


async def _desk(client: Client) -> list[Check]:
    found = await client.get("/v1/checks")
    return [Check(**check) for check in found["checks"]]


def show(checks: Sequence[Check], as_json: bool) -> None:
    """One line for each, or one document."""
    if as_json:
        rows = [
            {
                "name": check.name,
                "status": _status(check),
                "detail": check.detail,
                "fix": check.fix,
            }
            for check in checks
        ]
        print(json.dumps({"ok": all(map(_passes, checks)), "checks": rows}, indent=2))
        return
    width = max(len(check.name) for check in checks)
    for check in checks:
        fix = f"\n      {'':{width}} -> {check.fix}" if check.fix and not _clean(check) else ""
        print(f"{_status(check):<5} {check.name:<{width}} {check.detail}{fix}")


def _started_with(settings: Settings) -> Iterator[Check]:
    desk = running(settings.data_dir)
    if desk is not None and desk.settings not in ("", str(settings.file)):
        yield _warned(
            "running desk",
            f"was started with other settings: {desk.settings}",
            f"the desk's own answers below are about those: deskbridge -c {desk.settings} doctor",
        )


def _machine(settings: Settings) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield _ok("python", version)
    yield _data_dir(settings)
    yield _key(settings)
    yield _disk(settings)
    yield _address(settings)


def _data_dir(settings: Settings) -> Check:
    path = settings.data_dir
    if not path.exists():
        return _ok("data_dir", f"{path} will be made at the first start")
    if not path.is_dir():
        return _failed("data_dir", f"{path} is not a folder", "set [desk] data_dir to a folder")
    if open_to_others(path):
        return _warned("data_dir", f"other users can look into {path}", f"chmod 700 {path}")
    return _ok("data_dir", str(path))


def _key(settings: Settings) -> Check:
    path = settings.data_dir / KEY_FILE
    if not path.exists():
        return _ok("key", "will be made at the first start")
    if open_to_others(path):
        return _failed("key", f"others can read {path}", f"chmod 600 {path}")
    return _ok("key", "readable by its owner only")


def _disk(settings: Settings) -> Check:
    place = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(place).free
    detail = f"{free / 1024**3:.1f} GB free"
    if free < _LITTLE:
        return _warned("disk", detail, "make room: below 1 GB a busy desk may soon stop storing")
    return _ok("disk", detail)


def _address(settings: Settings) -> Check:
    server = settings.server
    if server.public_url is None:
        return _warned(
            "public_url",
            "this machine only",
            'for others: public_url = "https://..." in [server], and a proxy (deploy/Caddyfile)',
        )
    if server.public_url.startswith("https://"):
        return _ok("public_url", server.public_url)
    host = server.public_url.split("//", 1)[1].split("/", 1)[0].rsplit(":", 1)[0]
    if is_loopback(host.strip("[]")):
        return _ok("public_url", server.public_url)
    return _failed(
        "public_url", f"{server.public_url} is not encrypted", "serve it over https and say so here"
    )


def _mistake(line: str) -> Check:
    said, _, fix = line.partition("; ")
    return _failed("settings", said, fix or "correct it in the settings")


def _ok(name: str, detail: str) -> Check:
    return Check(name=name, ok=True, detail=detail)


def _warned(name: str, detail: str, fix: str) -> Check:
    return Check(name=name, ok=True, detail=detail, fix=fix, warning=True)


def _failed(name: str, detail: str, fix: str) -> Check:
    return Check(name=name, ok=False, detail=detail, fix=fix)


def _passes(check: Check) -> bool:
    return check.ok or check.warning


def _clean(check: Check) -> bool:
    return check.ok and not check.warning


def _status(check: Check) -> str:
    return "WARN" if check.warning else "OK" if check.ok else "FAIL"
