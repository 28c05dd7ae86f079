"""The demo over a simulated Discord: a desk, its server, the hour before, and the page for both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.demo.cast import Person
from bridge.demo.chat.agent import Shown
from bridge.demo.colleagues import Colleague, Recruiter
from bridge.demo.discord.agent import DiscordAgent
from bridge.demo.discord.house import Team, open_discord_house
from bridge.demo.house import HOST, House, earlier
from bridge.demo.opening import BEFORE, the_opening
from bridge.demo.pages import DemoPages
from bridge.demo.performance import Watch, secret_of
from bridge.demo.phone.shop import open_shop
from bridge.demo.surfaces.patience import until

PAGE = "/workspace/"
"""Where the simulator shows a person's Discord."""


class InDiscord:
    """An agent who answers from the simulated Discord; see `Colleague`."""

    def __init__(self, house: House, agent: DiscordAgent) -> None:
        """With Discord open in front of him."""
        self._house = house
        self._agent = agent

    async def takes(self, number: int) -> None:
        """With the card's button."""
        await self._agent.presses(await self._agent.card(number), "take")

    async def writes(self, customer: str, text: str) -> None:
        """In the thread of the customer's card, once it says what was said before."""
        agent, card = self._agent, await self._card(customer)
        await until("the thread begins", lambda: _lines(agent, card))
        await agent.says(card, text)

    async def runs(self, command: str, words: str = "", *, customer: str = "") -> None:
        """`!command` in a thread, `/command` elsewhere."""
        agent = self._agent
        if customer:
            card = await self._card(customer)
            await agent.is_told(lambda: agent.says(card, f"!{command} {words}".rstrip()))
        elif command == "available":
            await agent.uses(command, state=words)
        else:
            await agent.uses(command, details=words)

    async def close(self) -> None:
        """Discord stays open."""

    async def _card(self, customer: str) -> Shown:
        """The card of the conversation that he is in control of, once it says so."""
        found = await until(
            f"{customer} is with {self._agent.name}",
            lambda: self._house.operator.reads("/v1/conversations", text=customer),
            lambda page: any(each["state"] == "assigned" for each in page["conversations"]),
        )
        numbers = (one["number"] for one in found["conversations"] if one["state"] == "assigned")
        return await self._agent.card(int(next(numbers)), self._agent.name)


async def _lines(agent: DiscordAgent, card: Shown) -> int:
    return len(agent.lines(card))


def in_discord(house: House, team: Team) -> Recruiter:
    """Everybody is in Discord already, and says so when he is needed."""

    async def recruit(person: Person) -> Colleague:
        agent = team.agents[person.handle]
        await agent.uses("available", state="on")
        return InDiscord(house, agent)

    return recruit


@asynccontextmanager
async def open_discord_demo(
    folder: Path, *, language: str, host: str = HOST, port: int = 0, watch: Watch = iter
) -> AsyncIterator[tuple[House, Team]]:
    """The demo, ready to be looked at. The simulated Discord forgets everything at the end.

    Raises `InvalidSettings`, `StorageUnavailable`.
    """
    pages = DemoPages()
    async with (
        open_shop(earlier(BEFORE)) as shop,
        open_discord_house(
            folder,
            language=language,
            host=host,
            port=port,
            available=False,
            clock=shop.clock,
            pages=(pages,),
            shop=shop,
        ) as (house, team),
    ):
        async with the_opening(house, in_discord(house, team)) as opening:
            for scene in watch(opening.scenes):
                await scene()
        team.discord.world.whispers.clear()  # Discord itself forgets them when it is opened anew
        page = address_of(team)
        pages.play_on(house, secret=secret_of(house.settings), language=language, team=page)
        yield house, team


def address_of(team: Team) -> str:
    """Where a person's Discord is shown."""
    return f"{team.discord.world.address}{PAGE}"
