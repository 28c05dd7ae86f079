"""The web chat channel: a small script on a site, and the line behind it."""

from bridge.adapters.channels.webchat.adapter import WebChat
from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.ports.plugin import Plugin

plugin = Plugin(kind="webchat", settings=WebChatSettings, build=WebChat)
