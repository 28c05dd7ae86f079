"""The stage of every row, with its agents in Slack."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bridge.demo.chat.agent import ChatAgent
from bridge.demo.chat.stage import CAPACITY, ChatStage
from bridge.demo.house import House
from bridge.demo.slack.agent import SlackAgent
from bridge.demo.slack.house import Mode, Team, add_agent, open_slack_house
from bridge.demo.slack.seat import SlackSeat


class SlackCrew:
    """See `Crew`."""

    def __init__(self, house: House, team: Team) -> None:
        """The cast of the demo."""
        self._house = house
        self._team = team
        self._seats = {handle: SlackSeat(agent) for handle, agent in team.agents.items()}

    @property
    def agents(self) -> Mapping[str, ChatAgent]:
        """See `Crew`."""
        return self._seats

    async def newcomer(self, name: str) -> ChatAgent:
        """See `Crew`."""
        person = self._team.slack.hire(name)
        agent = SlackAgent(self._team.slack, self._team.app, person)
        self._team.agents[name.lower()] = agent
        await self._team.agents["ana"].person.invites("support", person)
        return SlackSeat(agent)

    async def link(self, handle: str, *queues: str) -> None:
        """See `Crew`."""
        await add_agent(self._house, self._team, handle, queues)


@asynccontextmanager
async def set_slack_stage(folder: Path, mode: Mode) -> AsyncIterator[ChatStage]:
    """Set the desk up and bring everybody in."""
    async with (
        open_slack_house(folder, mode=mode, capacity=CAPACITY) as (house, team),
        AsyncExitStack() as open_,
    ):
        yield ChatStage(house, SlackCrew(house, team), open_)
