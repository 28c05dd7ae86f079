"""Everything that goes to Slack for the desk, put together."""

from bridge.adapters.workspaces.slack.sending.finding import Finder
from bridge.adapters.workspaces.slack.sending.posting import Posting
from bridge.adapters.workspaces.slack.sending.roots import Roots
from bridge.adapters.workspaces.slack.sending.uploads import Uploads
from bridge.adapters.workspaces.slack.sending.whispering import Whispering
from bridge.adapters.workspaces.slack.site import Site


class Sending:
    """Cards, lines and private answers."""

    def __init__(self, site: Site, finder: Finder) -> None:
        """On the parts of one workspace."""
        uploads = Uploads(site, finder)
        self.roots = Roots(site, finder, uploads)
        self.lines = Posting(site, finder, uploads)
        self.whispers = Whispering(site)
