"""Writes the pages that are generated from the code: `python -m tests.docs`."""

from pathlib import Path

from bridge.adapters.channels.webchat.capabilities import capabilities as web_chat
from bridge.adapters.channels.webchat.settings import WebChatSettings
from bridge.adapters.workspaces.local.capabilities import CAPABILITIES as LOCAL
from bridge.adapters.workspaces.slack.capabilities import CAPABILITIES as SLACK
from bridge.ports.fidelity import Pair, document
from bridge.settings.reference import page

DOCS = Path(__file__).parents[1] / "docs"
CROSSING = DOCS / "crossing.md"
SETTINGS = DOCS / "settings.md"

WEB_CHAT = web_chat(WebChatSettings().max_file_mb * 1024 * 1024)
PAIRS = tuple(
    Pair(
        channel="Web chat",
        workspace=name,
        channel_capabilities=WEB_CHAT,
        workspace_capabilities=workspace,
    )
    for name, workspace in {"Local workspace": LOCAL, "Slack": SLACK}.items()
)
"""Every channel with every workspace, as they are without any setting."""


def crossing() -> str:
    """The page that says what crosses between each channel and each workspace."""
    return document(PAIRS)


if __name__ == "__main__":
    CROSSING.write_text(crossing(), encoding="utf-8")
    SETTINGS.write_text(page(), encoding="utf-8")
