"""What has happened before the curtain rises: five conversations, played and not written down."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from bridge.demo.cast import PEOPLE
from bridge.demo.colleagues import Colleague, Recruiter
from bridge.demo.house import House
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.patience import until
from bridge.domain.ids import MINUTE

BEFORE = 52 * MINUTE
"""So long before now the first customer writes."""


class Opening:
    """Customers and agents in the hour before."""

    def __init__(self, house: House, recruit: Recruiter) -> None:
        """Nobody is there yet; everybody comes when he is needed."""
        self._house = house
        self._recruit = recruit
        self._people = AsyncExitStack()
        self._agents: dict[str, Colleague] = {}
        self._emily: CustomerBrowser | None = None

    @property
    def scenes(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """What is played, in order."""
        return (self.emily, self.lucas, self.sofia, self.noah, self.grace, self.now)

    async def close(self) -> None:
        """Everybody shuts the browser; what they hold they keep."""
        await self._people.aclose()

    # --- five customers ---------------------------------------------------------------------

    async def emily(self) -> None:
        """She asks for a table; sales answers, and she thinks about it."""
        await self._agent("ana")
        bruno = await self._agent("bruno")
        emily = await self._customer("Emily Carter", "en")
        await emily.says("Hi there!")
        await emily.presses("Buy something")
        await emily.presses("Talk to sales")
        await _answers(bruno, emily, "Hello Emily, Bruno here. What are you looking for?")
        await self._pass(3)
        await emily.says("The oak table of your spring collection. Is it in stock?")
        await self._pass(2)
        await _answers(bruno, emily, "Yes, two are left: **180 × 90 cm**, shipped on Monday.")
        await self._pass(4)
        self._emily = emily

    async def lucas(self) -> None:
        """His parcel is late; support looks into it, opens a ticket and gives him back."""
        carla = await self._agent("carla")
        lucas = await self._customer("Lucas Ferreira", "pt-BR")
        await lucas.says("Boa tarde")
        await lucas.presses("Ajuda com um pedido")
        await lucas.presses("Onde está meu pedido?")
        await lucas.says("Quero falar com um atendente")
        await carla.takes(await self._waits(lucas.name))
        await _answers(carla, lucas, "Olá, Lucas! Aqui é a Carla. Qual é o número do pedido?")
        await self._pass(3)
        await lucas.says("É o 4821")
        await self._pass(4)
        parcel = "new order Pedido 4821 parado na transportadora"
        await carla.runs("ticket", parcel, customer=lucas.name)
        await _answers(carla, lucas, "Já cobrei a transportadora: ele chega amanhã até as 18h.")
        await self._pass(2)
        await lucas.says("Perfeito, obrigado!")
        await _answers(carla, lucas, "Por nada, Lucas! Bom fim de semana.")
        await carla.runs("return-to-bot", "entrega combinada para amanhã", customer=lucas.name)
        await lucas.hears("Obrigado por falar com a gente", by="bot")
        await self._pass(6)

    async def sofia(self) -> None:
        """Her lamp came broken; that goes first."""
        sofia = await self._customer("Sofia Martins", "pt-BR")
        await sofia.says("Oi, bom dia")
        await sofia.presses("Ajuda com um pedido")
        await sofia.presses("Chegou com defeito")
        await self._waits(sofia.name)
        await sofia.says("A luminária chegou com a cúpula rachada")
        await self._pass(9)

    async def noah(self) -> None:
        """He wants a person, and nothing but a person."""
        noah = await self._customer("Noah Williams", "en")
        await noah.says("Hello, can I talk to a person?")
        await self._waits(noah.name)
        await noah.says("I need to change the delivery address of my order")
        await self._pass(7)

    async def grace(self) -> None:
        """The bot knows what she asks for."""
        grace = await self._customer("Grace Kim", "en")
        await grace.says("What are your opening hours?")
        await grace.hears("Monday to Friday", by="bot")
        await self._pass(5)
        if self._emily is not None:
            await self._emily.says("Perfect. Could you hold one for me until Friday?")

    async def now(self) -> None:
        """The hour is over, and all agents are at their desks."""
        left = time.time_ns() // 1_000_000 - self._house.clock.now()
        self._house.clock.forward(max(0, left))
        for agent in self._agents.values():
            await agent.runs("available", "status")

    # --- how it is played -------------------------------------------------------------------

    async def _agent(self, handle: str) -> Colleague:
        person = next(each for each in PEOPLE if each.handle == handle)
        agent = self._agents[handle] = await self._recruit(person)
        self._people.push_async_callback(agent.close)
        return agent

    async def _customer(self, name: str, language: str) -> CustomerBrowser:
        customer = CustomerBrowser(self._house.http, self._house.chat, name, language)
        await customer.come()
        await self._people.enter_async_context(customer.looking())
        return customer

    async def _waits(self, customer: str) -> int:
        """The number of this customer's conversation, once it waits for a person."""
        found = await until(
            f"{customer} waits",
            lambda: self._house.operator.reads("/v1/conversations", text=customer),
            lambda page: any(each["state"] == "waiting" for each in page["conversations"]),
        )
        return int(found["conversations"][0]["number"])

    async def _pass(self, minutes: int) -> None:
        self._house.clock.forward(minutes * MINUTE)
        await self._house.app.parts.engine.tick()


async def _answers(agent: Colleague, customer: CustomerBrowser, text: str) -> None:
    """No time passes before the customer reads it: until then he would have no answer."""
    await agent.writes(customer.name, text)
    await customer.hears(text.partition("*")[0].rstrip(), by="agent")


@asynccontextmanager
async def the_opening(house: House, recruit: Recruiter) -> AsyncIterator[Opening]:
    """The scenes, ready to be played one after another by those who are recruited."""
    opening = Opening(house, recruit)
    try:
        yield opening
    finally:
        await opening.close()
