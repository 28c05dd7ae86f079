"""Operations for whoever sets the desk up: invite an agent, look whether all is well."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bridge.domain.agent import Agent
from bridge.domain.ids import WorkspaceId
from bridge.domain.moves import LinkAgent
from bridge.engine.engine import Engine
from bridge.ports.plugin import Check
from bridge.ports.workspace import Invites, WorkspaceAdapter
from bridge.web.api.fields import Body, Email, Id, Nothing, moment
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.api.shapes import CheckList, CheckShape, InvitationShape
from bridge.web.problems import Refused
from bridge.web.tokens import entry_point

Examine = Callable[[], Awaitable[Sequence[Check]]]


class Invitation(Body):
    """Whom to send the link to is up to whoever asks; the e-mail is what he signs in with."""

    email: Email | None = None
    workspace: Id | None = None


class People:
    """What only the command line does."""

    def __init__(
        self, engine: Engine, workspaces: Mapping[WorkspaceId, WorkspaceAdapter], examine: Examine
    ) -> None:
        """`examine` is what `doctor` looks at."""
        self._engine = engine
        self._workspaces = workspaces
        self._examine = examine

    def routes(self) -> list[AnyRoute]:
        """Both operations."""
        return [
            Route(
                method="POST",
                path="/v1/agents/{agent}/invitation",
                scope=None,
                handler=self._invite,
                body=Invitation,
                query=Nothing,
                answer=InvitationShape,
                status=201,
            ),
            Route(
                method="GET",
                path="/v1/checks",
                scope=None,
                handler=self._checks,
                body=Nothing,
                query=Nothing,
                answer=CheckList,
            ),
        ]

    async def _checks(self, _call: Call[Nothing, Nothing]) -> CheckList:
        """Look whether all is well."""
        found = await self._examine()
        return CheckList(
            checks=tuple(
                CheckShape(
                    name=check.name,
                    ok=check.ok,
                    warning=check.warning,
                    detail=check.detail,
                    fix=check.fix,
                )
                for check in found
            )
        )

    async def _invite(self, call: Call[Invitation, Nothing]) -> InvitationShape:
        """Give an agent a one-time way in."""
        agent = self._engine.desk.agent_by_handle(call.path["agent"])
        if agent is None:
            raise Refused(404, "unknown_agent", f"There is no agent @{call.path['agent'][:40]}.")
        id_, workspace = self._inviting(call.body.workspace)
        way_in = await workspace.way_in(_email(agent, call.body.email), agent.name)
        move = LinkAgent(agent=agent.id, workspace=id_, user=way_in.user)
        outcome = await self._engine.carry_out(move, call.actor, entry_point(call.actor))
        if not outcome.ok:
            raise Refused(409, outcome.code, "This agent could not be linked.")
        return InvitationShape(url=way_in.url, expires_at=moment(way_in.expires_at))

    def _inviting(self, named: str | None) -> tuple[WorkspaceId, Invites]:
        found = {
            id_: workspace
            for id_, workspace in self._workspaces.items()
            if isinstance(workspace, Invites) and named in (None, id_)
        }
        if not found:
            raise Refused(404, "unknown_workspace", "There is no such workspace that invites.")
        if len(found) > 1:
            raise Refused(409, "which_workspace", f"Name one of: {', '.join(found)}.")
        return next(iter(found.items()))


def _email(agent: Agent, named: str | None) -> str:
    email = named or agent.email
    if not email:
        raise Refused(422, "invalid", f"email: needed once for @{agent.handle}")
    return email
