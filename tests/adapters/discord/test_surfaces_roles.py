"""What the server's roles say counts at every act; hiding a command protects nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.adapters.workspaces.discord.surfaces import declaring
from bridge.simulators.discord import CannotDo
from tests.adapters.discord.office import Office, open_office, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = """\
admin_roles = ["Leads"]
agent_roles = ["Agents"]
"""


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Bo is an agent by his role, Ana an admin by hers."""
    async with open_office(tmp_path, more=ROLES, roles={"ana": "Leads", "bo": "Agents"}) as opened:
        yield opened


async def test_who_loses_his_role_may_do_nothing_from_then_on(office: Office) -> None:
    talk = await office.waiting("Alma")
    role = next(one for one in office.discord.world.roles.values() if one.name == "Agents")
    await office.bo.loses(role)

    told = await office.used(office.bo, talk.thread, "take")

    assert "yours" not in words(told)
    assert "assigned" not in await office.events(talk)


async def test_who_gets_the_role_is_an_agent_at_his_next_act(office: Office) -> None:
    role = next(one for one in office.discord.world.roles.values() if one.name == "Agents")
    await office.zoe.gets(role)

    told = await office.used(office.zoe, office.lobby, "available", state="status")

    assert "not an agent" not in words(told)


async def test_who_may_not_write_in_threads_sees_no_commands(office: Office) -> None:
    everyone = office.discord.world.roles[office.guild.id]
    rights = everyone.permissions & ~declaring.SEES
    office.discord.world.roles[office.guild.id] = replace(everyone, permissions=rights)

    with pytest.raises(CannotDo, match="no command 'take' here"):
        await office.zoe.uses(office.lobby, "take")


async def test_an_admin_by_role_may_what_the_desk_s_own_list_does_not_say(office: Office) -> None:
    leads = next(one for one in office.discord.world.roles.values() if one.name == "Leads")
    refused = await office.used(office.bo, office.lobby, "queues", action="create", details="vip")
    await office.bo.gets(leads)

    told = await office.used(office.bo, office.lobby, "queues", action="create", details="vip")

    assert "An admin can help" in words(refused)
    assert "is ready" in words(told)
