"""What `pyproject.toml` promises to be found by name can be loaded, and is what it is called."""

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from bridge.ports.plugin import Plugin
from bridge.settings.plugins import GROUPS

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
PROJECT = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
SCRIPTS = [EntryPoint(name, value, "") for name, value in PROJECT["scripts"].items()]
ADAPTERS = [
    EntryPoint(name, value, group)
    for group, entries in PROJECT["entry-points"].items()
    for name, value in entries.items()
]


@pytest.mark.parametrize("entry", SCRIPTS, ids=lambda entry: entry.name)
def test_a_command_can_be_called(entry: EntryPoint) -> None:
    assert callable(entry.load())


@pytest.mark.parametrize("entry", ADAPTERS, ids=lambda entry: f"{entry.group}.{entry.name}")
def test_an_adapter_is_of_the_kind_that_it_is_found_by(entry: EntryPoint) -> None:
    plugin = entry.load()

    assert isinstance(plugin, Plugin)
    assert plugin.kind == entry.name
    assert plugin.settings.model_config.get("extra") == "forbid"


def test_every_group_is_one_that_is_looked_into() -> None:
    assert set(PROJECT["entry-points"]) == set(GROUPS.values())
