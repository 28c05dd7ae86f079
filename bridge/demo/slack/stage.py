"""What every row plays on: a desk, its Slack, and customers at the web chat."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bridge.demo.house import House
from bridge.demo.slack.agent import SlackAgent
from bridge.demo.slack.house import Mode, Team, open_slack_house
from bridge.demo.tour.lobby import Case, Lobby

_CAPACITY = 50
"""Nobody's hands are full before the end."""


class SlackStage(Lobby):
    """The desk with its agents in Slack."""

    def __init__(self, house: House, team: Team, open_: AsyncExitStack) -> None:
        """Made by `set_slack_stage`."""
        super().__init__(house, open_)
        self.team = team
        self.ana = team.agents["ana"]
        self.bruno = team.agents["bruno"]
        self.carla = team.agents["carla"]

    async def held(self, name: str, by: SlackAgent) -> Case:
        """A customer of support whom this agent has taken with the card's button."""
        case = await self.waiting(name)
        card = await by.card(case.number, "Waiting")
        await by.presses(card, "take")
        await by.card(case.number, f"With {by.name}")
        return case

    async def asks_for_sales(self, name: str) -> Case:
        """A customer whom the bot hands over to sales."""
        case = await self.with_bot(name)
        await case.customer.presses("Buy something")
        await case.customer.presses("Talk to sales")
        return case

    def newcomer(self, name: str, **more: bool) -> SlackAgent:
        """Somebody else in this Slack, in the room of support."""
        person = self.team.slack.hire(name, **more)
        agent = SlackAgent(self.team.slack, self.team.app, person)
        self.team.agents[name.lower()] = agent
        return agent


@asynccontextmanager
async def set_slack_stage(folder: Path, mode: Mode) -> AsyncIterator[SlackStage]:
    """Set the desk up and bring everybody in."""
    async with (
        open_slack_house(folder, mode=mode, capacity=_CAPACITY) as (house, team),
        AsyncExitStack() as open_,
    ):
        yield SlackStage(house, team, open_)
