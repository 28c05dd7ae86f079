"""The demo over a simulated Slack, as it is started."""

from pathlib import Path

import aiohttp
import pytest

from bridge.demo.command import Wish, refuse
from bridge.demo.slack.agent import said
from bridge.demo.slack.house import Team
from bridge.demo.slack.performance import address_of, open_slack_demo
from bridge.domain.errors import InvalidSettings
from bridge.simulators.slack import Message


async def test_the_team_finds_the_hour_before_in_its_slack(tmp_path: Path) -> None:
    async with open_slack_demo(tmp_path / "demo", language="en") as (house, team):
        waiting = await team.slack.until(lambda: _two_that_wait(team))
        emily = next(one for one in _cards(team, "sales") if "Emily Carter" in said(one))
        thread = [said(one) for one in team.slack.thread(emily)]
        whispers = [one for agent in team.agents.values() for one in agent.person.whispers()]
        async with house.http.get(f"{house.url}/demo") as answer:
            policy = answer.headers["Content-Security-Policy"]

    assert "Sofia Martins" in waiting[0]
    assert "Noah Williams" in waiting[1]
    assert "With Bruno" in said(emily)
    assert any("two are left" in line for line in thread)
    assert whispers == []
    assert f"frame-src 'self' {address_of(team)};" in policy


async def test_the_desk_and_its_slack_live_in_the_same_time(tmp_path: Path) -> None:
    async with open_slack_demo(tmp_path / "demo", language="en") as (house, team):
        body = {"hours": 24}
        async with aiohttp.ClientSession(headers={"Origin": house.url}) as http:
            await http.post(f"{house.url}/demo/clock", json=body)
        line = await team.agents["bruno"].person.says("support", "a day later")

        assert abs(float(line.ts) - house.clock.now() / 1000) < 3_600


def test_nothing_is_kept_of_a_simulated_slack(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="--data"):
        refuse(Wish(port=0, workspace="slack-sim", data=tmp_path))


def _two_that_wait(team: Team) -> list[str] | None:
    cards = [said(one) for one in _cards(team, "support") if "Waiting" in said(one)]
    return cards if len(cards) == 2 else None


def _cards(team: Team, room: str) -> list[Message]:
    return [one for one in team.slack.messages(room) if not one.is_reply and one.app_id]
