"""People who join the workspace, change in it or leave it."""

from collections.abc import Mapping

from bridge.adapters.workspaces.slack.inbound import member_changed
from bridge.adapters.workspaces.slack.payloads import Handler, Payload
from bridge.adapters.workspaces.slack.site import Site
from bridge.ports.commands import UserKind


class Members:
    """Tells the desk: whoever is no full member any more is an agent no more."""

    def __init__(self, site: Site) -> None:
        """Nobody has changed yet."""
        self._site = site
        self.handlers: Mapping[str, Handler] = {
            "user_change": self._changed,
            "team_join": self._changed,
        }

    async def _changed(self, event: Payload) -> None:
        user = event.get("user")
        person = self._site.people.learn(user) if isinstance(user, dict) else None
        if person is not None and person.user.kind is not UserKind.BOT:
            await self._site.sink.accept(member_changed(self._site.id, self._site.me.team, person))
