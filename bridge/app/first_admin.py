"""How the first admin comes in: while none can sign in, each start has a fresh one-time link."""

from bridge.commands.authorize import EntryPoint
from bridge.delivery.calling import Adapters
from bridge.domain.agent import Agent, Role
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import WorkspaceId, WorkspaceUserId
from bridge.domain.moves import CreateAgent, LinkAgent
from bridge.engine.engine import Engine
from bridge.ports.workspace import Invites

_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="operator")


async def first_way_in(engine: Engine, adapters: Adapters) -> str | None:
    """A link that lets an admin in; None when one can sign in already, or nobody signs in here."""
    for id_, workspace in adapters.workspaces.items():
        if not isinstance(workspace, Invites):
            continue
        admins = [each for each in engine.desk.agents if each.active and each.role is Role.ADMIN]
        users = {admin.id: _user(engine, admin, id_) for admin in admins}
        known = [user for user in users.values() if user is not None]
        if any([await workspace.can_sign_in(user) for user in known]):
            return None
        way_in = await workspace.first_way_in(known[0] if known else None)
        if not known:
            await _make_admin(engine, id_, way_in.user, admins)
        return way_in.url
    return None


def _user(engine: Engine, admin: Agent, workspace: WorkspaceId) -> WorkspaceUserId | None:
    return engine.desk.user_in(admin.id, workspace)


async def _make_admin(
    engine: Engine, workspace: WorkspaceId, user: WorkspaceUserId, admins: list[Agent]
) -> None:
    """Whoever opens the link is the admin there is, or a new one."""
    if admins:
        link = LinkAgent(agent=admins[0].id, workspace=workspace, user=user)
        await engine.carry_out(link, _OPERATOR, EntryPoint.CLI)
        return
    handles = {agent.handle for agent in engine.desk.agents}
    free = next(word for n in range(len(handles) + 1) if (word := f"admin{n or ''}") not in handles)
    made = CreateAgent(
        handle=free,
        name="",
        role=Role.ADMIN,
        language=engine.desk.options.language,
        workspace=workspace,
        user=user,
    )
    await engine.carry_out(made, _OPERATOR, EntryPoint.CLI)
