"""How the first admin comes in: while none can sign in, each start has a fresh one-time link.

An admin who was invited by name has his link already: a fresh one would end it.
"""

from bridge.commands.authorize import EntryPoint
from bridge.delivery.calling import Adapters
from bridge.domain.agent import Agent, Role
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import Instant, WorkspaceId, WorkspaceUserId
from bridge.domain.moves import CreateAgent, LinkAgent
from bridge.domain.value import Value
from bridge.engine.engine import Engine
from bridge.ports.workspace import Invites

_OPERATOR = Actor(kind=ActorKind.OPERATOR, name="operator")


class Invited(Value):
    """An admin whose unused link works until then."""

    handle: str
    until: Instant


async def first_way_in(engine: Engine, adapters: Adapters) -> str | Invited | None:
    """A link that lets an admin in, or who has one; None when one can sign in already.

    None, too, when nobody signs in here.
    """
    for id_, workspace in adapters.workspaces.items():
        if not isinstance(workspace, Invites):
            continue
        admins = [each for each in engine.desk.agents if each.active and each.role is Role.ADMIN]
        users = [(admin, user) for admin in admins for user in _users(engine, admin, id_)]
        if any([await workspace.can_sign_in(user) for _, user in users]):
            return None
        for admin, user in users:
            until = await workspace.invited_until(user)
            if until is not None:
                return Invited(handle=admin.handle, until=until)
        way_in = await workspace.first_way_in(users[0][1] if users else None)
        if not users:
            await _make_admin(engine, id_, way_in.user, admins)
        return way_in.url
    return None


def _users(engine: Engine, admin: Agent, workspace: WorkspaceId) -> list[WorkspaceUserId]:
    linked = engine.desk.users_of(admin.id)
    return [identity.user for identity in linked if identity.workspace == workspace]


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
