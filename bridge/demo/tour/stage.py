"""What every row plays on: a desk that is set up, its agents at their browsers, and customers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bridge.demo.cast import PEOPLE, set_up, sign_in
from bridge.demo.house import House
from bridge.demo.phone.shop import Shop
from bridge.demo.surfaces.agent import AgentBrowser, Listed
from bridge.demo.surfaces.patience import NotSeen, check
from bridge.demo.surfaces.telephone import Telephone
from bridge.demo.tour.lobby import Case, Lobby

_CAPACITY = 50
"""Nobody's hands are full before the end."""


class Stage(Lobby):
    """The desk with its agents at the local workspace."""

    def __init__(
        self, house: House, agents: dict[str, AgentBrowser], open_: AsyncExitStack
    ) -> None:
        """Made by `set_stage`."""
        super().__init__(house, open_)
        self.ana = agents["ana"]
        self.bruno = agents["bruno"]
        self.carla = agents["carla"]

    @property
    def shop(self) -> Shop:
        """Its WhatsApp. Raises `NotSeen` where it has none."""
        if self.house.shop is None:
            raise NotSeen("a WhatsApp number", "a desk without one")
        return self.house.shop

    def telephone(self, name: str) -> Telephone:
        """Somebody with WhatsApp who has never written."""
        owner = self.shop.newcomer(name)
        return Telephone(self.shop.person(owner.wa_id))

    async def browser(self, name: str) -> AgentBrowser:
        """A browser that nobody has signed in with."""
        browser = AgentBrowser(self.house.url, name)
        self._open.push_async_callback(browser.close)
        return browser

    async def held(self, name: str, by: AgentBrowser) -> Case:
        """A customer of support whom this agent has taken."""
        case = await self.waiting(name)
        taken = await by.runs("take", f"#{case.number}")
        check(taken.ok, f"{by.name} takes #{case.number}", taken.text or taken.code)
        row = await self.in_hands(by, case.number)
        return Case(customer=case.customer, number=case.number, thread=row.thread)

    async def in_hands(self, agent: AgentBrowser, number: int) -> Listed:
        """The agent's own row of this conversation, once he may write in its thread."""
        return await agent.in_control(f"#{number}", lambda row: row.number == number)


@asynccontextmanager
async def set_stage(house: House) -> AsyncIterator[Stage]:
    """Set the desk up and bring everybody in."""
    async with AsyncExitStack() as open_:
        await set_up(house, language="en", capacity=_CAPACITY)
        agents = {}
        for person in PEOPLE:
            agents[person.handle] = browser = await sign_in(house, person)
            open_.push_async_callback(browser.close)
        yield Stage(house, agents, open_)
