"""A gesture becomes a command of the desk: the same for every surface."""

from collections.abc import Mapping
from types import MappingProxyType

from bridge.adapters.workspaces.slack.site import Site
from bridge.adapters.workspaces.slack.surfaces.occasion import Occasion
from bridge.domain.ids import RoomRef
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser


class Runner:
    """Hands commands to the desk. What it raises was not taken, and is not acknowledged."""

    def __init__(self, site: Site) -> None:
        """For this workspace."""
        self._site = site

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
        return await self._site.sink.invoke(
            CommandInvoked(
                workspace=self._site.id,
                source=(occasion.key,),
                user=user,
                command=command,
                text=text,
                arguments=dict(arguments or {}),
                thread=occasion.thread,
                number=number,
                room=RoomRef(occasion.channel) if occasion.channel else None,
            )
        )

    async def number(
        self,
        occasion: Occasion,
        number: int | None = None,
        arguments: Mapping[str, str] = MappingProxyType({}),
    ) -> int | None:
        """The conversation: the button's, its arguments', the modal's or the thread's."""
        named = arguments.get("conversation", "").removeprefix("#")
        if named.isascii() and named.isdigit():
            return int(named)
        if number is None and occasion.sheet is not None:
            number = occasion.sheet.number
        if number is None and occasion.thread is not None:
            thread = await self._site.threads.find(occasion.thread)
            number = None if thread is None else thread.number
        return number
