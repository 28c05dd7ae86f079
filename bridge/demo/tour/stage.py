"""What every row plays on: a desk that is set up, its agents at their browsers, and customers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bridge.demo.cast import PEOPLE, set_up, sign_in
from bridge.demo.house import House
from bridge.demo.surfaces.agent import AgentBrowser, Listed
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.events import JSON
from bridge.demo.surfaces.operator import Operator
from bridge.demo.surfaces.patience import check, until

_CAPACITY = 50
"""Nobody's hands are full before the end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A customer with his conversation, and its thread where somebody holds it."""

    customer: CustomerBrowser
    number: int
    thread: str = ""


class Stage:
    """A desk to play on. Every row brings its own customers, so that no row leans on another."""

    def __init__(
        self, house: House, agents: dict[str, AgentBrowser], open_: AsyncExitStack
    ) -> None:
        """Made by `set_stage`."""
        self.house = house
        self.ana = agents["ana"]
        self.bruno = agents["bruno"]
        self.carla = agents["carla"]
        self._open = open_

    @property
    def operator(self) -> Operator:
        """The command line."""
        return self.house.operator

    async def browser(self, name: str) -> AgentBrowser:
        """A browser that nobody has signed in with."""
        browser = AgentBrowser(self.house.url, name)
        self._open.push_async_callback(browser.close)
        return browser

    async def customer(self, name: str) -> CustomerBrowser:
        """Somebody who has just opened the chat."""
        customer = CustomerBrowser(self.house.http, self.house.chat, name, "en")
        await customer.come()
        await self._open.enter_async_context(customer.looking())
        return customer

    async def with_bot(self, name: str) -> Case:
        """A customer whom the bot has greeted."""
        customer = await self.customer(name)
        await customer.says("Good morning")
        await customer.sees("the bot greets", lambda seen: seen.by == "bot" and bool(seen.choices))
        return Case(customer=customer, number=await self.number(name, "bot"))

    async def waiting(self, name: str, words: str = "I want to talk to a person, please") -> Case:
        """A customer who waits in support for somebody to take him."""
        customer = await self.customer(name)
        await customer.says(words)
        return Case(customer=customer, number=await self.number(name, "waiting"))

    async def held(self, name: str, by: AgentBrowser) -> Case:
        """A customer of support whom this agent has taken."""
        case = await self.waiting(name)
        taken = await by.runs("take", f"#{case.number}")
        check(taken.ok, f"{by.name} takes #{case.number}", taken.text or taken.code)
        row = await self.in_hands(by, case.number)
        return Case(customer=case.customer, number=case.number, thread=row.thread)

    async def number(self, name: str, state: str) -> int:
        """The number of this customer's conversation once it is in this state."""
        found = await until(
            f"the conversation of {name} is {state}",
            lambda: self.operator.reads("/v1/conversations", text=name),
            lambda page: _in_state(page, state),
        )
        return _in_state(found, state)[0]

    async def in_hands(self, agent: AgentBrowser, number: int) -> Listed:
        """The agent's own row of this conversation, once he may write in its thread."""
        return await agent.in_control(f"#{number}", lambda row: row.number == number)


def _in_state(page: JSON, state: str) -> list[int]:
    return [each["number"] for each in page["conversations"] if each["state"] == state]


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
