"""Finds adapters by kind through entry points; only what is asked for is imported."""

from difflib import get_close_matches
from importlib.metadata import EntryPoints, entry_points
from typing import Any

from bridge.domain.errors import InvalidSettings
from bridge.ports.plugin import Plugin

GROUPS = {
    "channels": "deskbridge.channels",
    "workspaces": "deskbridge.workspaces",
    "bots": "deskbridge.bots",
}

AnyPlugin = Plugin[Any, Any]  # each kind has settings and an adapter of its own


def installed(section: str) -> EntryPoints:
    """The kinds that `[<section>.<id>]` may name."""
    return entry_points(group=GROUPS[section])


def find_plugin(section: str, name: str, kind: str) -> AnyPlugin:
    """Import one kind. Raises `InvalidSettings` with the nearest kind."""
    kinds = installed(section)
    if kind not in kinds.names:
        near = get_close_matches(kind, kinds.names, 1)
        way_out = f"did you mean {near[0]}?" if near else f"use {', '.join(sorted(kinds.names))}"
        raise InvalidSettings(f'[{section}.{name}] kind: there is no kind "{kind}"; {way_out}')
    try:
        plugin = kinds[kind].load()
    except ImportError as missing:
        raise InvalidSettings(
            f"[{section}.{name}] kind: {kind} needs the package {missing.name}; "
            f"install it with: pip install 'deskbridge[{kind}]'"
        ) from missing
    assert isinstance(plugin, Plugin), f"{kinds[kind].value} is not a Plugin"
    return plugin
