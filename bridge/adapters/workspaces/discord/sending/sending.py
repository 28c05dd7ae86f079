"""Everything that goes to Discord for the desk, put together."""

from bridge.adapters.workspaces.discord.sending.changing import Changing
from bridge.adapters.workspaces.discord.sending.doubting import Doubting
from bridge.adapters.workspaces.discord.sending.finding import Finder
from bridge.adapters.workspaces.discord.sending.opening import Opening
from bridge.adapters.workspaces.discord.sending.posting import Posting
from bridge.adapters.workspaces.discord.sending.roots import Roots
from bridge.adapters.workspaces.discord.sending.waking import Waking
from bridge.adapters.workspaces.discord.sending.whispering import Whispering
from bridge.adapters.workspaces.discord.site import Site


class Sending:
    """Cards, lines and private answers."""

    def __init__(self, site: Site, finder: Finder) -> None:
        """On the parts of one workspace."""
        waking = Waking(site)
        changing = Changing(site, waking)
        self.roots = Roots(site, Opening(site, finder), waking)
        self.lines = Posting(site, self.roots, Doubting(site, finder, changing), changing, waking)
        self.whispers = Whispering(site)
