"""Only full members of the workspace are ever agents, and in doubt nobody is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.slack.people import BELIEVED_FOR, read_person
from bridge.ports.commands import UserKind
from bridge.ports.workspace import AgentEdited, MemberChanged
from bridge.simulators.slack import Fault
from tests.adapters.slack.receiving_rig import Rig, receiving
from tests.patience import seen

USER: dict[str, object] = {"id": "U1", "team_id": "T1", "name": "ana", "profile": {}}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, UserKind.MEMBER),
        ({"is_admin": True}, UserKind.MEMBER),
        ({"is_restricted": True}, UserKind.GUEST),
        ({"is_ultra_restricted": True}, UserKind.GUEST),
        ({"is_stranger": True}, UserKind.EXTERNAL),
        ({"team_id": "T2"}, UserKind.EXTERNAL),
        ({"team_id": None}, UserKind.EXTERNAL),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1"]}}, UserKind.MEMBER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T3"]}}, UserKind.EXTERNAL),
        ({"is_bot": True}, UserKind.BOT),
        ({"is_workflow_bot": True}, UserKind.BOT),
        ({"id": "USLACKBOT"}, UserKind.BOT),
        ({"deleted": True}, UserKind.GONE),
        ({"deleted": True, "is_restricted": True, "is_bot": True}, UserKind.GONE),
        ({"is_restricted": True, "team_id": "T2"}, UserKind.EXTERNAL),
    ],
)
def test_what_slack_says_of_a_person_decides_what_he_is(
    said: dict[str, object], kind: UserKind
) -> None:
    person = read_person({**USER, **said}, "T1")

    assert person is not None
    assert person.user.kind is kind


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ({"display_name": "Ana M.", "real_name": "Ana Maria"}, "Ana M."),
        ({"display_name": "", "real_name": "Ana Maria"}, "Ana Maria"),
        ({}, "ana"),
        ({"display_name": "A\u202ena\n"}, "Ana"),
    ],
)
def test_a_person_is_called_what_he_calls_himself(profile: dict[str, str], name: str) -> None:
    person = read_person({**USER, "profile": profile}, "T1")

    assert person is not None
    assert person.user.name == name


def test_what_is_no_person_is_none() -> None:
    assert read_person({"name": "ana"}, "T1") is None
    assert read_person({"id": "U1", "deleted": "perhaps"}, "T1") is None


async def test_a_person_is_asked_for_once_and_again_after_a_while(rig: Rig) -> None:
    first = await rig.site.people.user(rig.ana.id)
    rig.slack.fault(Fault(method="users.info", kind="error", error="internal_error", times=None))

    believed = await rig.site.people.user(rig.ana.id)
    rig.clock.forward(BELIEVED_FOR)
    doubted = await rig.site.people.user(rig.ana.id)

    assert (first.kind, believed.kind) == (UserKind.MEMBER, UserKind.MEMBER)
    assert (doubted.kind, doubted.name) == (UserKind.EXTERNAL, first.name)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(method="users.info", kind="status"),
        Fault(method="users.info", kind="drop"),
        Fault(method="users.info", kind="not_json"),
        Fault(method="users.info", kind="rate_limited"),
        Fault(method="users.info", kind="error", error="missing_scope"),
        Fault(method="users.info", kind="hang"),
    ],
    ids=lambda fault: fault.kind,
)
async def test_a_look_up_that_fails_denies_and_is_made_again(rig: Rig, fault: Fault) -> None:
    root = await rig.thread()
    rig.slack.fault(fault)

    await rig.ana.says(rig.room, "who am I?", thread=root)
    await rig.until(lambda: len(rig.desk.events) == 1)
    denied = rig.desk.events[0].user.kind
    rig.slack.faults.clear()
    await rig.site.people.stop()

    async def kind() -> UserKind:
        return (await rig.site.people.user(rig.ana.id)).kind

    assert denied is UserKind.EXTERNAL
    await seen(kind, UserKind.MEMBER)


async def test_somebody_who_is_not_there_is_gone(rig: Rig) -> None:
    assert (await rig.site.people.user("U0NOBODY")).kind is UserKind.GONE


async def test_a_mentioned_colleague_is_called_by_his_name(rig: Rig) -> None:
    root = await rig.thread()

    await rig.ana.says(rig.room, "ask @bo in #support", thread=root)
    await rig.until(lambda: len(rig.desk.events) == 1)

    [event] = rig.desk.posts()
    assert event.mentions
    assert event.content.words() == "ask @bo in #support"


async def test_a_member_says_his_address_where_an_admin_allows_it(tmp_path: Path) -> None:
    async with receiving(tmp_path, link_by_email=True) as rig:
        guest = rig.slack.hire("gil", is_restricted=True)

        await rig.site.people.user(rig.bo.id)
        await rig.site.people.user(guest.id)

        told = [each for each in rig.desk.events if isinstance(each, MemberChanged) and each.email]
        assert [(each.user.id, each.email) for each in told] == [(rig.bo.id, "bo@acme.example")]


async def test_nobody_says_his_address_otherwise(rig: Rig) -> None:
    await rig.site.people.user(rig.bo.id)

    assert rig.desk.events == []


async def test_an_edit_that_calls_a_colleague_says_so(rig: Rig) -> None:
    root = await rig.thread()
    line = await rig.ana.says(rig.room, "hello", thread=root)

    await rig.ana.edits(line, "@bo hello")
    await rig.until(lambda: len(rig.desk.events) == 2)

    edited = rig.desk.events[1]
    assert isinstance(edited, AgentEdited)
    assert edited.mentions
