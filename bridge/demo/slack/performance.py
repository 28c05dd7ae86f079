"""The demo over a simulated Slack: a desk, its Slack, the hour before, and the page for both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bridge.demo.cast import Person
from bridge.demo.colleagues import Colleague, Recruiter
from bridge.demo.house import HOST, House, earlier
from bridge.demo.opening import BEFORE, the_opening
from bridge.demo.pages import DemoPages
from bridge.demo.performance import Watch, secret_of
from bridge.demo.phone.shop import open_shop
from bridge.demo.slack.agent import SlackAgent
from bridge.demo.slack.house import Mode, Team, come_in, open_slack_house
from bridge.demo.surfaces.patience import until
from bridge.simulators.slack import Message

PAGE = "/workspace/"
"""Where the simulator shows a person's Slack."""


class InSlack:
    """An agent who answers from the simulated Slack; see `Colleague`."""

    def __init__(self, house: House, agent: SlackAgent) -> None:
        """With Slack open in front of him."""
        self._house = house
        self._agent = agent

    async def takes(self, number: int) -> None:
        """With the card's button."""
        agent = self._agent
        card = await agent.card(number)
        await agent.presses(card, "take")

    async def writes(self, customer: str, text: str) -> None:
        """In the thread of the customer's card."""
        await self._agent.says(await self._card(customer), text)

    async def runs(self, command: str, words: str = "", *, customer: str = "") -> None:
        """`!command` in a thread, `/command` elsewhere."""
        agent, line = self._agent, f"{command} {words}".rstrip()
        if customer:
            card = await self._card(customer)
            await agent.is_told(lambda: agent.says(card, f"!{line}"), line)
        else:
            await agent.is_told(lambda: agent.types(f"/{line}"), line)

    async def close(self) -> None:
        """Slack stays open."""

    async def _card(self, customer: str) -> Message:
        """The card of the conversation that he is in control of, once it says so."""
        found = await until(
            f"{customer} is with {self._agent.name}",
            lambda: self._house.operator.reads("/v1/conversations", text=customer),
            lambda page: any(each["state"] == "assigned" for each in page["conversations"]),
        )
        numbers = (one["number"] for one in found["conversations"] if one["state"] == "assigned")
        return await self._agent.card(int(next(numbers)), self._agent.name)


def in_slack(house: House, team: Team) -> Recruiter:
    """Everybody is in Slack already, and says so when he is needed."""

    async def recruit(person: Person) -> Colleague:
        agent = team.agents[person.handle]
        await come_in(agent)
        return InSlack(house, agent)

    return recruit


@asynccontextmanager
async def open_slack_demo(
    folder: Path,
    *,
    language: str,
    mode: Mode = "socket",
    host: str = HOST,
    port: int = 0,
    watch: Watch = iter,
) -> AsyncIterator[tuple[House, Team]]:
    """The demo, ready to be looked at. The simulated Slack forgets everything at the end.

    Raises `InvalidSettings`, `StorageUnavailable`.
    """
    pages = DemoPages()
    async with (
        open_shop(earlier(BEFORE)) as shop,
        open_slack_house(
            folder,
            mode=mode,
            language=language,
            host=host,
            port=port,
            available=False,
            clock=shop.clock,
            pages=(pages,),
            shop=shop,
        ) as (house, team),
    ):
        world = team.slack.world
        world.team = replace(world.team, name=house.app.brand)
        async with the_opening(house, in_slack(house, team)) as opening:
            for scene in watch(opening.scenes):
                await scene()
        world.ephemerals.clear()  # Slack itself forgets them when it is opened anew
        page = address_of(team)
        pages.play_on(house, secret=secret_of(house.settings), language=language, team=page)
        yield house, team


def address_of(team: Team) -> str:
    """Where a person's Slack is shown."""
    return f"{team.slack.world.address}{PAGE}"
