"""`people`: the form that makes a user of this workspace an agent, new or known."""

import re

from bridge.commands.authorize import Action
from bridge.commands.command import Command, Wanted, refuse
from bridge.commands.desk import DeskView
from bridge.commands.grammar import chosen, me
from bridge.commands.request import Request
from bridge.domain.agent import Role
from bridge.domain.ids import WorkspaceUserId
from bridge.domain.moves import CreateAgent, LinkAgent
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec

ROLES = {"agent": ("atendente",), "admin": ("administrador",)}
_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_LONGEST = 200


def parse(request: Request, desk: DeskView) -> Wanted:
    """An agent of that handle gets this user; where there is none, he is added."""
    me(request)
    words = {name: value.strip() for name, value in request.arguments.items()}
    user, handle = words.get("user", ""), words.get("handle", "").removeprefix("@").lower()
    if request.workspace is None or not 0 < len(user) <= _LONGEST:
        refuse("not_in_workspace")
    if not _HANDLE.fullmatch(handle):
        refuse("bad_name", name=handle)
    known = desk.agent_by_handle(handle)
    if known is not None and known.handle == handle:
        return LinkAgent(agent=known.id, workspace=request.workspace, user=WorkspaceUserId(user))
    role = chosen(words.get("role", "") or "agent", ROLES)
    if role is None:
        refuse("bad_name", name=words["role"])
    return CreateAgent(
        handle=handle,
        name=words.get("name", "")[:_LONGEST] or handle,
        role=Role(role),
        email=words.get("email", "")[:_LONGEST],
        language=request.language,
        workspace=request.workspace,
        user=WorkspaceUserId(user),
    )


COMMAND = Command(
    spec=CommandSpec(
        name="people",
        arguments=(
            ArgumentSpec(name="handle", kind=ArgumentKind.WORD, required=True),
            ArgumentSpec(name="user", kind=ArgumentKind.WORD, required=True),
            ArgumentSpec(name="name", kind=ArgumentKind.TEXT),
            ArgumentSpec(name="email", kind=ArgumentKind.WORD),
            ArgumentSpec(name="role", kind=ArgumentKind.CHOICE, choices=tuple(ROLES)),
        ),
        in_thread=False,
    ),
    actions=(Action.CREATE_AGENT, Action.LINK_AGENT),
    parse=parse,
    typed=False,
)
