"""A gesture becomes a command of the desk: the same for every surface."""

from collections.abc import Mapping

from bridge.adapters.common.forms import number_in
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.surfaces.occasion import Occasion
from bridge.domain.ids import RoomRef, SourceKey, ThreadRef
from bridge.domain.value import Value
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser


class Where(Value):
    """From where a command comes: `key` is the same when it comes again."""

    key: SourceKey
    thread: ThreadRef | None = None
    room: RoomRef | None = None


def where_of(occasion: Occasion) -> Where:
    """The place of an interaction."""
    return Where(key=occasion.key, thread=occasion.thread, room=occasion.room)


class Runner:
    """Hands commands to the desk. Raises what the desk raises."""

    def __init__(self, site: Site) -> None:
        """For this workspace."""
        self._site = site

    async def run(
        self,
        where: Where,
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
                source=(where.key,),
                user=user,
                command=command,
                text=text,
                arguments=dict(arguments or {}),
                thread=where.thread,
                number=number,
                room=where.room,
            )
        )

    async def number(self, thread: ThreadRef | None, named: str = "") -> int | None:
        """The conversation: the one that is named, else that of the thread."""
        number = number_in(named) if named else None
        if number is None and thread is not None:
            found = await self._site.threads.find(thread)
            number = None if found is None else found.number
        return number
