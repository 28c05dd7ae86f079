"""What every row plays on: a desk, its chat workspace, and customers at the web chat."""

from contextlib import AsyncExitStack

from bridge.demo.chat.agent import ChatAgent, Crew
from bridge.demo.house import House
from bridge.demo.tour.lobby import Case, Lobby

CAPACITY = 50
"""Nobody's hands are full before the end."""


class ChatStage(Lobby):
    """The desk with its agents in a chat workspace."""

    def __init__(self, house: House, crew: Crew, open_: AsyncExitStack) -> None:
        """Everybody is there and available."""
        super().__init__(house, open_)
        self.crew = crew
        self.ana = crew.agents["ana"]
        self.bruno = crew.agents["bruno"]
        self.carla = crew.agents["carla"]

    async def held(self, name: str, by: ChatAgent) -> Case:
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
