"""Reads a menu bot's file."""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from bridge.adapters.bots.menu.building import build
from bridge.adapters.bots.menu.checking import mistakes_in
from bridge.adapters.bots.menu.mistakes import say_mistakes
from bridge.adapters.bots.menu.schema import ScriptTable
from bridge.adapters.bots.menu.script import Script
from bridge.domain.errors import InvalidSettings

DEFAULT = "default.toml"


def read_script(path: Path | None, brand: str) -> Script:
    """The script of a file, or the one that is built in.

    Raises `InvalidSettings`: one line for each mistake, naming the file, the key and the way out.
    """
    if path is None:
        text = files(__package__).joinpath(DEFAULT).read_text(encoding="utf-8")
        return parse_script(text, DEFAULT, brand)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidSettings(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise InvalidSettings(f"{path}: cannot be read: {error.strerror}") from error
    return parse_script(text, path.name, brand)


def parse_script(text: str, name: str, brand: str) -> Script:
    """The script of a text; `name` is what mistakes call it. Raises `InvalidSettings`."""
    try:
        source = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(f"{name}: is not TOML: {error}") from error
    try:
        table = ScriptTable.model_validate(source)
    except ValidationError as error:
        raise _invalid(name, say_mistakes(error, source)) from None
    wrong = mistakes_in(table)
    if wrong:
        raise _invalid(name, wrong)
    return build(table, brand)


def _invalid(name: str, lines: Iterable[str]) -> InvalidSettings:
    return InvalidSettings("\n".join(f"{name}: {line}" for line in lines))
