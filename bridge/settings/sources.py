"""The two places settings come from, each as a tree: the TOML file and the environment."""

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from bridge.domain.errors import InvalidSettings

PREFIX = "DESKBRIDGE_"
NESTED = "__"
FROM_FILE = "_file"

Tree: TypeAlias = dict[str, Any]  # as TOML and JSON are, until pydantic has checked it


def from_toml(path: Path) -> Tree:
    """What the file says. Raises `InvalidSettings` with the place of a slip."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as slip:
        raise InvalidSettings(f"{path.name}: not valid TOML: {slip}") from slip
    except UnicodeDecodeError as slip:
        raise InvalidSettings(f"{path.name}: save it as UTF-8") from slip
    except OSError as failure:
        raise InvalidSettings(f"{path}: cannot read it: {failure.strerror}") from failure


def only_ours(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that are settings; a name without `__` is not one."""
    return {
        name: text
        for name, text in environ.items()
        if name.upper().startswith(PREFIX) and NESTED in name
    }


def from_environment(environ: Mapping[str, str]) -> Tree:
    """`DESKBRIDGE_SERVER__PORT=9000` as `{"server": {"port": "9000"}}`.

    A list is written as JSON. `DESKBRIDGE_CHANNELS__WA__TOKEN_FILE=path` reads the value from a
    file, as Docker's and systemd's secrets want.
    """
    tree: Tree = {}
    for name, text in sorted(only_ours(environ).items()):
        path = name.upper().removeprefix(PREFIX).lower().split(NESTED)
        _put(tree, path, name, text)
    return tree


def _put(tree: Tree, path: list[str], name: str, text: str) -> None:
    *tables, key = path
    for table in tables:
        tree = tree.setdefault(table, {})
    if key.endswith(FROM_FILE) and key != FROM_FILE:
        tree[key.removesuffix(FROM_FILE)] = _secret(name, Path(text))
    else:
        tree[key] = _value(text)


def _secret(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as failure:
        raise InvalidSettings(f"{name}: cannot read {path}: {failure}") from failure


def _value(text: str) -> object:
    if not text.lstrip().startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def open_to_others(path: Path) -> bool:
    """True when other users of this machine can read the file."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)
