"""People who join the workspace, change in it or leave it."""

from collections.abc import Mapping

import structlog

from bridge.adapters.workspaces.slack.people import Person
from bridge.adapters.workspaces.slack.receiving.inbound import member_changed, member_met
from bridge.adapters.workspaces.slack.receiving.payloads import Handler, Payload
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.errors import DeskbridgeError
from bridge.ports.commands import UserKind

log = structlog.get_logger("bridge.slack")


class Members:
    """Tells the desk: whoever is no full member any more is an agent no more."""

    def __init__(self, site: Site) -> None:
        """Nobody has changed yet."""
        self._site = site
        self.handlers: Mapping[str, Handler] = {
            "user_change": self._changed,
            "team_join": self._changed,
        }
        if site.settings.link_by_email:
            site.people.introduce(self.met)

    async def met(self, person: Person) -> None:
        """A member whose address is an agent's is that agent, where the settings say so."""
        site = self._site
        event = member_met(site.id, site.me.team, person, site.clock.now())
        if event is None:
            return
        try:
            await site.sink.accept(event)
        except DeskbridgeError as error:
            log.warning("member_not_introduced", user=person.user.id, why=str(error))

    async def _changed(self, event: Payload) -> None:
        user = event.get("user")
        person = self._site.people.learn(user) if isinstance(user, dict) else None
        if person is not None and person.user.kind is not UserKind.BOT:
            await self._site.sink.accept(member_changed(self._site.id, self._site.me.team, person))
