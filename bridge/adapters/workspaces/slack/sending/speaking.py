"""How a line of the desk's is shown in a thread: under which name, and where the name stands."""

from bridge.adapters.workspaces.slack.blocks.outbound import Line, speaker
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.binding import Purpose
from bridge.domain.content import Content
from bridge.domain.ids import ThreadRef
from bridge.domain.message import Author
from bridge.ports.calls import OutboundCall

CUSTOMIZE = "chat:write.customize"


class Speaking:
    """Dresses lines."""

    def __init__(self, site: Site) -> None:
        """Threads and scopes are the site's."""
        self._site = site

    async def line(self, ref: ThreadRef, call: OutboundCall) -> Line:
        """A customer under his own name, if the app may and nothing is to be deleted there."""
        thread = await self._site.threads.find(ref)
        channel = "" if thread is None else thread.channel
        stays = thread is not None and not thread.private and thread.purpose is Purpose.WORK
        dressed = stays and call.author is Author.CUSTOMER and CUSTOMIZE in self._site.me.scopes
        return Line(
            text=(call.content or Content()).text,
            name=speaker(call.author, call.name, channel),
            customised=dressed,
            mentions=call.mentions,
            note=call.note,
            called=call.called,
        )
