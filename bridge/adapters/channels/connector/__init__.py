"""Any other platform as a channel: it tells us by `/v1`, we tell it by signed webhooks."""

from bridge.adapters.channels.connector.adapter import Connector
from bridge.adapters.channels.connector.settings import ConnectorSettings
from bridge.ports.plugin import Plugin

plugin = Plugin(kind="connector", settings=ConnectorSettings, build=Connector)
