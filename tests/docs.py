"""Writes the pages that are generated from the code: `python -m tests.docs`."""

from pathlib import Path

from bridge.adapters.channels.connector.capabilities import capabilities as connector
from bridge.adapters.channels.connector.settings import ConnectorSettings
from bridge.adapters.channels.telegram.capabilities import capabilities as telegram
from bridge.adapters.channels.webchat.capabilities import capabilities as web_chat
from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.adapters.channels.whatsapp.capabilities import capabilities as whatsapp
from bridge.adapters.workspaces.discord.capabilities import CAPABILITIES as DISCORD
from bridge.adapters.workspaces.local.capabilities import CAPABILITIES as LOCAL
from bridge.adapters.workspaces.slack.capabilities import CAPABILITIES as SLACK
from bridge.ports.fidelity import Pair, document
from bridge.settings.reference import page

DOCS = Path(__file__).parents[1] / "docs"
CROSSING = DOCS / "crossing.md"
SETTINGS = DOCS / "settings.md"

CHANNELS = {
    "Web chat": web_chat(WebChatSettings().max_file_mb * 1024 * 1024),
    "WhatsApp": whatsapp(),
    "Telegram": telegram(),
    "Connector": connector(
        ConnectorSettings.model_validate({"url": "https://platform.example.com", "secret": ""})
    ),
}
WORKSPACES = {"Local workspace": LOCAL, "Slack": SLACK, "Discord": DISCORD}
PAIRS = tuple(
    Pair(
        channel=channel,
        workspace=workspace,
        channel_capabilities=theirs,
        workspace_capabilities=ours,
    )
    for channel, theirs in CHANNELS.items()
    for workspace, ours in WORKSPACES.items()
)
"""Every channel with every workspace, as they are without any setting."""


def crossing() -> str:
    """The page that says what crosses between each channel and each workspace."""
    return document(PAIRS)


if __name__ == "__main__":
    CROSSING.write_text(crossing(), encoding="utf-8")
    SETTINGS.write_text(page(), encoding="utf-8")
