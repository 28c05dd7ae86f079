"""The settings: a TOML file and the environment, checked once, frozen, passed down as values."""

from bridge.settings.changes import changed_keys
from bridge.settings.load import (
    FILE_NAME,
    BotEntry,
    ChannelEntry,
    Settings,
    WorkspaceEntry,
    load,
)
from bridge.settings.sections import DeskSection, LogSection, ServerSection

__all__ = [
    "FILE_NAME",
    "BotEntry",
    "ChannelEntry",
    "DeskSection",
    "LogSection",
    "ServerSection",
    "Settings",
    "WorkspaceEntry",
    "changed_keys",
    "load",
]
