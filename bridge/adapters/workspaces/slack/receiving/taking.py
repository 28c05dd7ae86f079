"""How this workspace's files come into the desk's store."""

from bridge.adapters.common.downloads import Downloads
from bridge.adapters.workspaces.slack.capabilities import CAPABILITIES
from bridge.adapters.workspaces.slack.receiving.downloads import SlackFiles
from bridge.adapters.workspaces.slack.receiving.payloads import SlackFile
from bridge.adapters.workspaces.slack.site import Site


def downloads(site: Site) -> Downloads[SlackFile]:
    """Files of messages and of forms, each fetched once by whoever asks here."""
    address, most = site.settings.api_url, CAPABILITIES.max_file
    source = SlackFiles(site.slack, lambda: site.context.files, address, most)
    return Downloads(source, site.pauses.fetching)
