"""A desk in a process of its own, to be killed: `python -m tests.crash.desk FOLDER PORT [URL]`.

The same folder again is the same desk; with the address of a database that is PostgreSQL.
"""

import asyncio
import sys
from pathlib import Path

from bridge.adapters.workspaces.local.adapter import LocalWorkspace
from bridge.app import App, build
from bridge.commands.authorize import EntryPoint
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import WorkspaceId
from bridge.domain.moves import CreateAgent, CreateQueue, Move, SetMember, SetPresence
from bridge.domain.queue import Queue
from bridge.settings import FILE_NAME, load

AGENTS = ("ana", "bruno")
READY = "ready"
"""A file that is there as soon as the desk is."""
SECRET = "a secret of the shop, for tests only"
_SETTINGS = """
[desk]
data_dir = "data"
{database}

[channels.web]
kind = "webchat"
origins = ["*"]
identity_secret = "{secret}"

[channels.web.limits]
visitor_per_second = 0
network_per_second = 0
total_per_second = 0
new_visitors_per_second = 0

[workspaces.local]
kind = "local"
"""
_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="crash test")


def settings_of(database_url: str = "") -> str:
    """The settings of the test's desk."""
    database = f'database_url = "{database_url}"' if database_url else ""
    return _SETTINGS.format(database=database, secret=SECRET)


async def main(folder: Path, port: int, database_url: str = "") -> None:
    """Run until killed, or until another process runs this desk."""
    path = folder / FILE_NAME
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(settings_of(database_url), "utf-8")
    app = await build(load(path, {}), port=port, demo=True)
    await app.start()
    if not app.parts.engine.desk.default_queue():
        await set_up(app)
    (folder / READY).touch()
    await app.deposed()
    await app.stop()


async def set_up(app: App) -> None:
    """A queue and agents who answer it."""
    await _do(app, CreateQueue(name="help", title="Help"))
    queue = app.parts.engine.desk.default_queue()
    workspace = app.parts.adapters.workspaces[WorkspaceId("local")]
    assert isinstance(queue, Queue)
    assert isinstance(workspace, LocalWorkspace)
    for handle in AGENTS:
        user = await workspace.demo_user(handle, handle.title())
        wanted = CreateAgent(
            handle=handle,
            name=handle.title(),
            capacity=50,
            workspace=WorkspaceId("local"),
            user=user,
        )
        await _do(app, wanted)
        agent = app.parts.engine.desk.agent_by_handle(handle)
        assert agent is not None
        await _do(app, SetMember(queue=queue.id, agent=agent.id))
        await _available(app, handle)


async def _available(app: App, handle: str) -> None:
    agent = app.parts.engine.desk.agent_by_handle(handle)
    assert agent is not None
    himself = Actor(kind=ActorKind.AGENT, name=agent.name, agent=agent.id)
    move = SetPresence(agent=agent.id, available=True)
    outcome = await app.parts.engine.carry_out(move, himself, EntryPoint.COMMAND)
    assert outcome.ok, outcome


async def _do(app: App, move: Move) -> None:
    outcome = await app.parts.engine.carry_out(move, _OPERATOR, EntryPoint.CLI)
    assert outcome.ok, outcome


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
