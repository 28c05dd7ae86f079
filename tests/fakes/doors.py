"""Customers who write through several processes of one desk, of which one decides and may die."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bridge.domain.content import text_content
from bridge.domain.delivery import Delivery
from bridge.domain.errors import Overloaded, StorageUnavailable
from bridge.domain.ids import Address, ChannelId, ExternalId, Instant
from bridge.domain.message import Message
from bridge.engine.engine import Engine
from bridge.engine.state.options import ChannelPlace, Places
from bridge.engine.step import Effects
from bridge.ports.arrivals import Arrivals
from bridge.ports.capabilities import ChannelCapabilities
from bridge.ports.channel import MessageReceived

WEB = ChannelId("web")
PLACES = Places(
    channels={WEB: ChannelPlace(id=WEB, label="Web", capabilities=ChannelCapabilities())},
    workspaces={},
)
_NOW = Instant(1_800_000_000_000)


class NoCourier:
    """Nothing is to be delivered here."""

    def idle(self, delivery: Delivery) -> bool:
        return False

    def committed(self, effects: Effects) -> None:
        return None


class House(ABC):
    """The processes: `engine` is that of the one that decides, the others keep `arrivals`."""

    engine: Engine
    arrivals: Sequence[Arrivals]

    @abstractmethod
    async def replace(self) -> None:
        """Whoever decides is gone at once, whatever was under way; another one begins."""

    @abstractmethod
    async def lines(self) -> Sequence[Message]:
        """All that is stored of customers, in its order."""


@dataclass(slots=True)
class Customer:
    """He writes one line after the other, the next one when the last was acknowledged."""

    name: str
    said: int = 0
    acknowledged: bool = True
    sending: list["asyncio.Task[None]"] = field(default_factory=list)

    def line(self) -> MessageReceived:
        """The newest one, as often as it is asked for."""
        return MessageReceived(
            channel=WEB,
            address=Address(self.name),
            external_id=ExternalId(f"{self.name}-{self.said}"),
            content=text_content(f"{self.said}"),
            name=self.name,
        )


class Street:
    """What customers do, one step after the other; door 0 is that of the process that decides."""

    def __init__(self, house: House, customers: int) -> None:
        self._house = house
        self._customers = [Customer(f"c{number}") for number in range(customers)]
        self._bells: list[asyncio.Task[None]] = []

    async def says(self, who: int, door: int) -> None:
        """He writes his next line; if he waits yet, the platform brings the same one again."""
        customer = self._customers[who]
        if customer.acknowledged:
            customer.said += 1
            customer.acknowledged = False
        self._send(customer, door)

    async def again(self, who: int, door: int) -> None:
        """The platform brings a line twice, though it was acknowledged."""
        if self._customers[who].said:
            self._send(self._customers[who], door)

    async def rings(self) -> None:
        """The bell is answered, in its time."""
        self._bells.append(asyncio.create_task(self._house.engine.arrived()))

    async def waits(self, turns: int) -> None:
        """Something goes on."""
        for _ in range(turns):
            await asyncio.sleep(0)

    async def dies(self) -> None:
        """Whoever decides is gone, and nobody hears of what came to him."""
        for customer in self._customers:
            for task in customer.sending:
                if task.get_name() == "to who decides":
                    task.cancel()
        for bell in self._bells:
            bell.cancel()
        await self._house.replace()

    async def ends(self) -> None:
        """Every line is acknowledged, and the last bell answered."""
        for customer in self._customers:
            await asyncio.gather(*customer.sending, return_exceptions=True)
            while not customer.acknowledged:
                self._send(customer, customer.said % (1 + len(self._house.arrivals)))
                await asyncio.gather(*customer.sending, return_exceptions=True)
        await asyncio.gather(*self._bells, return_exceptions=True)
        await self._house.engine.arrived()

    async def check(self) -> None:
        """Each line is there once, and those of each customer in the order in which he wrote."""
        stored = await self._house.lines()
        for customer in self._customers:
            his = [each.content.words() for each in stored if each.name == customer.name]
            assert his == [f"{number}" for number in range(1, customer.said + 1)]

    def _send(self, customer: Customer, door: int) -> None:
        sending = asyncio.create_task(self._sent(customer, customer.said, door))
        sending.set_name("to another" if door else "to who decides")
        customer.sending.append(sending)

    async def _sent(self, customer: Customer, number: int, door: int) -> None:
        line = customer.line()
        try:
            if door:
                await self._house.arrivals[door - 1].keep(line, None, _NOW)
            else:
                await self._house.engine.accept(line)
        except (StorageUnavailable, Overloaded):
            return
        if customer.said == number:
            customer.acknowledged = True


async def crash(engine: Engine) -> None:
    """It ends in the middle of whatever it does."""
    tasks = [task for task in asyncio.all_tasks() if task.get_name() == "engine"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


Step = tuple[str, tuple[int, ...]]


async def walk(street: Street, steps: Sequence[Step]) -> None:
    """Do all of it, then see what came of it."""
    for name, values in steps:
        step: Callable[..., Awaitable[None]] = getattr(street, name)
        await step(*values)
    await street.ends()
    await street.check()
