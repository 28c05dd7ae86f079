"""Where the customers of a tour come in, whatever the team answers from."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from bridge.demo.house import House
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.events import JSON
from bridge.demo.surfaces.operator import Operator
from bridge.demo.surfaces.patience import until


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A customer with his conversation, and its thread where somebody holds it."""

    customer: CustomerBrowser
    number: int
    thread: str = ""


class Lobby:
    """A desk to play on. Every row brings its own customers, so that no row leans on another."""

    def __init__(self, house: House, open_: AsyncExitStack) -> None:
        """What is opened here is closed with `open_`."""
        self.house = house
        self._open = open_

    @property
    def operator(self) -> Operator:
        """The command line."""
        return self.house.operator

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

    async def number(self, name: str, state: str) -> int:
        """The number of this customer's conversation once it is in this state."""
        found = await until(
            f"the conversation of {name} is {state}",
            lambda: self.operator.reads("/v1/conversations", text=name),
            lambda page: _in_state(page, state),
        )
        return _in_state(found, state)[0]


def _in_state(page: JSON, state: str) -> list[int]:
    return [each["number"] for each in page["conversations"] if each["state"] == state]
