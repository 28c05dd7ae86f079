"""A gesture becomes a command of the desk: the same for every surface."""

from collections.abc import Mapping
from types import MappingProxyType

from bridge.adapters.common import running
from bridge.adapters.common.forms import number_in
from bridge.adapters.common.running import Where
from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.domain.ids import RoomRef
from bridge.ports.commands import Answer, WorkspaceUser


def where_of(occasion: Occasion) -> Where:
    """The place of a gesture."""
    room = RoomRef(occasion.channel) if occasion.channel else None
    return Where(key=occasion.key, thread=occasion.thread, room=room)


class Runner:
    """Hands commands to the desk. What it raises was not taken, and is not acknowledged."""

    def __init__(self, site: Site) -> None:
        """For this workspace."""
        self._site = site
        self.desk = running.Runner(site)

    async def user(self, occasion: Occasion) -> WorkspaceUser:
        """Who did it, as Slack knows him now."""
        return await self._site.people.user(occasion.user)

    async def run(
        self,
        occasion: Occasion,
        user: WorkspaceUser,
        command: str,
        *,
        text: str = "",
        arguments: Mapping[str, str] | None = None,
        number: int | None = None,
    ) -> Answer:
        """Run it; the answer is in his language."""
        return await self.desk.run(
            where_of(occasion), user, command, text=text, arguments=arguments, number=number
        )

    async def number(
        self,
        occasion: Occasion,
        number: int | None = None,
        arguments: Mapping[str, str] = MappingProxyType({}),
    ) -> int | None:
        """The conversation: the button's, its arguments', the modal's or the thread's."""
        named = number_in(arguments.get("conversation", ""))
        if named is not None:
            return named
        if number is None and occasion.sheet is not None:
            number = occasion.sheet.number
        return await self.desk.number(occasion.thread) if number is None else number
