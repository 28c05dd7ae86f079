"""The demo over a simulated Discord, as it is started."""

from pathlib import Path

import aiohttp
import pytest

from bridge.demo.command import Wish, refuse
from bridge.demo.discord.house import Team
from bridge.demo.discord.performance import address_of, open_discord_demo
from bridge.demo.discord.reading import said
from bridge.domain.errors import InvalidSettings
from bridge.simulators.discord import Channel
from bridge.simulators.discord.state.mint import moment_of


async def test_the_team_finds_the_hour_before_in_its_discord(tmp_path: Path) -> None:
    async with open_discord_demo(tmp_path / "demo", language="en") as (house, team):
        waiting = await team.discord.until(lambda: _two_that_wait(team))
        (emily,) = [one for one in team.discord.threads("sales") if "Emily Carter" in one.name]
        thread = [said(one) for one in team.discord.messages(emily)]
        whispers = [one for agent in team.agents.values() for one in agent.person.whispers()]
        async with house.http.get(f"{house.url}/demo") as answer:
            policy = answer.headers["Content-Security-Policy"]

    assert "Sofia Martins" in waiting[0].name
    assert "Noah Williams" in waiting[1].name
    assert "With Bruno" in thread[0]
    assert any("two are left" in line for line in thread)
    assert whispers == []
    assert f"frame-src 'self' {address_of(team)};" in policy


async def test_the_desk_and_its_discord_live_in_the_same_time(tmp_path: Path) -> None:
    async with open_discord_demo(tmp_path / "demo", language="en") as (house, team):
        body = {"hours": 24}
        async with aiohttp.ClientSession(headers={"Origin": house.url}) as http:
            await http.post(f"{house.url}/demo/clock", json=body)
        line = await team.agents["bruno"].person.says("team", "a day later")

        assert abs(moment_of(line.id) - house.clock.now() / 1000) < 3_600


def test_nothing_is_kept_of_a_simulated_discord(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="--data"):
        refuse(Wish(port=0, workspace="discord-sim", data=tmp_path))


def _two_that_wait(team: Team) -> list[Channel] | None:
    tags = {tag.id for tag in team.rooms["support"].tags if tag.name == "Waiting"}
    threads = sorted(team.discord.threads("support"), key=lambda one: int(one.id))
    found = [one for one in threads if tags & set(one.own_thread.applied_tags)]
    return found if len(found) == 2 else None
