"""Finds the settings that a command is about."""

import os
from pathlib import Path

import typer

from bridge.domain.errors import InvalidSettings
from bridge.settings import FILE_NAME, Settings, load
from bridge.settings.sources import from_environment

_VARIABLE = "DESKBRIDGE_CONFIG"


def settings_file(context: typer.Context) -> Path | None:
    """The file of `--config`, of `DESKBRIDGE_CONFIG`, or of this folder; None without any."""
    named = context.obj or os.environ.get(_VARIABLE)
    path = Path(named) if named else Path(FILE_NAME)
    if path.is_file():
        return path
    if named:
        raise InvalidSettings(f"{path}: there is no such file")
    return None


def read_settings(context: typer.Context) -> Settings:
    """The checked settings. Raises `InvalidSettings`."""
    path = settings_file(context)
    if path is None and not from_environment(os.environ):
        raise InvalidSettings(f"no {FILE_NAME} here: make one with: deskbridge init")
    return load(path)
