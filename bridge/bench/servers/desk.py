"""The product itself, whole: settings, database, engine, web chat, edge, and a bench workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bridge.adapters.channels.webchat import plugin as webchat
from bridge.adapters.channels.webchat.settings import Limits, WebChatSettings
from bridge.app import App, build, settle_in
from bridge.bench.disk import Disk, connect_on
from bridge.bench.failure import BenchFailed
from bridge.bench.load.lines import SECRET
from bridge.bench.servers.plain import PATH
from bridge.bench.servers.workspace import BenchSettings
from bridge.bench.servers.workspace import plugin as bench
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
from bridge.engine.state.desk import agent_actor
from bridge.settings import DeskSection, LogSection, ServerSection, Settings
from bridge.settings.load import Entry
from bridge.settings.plugins import AnyPlugin
from bridge.settings.sections import ChannelCommon, WorkspaceCommon

_CHAT: AnyPlugin = webchat
_TEAM: AnyPlugin = bench
_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="bench")
_FREE = Limits(
    visitor_per_second=0, network_per_second=0, total_per_second=0, new_visitors_per_second=0
)


@asynccontextmanager
async def desk(
    folder: Path, disk: Disk, platform: str, slots: int, database_url: str = ""
) -> AsyncIterator[str]:
    """Where customers write. The first `slots` of them have an agent, the others wait."""
    app = await build(_settings(folder, platform, database_url), port=0, connect=connect_on(disk))
    async with app:
        settle_in()
        await _staff(app, slots)
        yield app.url + PATH


def _settings(folder: Path, platform: str, database_url: str) -> Settings:
    """As it would be configured, but for the limits: one machine is all the customers here."""
    chat = WebChatSettings(identity_secret=SecretStr(SECRET), limits=_FREE)
    return Settings(
        file=None,
        desk=DeskSection(
            brand="Bench",
            data_dir=folder,
            database_url=SecretStr(database_url) if database_url else None,
        ),
        server=ServerSection(),
        log=LogSection(),
        channels={"site": Entry(plugin=_CHAT, common=ChannelCommon(kind="webchat"), settings=chat)},
        workspaces={
            "team": Entry(
                plugin=_TEAM,
                common=WorkspaceCommon(kind="bench"),
                settings=BenchSettings(platform=platform),
            )
        },
        bots={},
        secrets=frozenset({SECRET}),
    )


async def _staff(app: App, slots: int) -> None:
    """One queue with a room, and one agent who holds as many conversations as there are slots.

    In a desk with a past the queue is there.
    """
    desk = app.parts.engine.desk
    team = WorkspaceId("team")
    if desk.queue_by_name("support") is None:
        await _do(app, CreateQueue(name="support", title="Support"))
    queue = desk.queue_by_name("support")
    assert queue is not None
    await _do(app, BindRoom(workspace=team, room=RoomRef("room"), title="Room", queue=queue.id))
    # Nobody answers here: without these rules no conversation changes hands during a round.
    await _do(app, ChangeQueue(queue=queue.id, first_reply_timeout=0, notify_after=0))
    user = WorkspaceUserId("u-ana")
    await _do(app, CreateAgent(handle="ana", name="Ana", capacity=slots, workspace=team, user=user))
    agent = desk.agent_by_handle("ana")
    assert agent is not None
    await _do(app, SetMember(queue=queue.id, agent=agent.id))
    on = SetPresence(agent=agent.id, available=True)
    await _do(app, on, agent_actor(agent), EntryPoint.COMMAND)


async def _do(
    app: App, move: Move, actor: Actor = _OPERATOR, via: EntryPoint = EntryPoint.CLI
) -> None:
    outcome = await app.parts.engine.carry_out(move, actor, via)
    if not outcome.ok:
        raise BenchFailed(f"{type(move).__name__} was refused: {outcome.code}")
