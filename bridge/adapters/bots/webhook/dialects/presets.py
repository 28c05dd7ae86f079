"""Which dialect each preset speaks."""

from bridge.adapters.bots.webhook.dialects.chatwoot import Chatwoot
from bridge.adapters.bots.webhook.dialects.dialect import Dialect, Tools
from bridge.adapters.bots.webhook.dialects.native import Native
from bridge.adapters.bots.webhook.dialects.openai import OpenAI
from bridge.adapters.bots.webhook.dialects.rasa import Rasa
from bridge.adapters.bots.webhook.dialects.typebot import Typebot


def dialect(tools: Tools) -> Dialect:
    """The one that the settings name."""
    match tools.settings.preset:
        case "deskbridge":
            return Native(tools)
        case "rasa":
            return Rasa(tools)
        case "typebot":
            return Typebot(tools)
        case "openai":
            return OpenAI(tools)
        case "chatwoot":
            return Chatwoot(tools)
