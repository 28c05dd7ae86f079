"""Emoji that people put under lines, and take away again."""

from collections.abc import Mapping

from bridge.adapters.common.turns import Turns
from bridge.adapters.workspaces.slack.receiving.inbound import reacted
from bridge.adapters.workspaces.slack.receiving.payloads import Handler, Payload, reaction_of
from bridge.adapters.workspaces.slack.receiving.whereabouts import Whereabouts
from bridge.adapters.workspaces.slack.site import Site
from bridge.ports.commands import UserKind


class Reactions:
    """Hands over reactions to lines of our threads, in order for each line."""

    def __init__(self, site: Site, where: Whereabouts) -> None:
        """Nobody has reacted yet."""
        self._site = site
        self._where = where
        self._turns = Turns()
        self.handlers: Mapping[str, Handler] = {
            "reaction_added": self._reaction,
            "reaction_removed": self._reaction,
        }

    async def _reaction(self, event: Payload) -> None:
        said = reaction_of(event)
        if said is None or said.user == self._site.me.user:
            return
        channel, ts = said.item.channel, said.item.ts
        async with self._turns.turn(f"{channel}:{ts}", said.event_ts):
            thread = await self._where.thread_of(channel, ts)
            if await self._site.threads.find(thread) is None:
                return
            user = await self._site.people.user(said.user)
            done = reacted(self._site.id, self._site.me.team, said, thread, user)
            if done is not None and user.kind is not UserKind.BOT:
                await self._site.sink.accept(done)
