"""The desk of the town, a process of its own: `python -m tests.crash.town.desk FOLDER PORT`.

Its settings and `team.json`, who answers for which queue and where, are there before it starts.
"""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import RoomRef, WorkspaceId, WorkspaceUserId
from bridge.domain.moves import (
    BindRoom,
    ChangeQueue,
    CreateAgent,
    CreateQueue,
    Move,
    SetMember,
    SetPresence,
)
from bridge.ports.clock import SystemClock
from bridge.settings import FILE_NAME, load
from tests.crash.desk import READY

TEAM = "team.json"
_CAPACITY = 500
"""Nobody waits because hands are full."""
_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="crash test")


class WallClock:
    """The machine's clock, which somebody may set: see `sets`."""

    def __init__(self, folder: Path) -> None:
        """As long as the folder says nothing of it, it is right."""
        self._off = folder / "clock"

    def now(self) -> int:
        """Nanoseconds."""
        try:
            return time.time_ns() + int(self._off.read_text("utf-8"))
        except FileNotFoundError:
            return time.time_ns()

    def sets(self, off: float) -> None:
        """It is so many seconds fast, or slow, from now on."""
        new = self._off.with_suffix(".new")
        new.write_text(str(round(off * 1e9)), "utf-8")
        new.rename(self._off)


async def main(folder: Path, port: int) -> None:
    """Run until killed, or asked to stop."""
    clock = SystemClock(wall=WallClock(folder).now)
    app = await build(load(folder / FILE_NAME, {}), port=port, demo=True, clock=clock)
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    async with app:
        if not app.parts.engine.desk.default_queue():
            for place in json.loads((folder / TEAM).read_text("utf-8")):
                await _furnish(app, **place)
        (folder / READY).touch()
        await asked.wait()


async def _furnish(app: App, *, workspace: str, room: str, handle: str, user: str) -> None:
    """A queue of the workspace's name, its room and the one agent who answers there."""
    desk = app.parts.engine.desk
    await _do(app, CreateQueue(name=workspace, title=workspace.title()))
    queue = desk.queue_by_name(workspace)
    assert queue is not None
    await _do(app, ChangeQueue(queue=queue.id, first_reply_timeout=0))  # newcomers get no answer
    place = WorkspaceId(workspace)
    if room:
        binding = BindRoom(workspace=place, room=RoomRef(room), title=workspace, queue=queue.id)
        await _do(app, binding)
    wanted = CreateAgent(
        handle=handle,
        name=handle.title(),
        capacity=_CAPACITY,
        workspace=place,
        user=await _user(app, handle, user),
    )
    await _do(app, wanted)
    agent = desk.agent_by_handle(handle)
    assert agent is not None
    await _do(app, SetMember(queue=queue.id, agent=agent.id))
    himself = Actor(kind=ActorKind.AGENT, name=agent.name, agent=agent.id)
    await _do(app, SetPresence(agent=agent.id, available=True), himself)


async def _user(app: App, handle: str, user: str) -> WorkspaceUserId:
    if user:
        return WorkspaceUserId(user)
    local = app.parts.adapters.workspaces[WorkspaceId("local")]
    assert isinstance(local, LocalWorkspace)
    return await local.demo_user(handle, handle.title())


async def _do(app: App, move: Move, by: Actor = _OPERATOR) -> None:
    via = EntryPoint.CLI if by is _OPERATOR else EntryPoint.COMMAND
    outcome = await app.parts.engine.carry_out(move, by, via)
    assert outcome.ok, outcome


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
