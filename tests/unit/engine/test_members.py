"""Who a member of the workspace is to the desk, and what an edit of his may not do."""

import pytest
from msgspec.structs import replace

from bridge.domain.agent import Role
from bridge.domain.content import text_content
from bridge.domain.events import ActorKind
from bridge.domain.ids import SourceKey, WorkspaceUserId
from bridge.domain.moves import ChangeAgent, CreateAgent
from bridge.ports.calls import CallKind
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import AgentEdited, MemberChanged
from tests.fakes.office import Office


@pytest.fixture
async def held(office: Office) -> Office:
    """Ana holds Alice's conversation; Bruno is in the same queue."""
    await office.agent("ana", "sales")
    await office.agent("bruno", "sales", available=False)
    await office.handed_over()
    return office


@pytest.mark.parametrize(
    "words",
    ["// she is angry", "note: careful", "NOTA: cuidado", "!transfr bruno", "/shrug", "  //x"],
)
def member(
    office: Office, user: str, email: str, kind: UserKind = UserKind.MEMBER
) -> MemberChanged:
    """The workspace says who somebody is."""
    return MemberChanged(
        workspace=office.team,
        source=(SourceKey(f"member:{user}:{email}:{kind.value}"),),
        user=WorkspaceUser(id=WorkspaceUserId(user), name="Carla", kind=kind),
        email=email,
    )


def agent_behind(office: Office, user: str) -> str:
    """The handle of the agent that a user is."""
    agent = office.engine.desk.agent_of(office.team, WorkspaceUserId(user))
    return "" if agent is None else agent.handle


async def test_a_member_with_an_agents_address_is_that_agent(held: Office) -> None:
    await held.do(CreateAgent(handle="carla", name="Carla", email="Carla@Shop.example"))

    await held.agents.accept(member(held, "U9", "carla@shop.example"))

    assert agent_behind(held, "U9") == "carla"


async def test_an_address_makes_nobody_else_an_agent(held: Office) -> None:
    await held.do(CreateAgent(handle="carla", name="Carla", email="carla@shop.example"))

    await held.agents.accept(member(held, "U7", "carla@shop.example", UserKind.GUEST))
    await held.agents.accept(member(held, "U8", "eve@shop.example"))
    await held.agents.accept(member(held, "U6", ""))
    await held.agents.accept(member(held, "U9", "carla@shop.example"))
    await held.agents.accept(member(held, "U5", "carla@shop.example"))

    assert [agent_behind(held, user) for user in ("U5", "U6", "U7", "U8", "U9")] == [
        *("", "", "", ""),
        "carla",
    ]


async def test_an_address_of_two_agents_is_nobodys(held: Office) -> None:
    for handle in ("carla", "carlos"):
        await held.do(CreateAgent(handle=handle, name=handle, email="team@shop.example"))

    await held.agents.accept(member(held, "U9", "team@shop.example"))

    assert agent_behind(held, "U9") == ""


async def test_an_edit_that_calls_a_colleague_changes_nothing_for_the_customer(
    held: Office,
) -> None:
    line = await held.says("ana", "it costs 10")
    edit = AgentEdited(
        workspace=held.team,
        source=(SourceKey("edit"),),
        user=WorkspaceUser(id=WorkspaceUserId("u-ana"), name="ana"),
        thread=held.work_thread(),
        external_id=line,
        content=text_content("@bia does it?"),
        mentions=True,
    )

    await held.agents.accept(edit)
    await held.quiet()
    told = held.whispered("ana")
    await held.agents.accept(replace(edit, source=(SourceKey("again"),), mentions=False))
    await held.quiet()

    assert "old words" in told[-1]
    assert [call.kind for _, call in held.channel.calls] == [CallKind.POST, CallKind.EDIT]


def by_role(
    office: Office, user: str, name: str, role: Role | None, kind: UserKind = UserKind.MEMBER
) -> MemberChanged:
    """The workspace's roles say who somebody is."""
    return MemberChanged(
        workspace=office.team,
        source=(SourceKey(f"role:{user}:{name}:{role}:{kind.value}"),),
        user=WorkspaceUser(id=WorkspaceUserId(user), name=name, kind=kind, role=role),
    )


async def test_a_role_of_the_workspace_makes_an_agent(held: Office) -> None:
    await held.agents.accept(by_role(held, "D1", "João D'Ávila", Role.AGENT))
    await held.agents.accept(by_role(held, "D2", "João d ávila", Role.ADMIN))
    await held.agents.accept(by_role(held, "D3", "宮崎", Role.AGENT))

    handles = [agent_behind(held, user) for user in ("D1", "D2", "D3")]
    assert handles == ["joao-d-avila", "joao-d-avila-2", "agent"]


async def test_no_role_a_guest_and_who_was_removed_become_nobody(held: Office) -> None:
    await held.agents.accept(by_role(held, "D1", "Eve", None))
    await held.agents.accept(by_role(held, "D2", "Eve", Role.ADMIN, UserKind.GUEST))
    await held.agents.accept(by_role(held, "D3", "Dora", Role.AGENT))
    dora = held.engine.desk.agent_by_handle("dora")
    assert dora is not None
    await held.do(ChangeAgent(agent=dora.id, active=False))

    await held.agents.accept(by_role(held, "D3", "Dora again", Role.AGENT))

    assert [agent_behind(held, user) for user in ("D1", "D2", "D3")] == ["", "", ""]


@pytest.mark.parametrize(
    ("own", "said", "kind"),
    [
        (Role.AGENT, None, ActorKind.AGENT),
        (Role.AGENT, Role.ADMIN, ActorKind.ADMIN),
        (Role.ADMIN, Role.AGENT, ActorKind.AGENT),
        (Role.ADMIN, None, ActorKind.ADMIN),
    ],
)
async def test_what_the_workspace_says_now_counts(
    held: Office, own: Role, said: Role | None, kind: ActorKind
) -> None:
    user = WorkspaceUser(id=WorkspaceUserId("D1"), name="Dora", role=own)
    await held.do(
        CreateAgent(handle="dora", name="Dora", role=own, workspace=held.team, user=user.id)
    )

    actor = held.engine.desk.actor_of(held.team, replace(user, role=said))

    assert actor.kind is kind
