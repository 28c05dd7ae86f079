"""Who writes is who he is at that moment: his name, his roles, his place in the server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord.people import BELIEVED_FOR
from bridge.domain.agent import Role
from bridge.ports.commands import UserKind, WorkspaceUser
from bridge.ports.workspace import AgentDeleted, MemberChanged
from bridge.simulators.discord import Fault
from tests.adapters.discord.receiving_rig import Rig, receiving

MEMBER = "GET /guilds/{guild_id}/members/{user_id}"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with receiving(tmp_path) as started:
        yield started


@pytest.fixture
async def mapped(tmp_path: Path) -> AsyncIterator[Rig]:
    """A server whose roles say who is who."""
    async with receiving(
        tmp_path, started=False, agent_roles=["support"], admin_roles=["Leads"]
    ) as rig:
        rig.roles = {name: rig.discord.role(rig.guild, name) for name in ("Support", "Leads")}
        await rig.start()
        yield rig


def told(rig: Rig) -> list[WorkspaceUser]:
    """Of whom the desk was told."""
    return [each.user for each in rig.desk.events if isinstance(each, MemberChanged)]


async def writes(rig: Rig, words: str) -> WorkspaceUser:
    """Ana writes a line; who she is to the desk."""
    count = len(rig.desk.posts())
    thread = await rig.thread()
    await rig.ana.says(thread, words)
    await rig.until(lambda: len(rig.desk.posts()) > count)
    return rig.desk.posts()[-1].user


async def test_where_no_role_is_mapped_everybody_is_a_member(rig: Rig) -> None:
    user = await writes(rig, "hello")

    assert (user.kind, user.role, user.name) == (UserKind.MEMBER, None, "Ana")


async def test_roles_make_agents_and_admins_and_others_are_guests(mapped: Rig) -> None:
    guest = await writes(mapped, "as a guest")
    await mapped.ana.gets(mapped.roles["Support"])
    agent = await writes(mapped, "as an agent")
    await mapped.ana.gets(mapped.roles["Leads"])
    admin = await writes(mapped, "as an admin")

    assert (guest.kind, guest.role) == (UserKind.GUEST, None)
    assert (agent.kind, agent.role) == (UserKind.MEMBER, Role.AGENT)
    assert (admin.kind, admin.role) == (UserKind.MEMBER, Role.ADMIN)
    assert told(mapped) == [guest, agent, admin]


async def test_a_role_that_is_lost_in_mid_conversation_counts_at_once(mapped: Rig) -> None:
    await mapped.ana.gets(mapped.roles["Support"])
    await writes(mapped, "mine")

    await mapped.ana.loses(mapped.roles["Support"])
    user = await writes(mapped, "still mine?")

    assert (user.kind, user.role) == (UserKind.GUEST, None)
    assert told(mapped)[-1] == user
    positions = [type(each).__name__ for each in mapped.desk.events[-2:]]
    assert positions == ["MemberChanged", "AgentPosted"]


async def test_agents_by_role_leave_it_to_the_desk_who_is_an_admin(tmp_path: Path) -> None:
    async with receiving(tmp_path, started=False, agent_roles=["Support"]) as rig:
        support = rig.discord.role(rig.guild, "Support", rig.ana)
        await rig.start()

        user = await writes(rig, "hello")

        assert (user.kind, user.role) == (UserKind.MEMBER, None)
        assert told(rig)[0].role is Role.AGENT, support


async def test_a_setting_that_names_no_role_makes_nobody_a_guest(tmp_path: Path) -> None:
    async with receiving(tmp_path, agent_roles=["Misspelt"]) as rig:
        user = await writes(rig, "hello")

        assert (user.kind, told(rig)) == (UserKind.EXTERNAL, [])


async def test_a_person_is_told_of_once_while_he_is_the_same(rig: Rig) -> None:
    for number in range(3):
        await writes(rig, f"line {number}")

    assert [user.id for user in told(rig)] == [rig.ana.id]


async def test_who_has_left_is_gone(rig: Rig) -> None:
    thread = await rig.thread()
    line = await rig.ana.says(thread, "goodbye")
    await rig.until(rig.desk.posts)
    await rig.ana.leaves(rig.guild)
    rig.clock.forward(BELIEVED_FOR)

    await rig.receiving.watch.look()
    await rig.bo_as_moderator_deletes(line)
    await rig.until(rig.deleted)

    assert told(rig)[-1].kind is UserKind.GONE
    [event] = [each for each in rig.desk.events if isinstance(each, AgentDeleted)]
    assert (event.user.id, event.user.name, event.user.kind) == (rig.ana.id, "Ana", UserKind.GONE)


async def test_whom_discord_does_not_describe_is_an_outsider(rig: Rig) -> None:
    rig.discord.fault(Fault(route=MEMBER, kind="status", status=502, times=None))

    user = await rig.site.people.user(rig.bo.id)

    assert (user.kind, told(rig)) == (UserKind.EXTERNAL, [])


async def test_an_interaction_says_who_it_was_and_in_what_language(rig: Rig) -> None:
    payload = {
        "locale": "pt-BR",
        "member": {"nick": "Aninha", "roles": [], "user": {"id": rig.ana.id, "username": "ana"}},
    }

    user = await rig.site.people.here(payload)

    assert (user.name, user.kind) == ("Aninha", UserKind.MEMBER)
    assert await rig.site.people.locale(rig.ana.id) == "pt-BR"


async def test_in_direct_messages_the_roles_of_this_moment_count(mapped: Rig) -> None:
    await mapped.ana.gets(mapped.roles["Support"])
    before = await mapped.site.people.here({"user": {"id": mapped.ana.id, "username": "ana"}})
    await mapped.ana.loses(mapped.roles["Support"])

    now = await mapped.site.people.here({"user": {"id": mapped.ana.id, "username": "ana"}})

    assert (before.kind, now.kind) == (UserKind.MEMBER, UserKind.GUEST)


async def test_several_questions_about_one_person_are_one(rig: Rig) -> None:
    asked = rig.discord.meter.accepted[MEMBER]

    await rig.at_once(*(rig.site.people.user(rig.bo.id) for _ in range(5)))

    assert rig.discord.meter.accepted[MEMBER] == asked + 1
