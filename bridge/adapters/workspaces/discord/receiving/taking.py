"""How this server's files come into the desk's store."""

from bridge.adapters.common.downloads import Downloads
from bridge.adapters.workspaces.discord.receiving.downloads import DiscordFiles
from bridge.adapters.workspaces.discord.receiving.payloads import Attachment
from bridge.adapters.workspaces.discord.site import Site

_MAX_FILE = 100 * 1024 * 1024
"""What a server with every boost lets people upload."""


def downloads(site: Site) -> Downloads[Attachment]:
    """Files of messages and of forms, each fetched once by whoever asks here."""
    source = DiscordFiles(site.context, site.settings.api_url, _MAX_FILE)
    return Downloads(source, site.pauses.fetching)
