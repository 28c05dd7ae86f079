"""A gesture becomes a command of the desk: the same for every surface."""

from collections.abc import Mapping
from typing import Protocol

from bridge.adapters.common.forms import number_in
from bridge.adapters.common.threads import ThreadBook
from bridge.domain.ids import RoomRef, SourceKey, ThreadRef, WorkspaceId
from bridge.domain.value import Value
from bridge.ports.commands import Answer, CommandInvoked, WorkspaceUser
from bridge.ports.workspace import WorkspaceSink


class Where(Value):
    """From where a command comes: `key` is the same when it comes again."""

    key: SourceKey
    thread: ThreadRef | None = None
    room: RoomRef | None = None


class Desk(Protocol):
    """The desk as one workspace sees it; `sink` raises `StorageUnavailable` while it is away."""

    id: WorkspaceId
    threads: ThreadBook

    @property
    def sink(self) -> WorkspaceSink:
        """Where commands go."""
        ...


class Runner:
    """Hands commands to the desk. Raises what the desk raises."""

    def __init__(self, desk: Desk) -> None:
        """For this workspace."""
        self._desk = desk

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
        return await self._desk.sink.invoke(
            CommandInvoked(
                workspace=self._desk.id,
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
            found = await self._desk.threads.find(thread)
            number = None if found is None else found.number
        return number
