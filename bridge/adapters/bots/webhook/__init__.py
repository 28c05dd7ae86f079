"""A bot behind HTTP: our own contract, or one of the contracts that others have."""

from bridge.adapters.bots.webhook.adapter import WebhookBot
from bridge.adapters.bots.webhook.settings import WebhookSettings
from bridge.ports.plugin import Plugin

plugin = Plugin(kind="webhook", settings=WebhookSettings, build=WebhookBot)
