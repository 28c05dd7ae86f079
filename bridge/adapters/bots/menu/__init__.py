"""The menu bot: choices, answers and keywords from a file, and always a way to a person."""

from bridge.adapters.bots.menu.adapter import MenuBot
from bridge.adapters.bots.menu.settings import MenuSettings
from bridge.ports.plugin import Plugin

plugin = Plugin(kind="menu", settings=MenuSettings, build=MenuBot)
