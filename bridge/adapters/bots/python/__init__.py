"""A bot that is a Python function of the operator's, in this very process."""

from bridge.adapters.bots.python.adapter import PythonBot
from bridge.adapters.bots.python.settings import PythonSettings
from bridge.adapters.bots.python.talk import Talk
from bridge.ports.plugin import Plugin

plugin = Plugin(kind="python", settings=PythonSettings, build=PythonBot)

__all__ = ["Talk", "plugin"]
