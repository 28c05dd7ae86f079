"""A desk on Slack or Discord, a process of its own: `python -m tests.crash.chat_desk FOLDER PORT`.

Its settings and `team.json`, who answers, in which workspace and room, are in the folder before it
starts.
"""

import asyncio
import json
import sys
from pathlib import Path

from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import RoomRef, WorkspaceId, WorkspaceUserId
from bridge.domain.moves import BindRoom, CreateAgent, CreateQueue, Move, SetMember, SetPresence
from bridge.settings import FILE_NAME, load
from tests.crash.desk import READY

TEAM = "team.json"
_CAPACITY = 500
"""Nobody waits because hands are full."""
_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="crash test")


async def main(folder: Path, port: int) -> None:
    """Run until killed."""
    app = await build(load(folder / FILE_NAME, {}), port=port, demo=True)
    await app.start()
    if not app.parts.engine.desk.default_queue():
        await _set_up(app, json.loads((folder / TEAM).read_text("utf-8")))
    (folder / READY).touch()
    await asyncio.Event().wait()


async def _set_up(app: App, team: dict[str, str]) -> None:
    desk = app.parts.engine.desk
    await _do(app, CreateQueue(name="help", title="Help"))
    queue = desk.default_queue()
    assert queue is not None
    workspace, room = WorkspaceId(team.pop("workspace")), RoomRef(team.pop("room"))
    await _do(app, BindRoom(workspace=workspace, room=room, title="support", queue=queue.id))
    for handle, user in team.items():
        await _do(
            app,
            CreateAgent(
                handle=handle,
                name=handle.title(),
                capacity=_CAPACITY,
                workspace=workspace,
                user=WorkspaceUserId(user),
            ),
        )
        agent = desk.agent_by_handle(handle)
        assert agent is not None
        await _do(app, SetMember(queue=queue.id, agent=agent.id))
        himself = Actor(kind=ActorKind.AGENT, name=agent.name, agent=agent.id)
        await _do(app, SetPresence(agent=agent.id, available=True), himself)


async def _do(app: App, move: Move, by: Actor = _OPERATOR) -> None:
    via = EntryPoint.CLI if by is _OPERATOR else EntryPoint.COMMAND
    outcome = await app.parts.engine.carry_out(move, by, via)
    assert outcome.ok, outcome


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
