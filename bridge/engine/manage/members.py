"""What a workspace says of its people: who is an agent by it, and who is one no more."""

import re
import unicodedata
from itertools import count

from msgspec.structs import replace

from bridge.domain.agent import Agent, AgentIdentity
from bridge.domain.events import SYSTEM, EventKind
from bridge.domain.moves import CreateAgent
from bridge.engine.control import presence
from bridge.engine.manage import staff
from bridge.engine.step import Step
from bridge.ports.channel import Accepted
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import MemberChanged

_LONGEST_HANDLE = 32


def member_changed(step: Step, event: MemberChanged) -> Accepted:
    """A person left the workspace: when it was his only one, he is an agent no more.

    An agent whom nobody gave a name is called as he says himself.
    """
    agent = step.desk.agent_of(event.workspace, event.user.id)
    if agent is None:
        agent = _linked(step, event) or _welcomed(step, event)
    if agent is None:
        return Accepted()
    if event.user.kind is UserKind.MEMBER:
        if agent.name == agent.handle and event.user.name:
            step.desk.agents.put(replace(agent, name=event.user.name))
            step.shift(agent.id)
        return Accepted()
    step.desk.agent_identities.remove((event.workspace, event.user.id))
    if not step.desk.users_of(agent.id):
        presence.remove(step, agent, SYSTEM, "left")
    return Accepted()


def _linked(step: Step, event: MemberChanged) -> Agent | None:
    """The agent with the member's e-mail, from now on he; only one who is nobody there yet."""
    email = event.email.strip().lower()
    if not email or event.user.kind is not UserKind.MEMBER:
        return None
    same = [each for each in step.desk.agents if each.active and each.email.lower() == email]
    if len(same) != 1 or step.desk.user_in(same[0].id, event.workspace) is not None:
        return None
    agent = same[0]
    step.desk.agent_identities.put(
        AgentIdentity(workspace=event.workspace, user=event.user.id, agent=agent.id)
    )
    step.event(
        EventKind.AGENT_CHANGED, SYSTEM, agent=agent.id, agent_name=agent.name, changed="identity"
    )
    return agent


def _welcomed(step: Step, event: MemberChanged) -> Agent | None:
    """A new agent by a role of the workspace; nobody whom an admin has removed."""
    user = event.user
    known = step.desk.agent_identities.get((event.workspace, user.id))
    if user.role is None or user.kind is not UserKind.MEMBER or known is not None:
        return None
    staff.create_agent(
        step,
        CreateAgent(
            handle=_free_handle(step, user),
            name=user.name,
            role=user.role,
            language=step.desk.places.workspaces[event.workspace].language,
            workspace=event.workspace,
            user=user.id,
        ),
        SYSTEM,
    )
    return step.desk.agent_of(event.workspace, user.id)


def _free_handle(step: Step, user: WorkspaceUser) -> str:
    """What commands can call him: his name in plain letters, numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", user.name).encode("ascii", "ignore").decode().lower()
    handle = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_HANDLE].strip("-") or "agent"
    taken = {agent.handle for agent in step.desk.agents}
    names = (handle if number == 1 else f"{handle}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)
