"""Emoji on lines: customers' reactions, and marks on what agents wrote. Each may be repeated."""

from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.refs import Place
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.delivery import Mark

MARKS = {
    Mark.NOT_CROSSED: "no_entry_sign",
    Mark.FAILED: "x",
    Mark.UNKNOWN: "grey_question",
    Mark.NOTE: "memo",
}
"""What happened to a person's line: stopped, failed, nobody knows, only written down."""

_DONE = frozenset({"already_reacted", "no_reaction", "message_not_found"})


class Reacting:
    """Adds and removes emoji of the app's own."""

    def __init__(self, site: Site) -> None:
        """With the workspace's own client."""
        self._site = site

    async def show(self, place: Place, ts: str, name: str, *, removed: bool) -> None:
        """Have this emoji on a line, or not; a line that is gone needs none."""
        method = "reactions.remove" if removed else "reactions.add"
        try:
            await self._site.slack.call(method, channel=place.channel, timestamp=ts, name=name)
        except SlackRefusal as error:
            if error.slack_code not in _DONE:
                raise
