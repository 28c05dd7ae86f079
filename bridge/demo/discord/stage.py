"""The stage of every row, with its agents in Discord."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bridge.demo.chat.agent import ChatAgent
from bridge.demo.chat.stage import CAPACITY, ChatStage
from bridge.demo.discord.agent import DiscordAgent
from bridge.demo.discord.house import Team, add_agent, open_discord_house
from bridge.demo.house import House


class DiscordCrew:
    """See `Crew`."""

    def __init__(self, house: House, team: Team) -> None:
        """The cast of the demo."""
        self._house = house
        self._team = team

    @property
    def agents(self) -> Mapping[str, ChatAgent]:
        """See `Crew`."""
        return self._team.agents

    async def newcomer(self, name: str) -> ChatAgent:
        """See `Crew`."""
        person = self._team.discord.person(name.lower(), self._team.guild)
        await person.gets(self._team.role)
        agent = DiscordAgent(self._team.discord, self._team.app, person)
        self._team.agents[name.lower()] = agent
        return agent

    async def link(self, handle: str, *queues: str) -> None:
        """See `Crew`."""
        await add_agent(self._house, self._team, handle, queues)


@asynccontextmanager
async def set_discord_stage(folder: Path) -> AsyncIterator[ChatStage]:
    """Set the desk up and bring everybody in."""
    async with (
        open_discord_house(folder, capacity=CAPACITY) as (house, team),
        AsyncExitStack() as open_,
    ):
        yield ChatStage(house, DiscordCrew(house, team), open_)
