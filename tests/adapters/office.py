"""A whole desk in front of a simulated chat platform, whichever that is."""

from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bridge.demo.cast import TEMPLATES
from bridge.demo.house import House
from bridge.demo.surfaces.customer import CustomerBrowser
from bridge.demo.surfaces.patience import until

DESK = """\
[desk]
brand = "Casa Aurora"
language = "en"
data_dir = "."
default_queue = "support"

[channels.webchat]
kind = "webchat"

[channels.webchat.limits]
visitor_per_second = 0
network_per_second = 0
total_per_second = 0
new_visitors_per_second = 0

"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """One customer's conversation."""

    number: int
    customer: CustomerBrowser


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatOffice:
    """Customers write in the web chat; whoever answers is on the platform."""

    house: House
    open_: AsyncExitStack

    async def asks_for_help(self, name: str) -> CustomerBrowser:
        """A customer who waits in support from now on."""
        customer = CustomerBrowser(self.house.http, self.house.chat, name, "en")
        await customer.come()
        await self.open_.enter_async_context(customer.looking())
        await customer.says("The lamp does not work")
        return customer

    async def events(self, talk: Talk) -> list[str]:
        """The kinds of what happened, oldest first."""
        page = await self.house.operator.reads(f"/v1/conversations/{talk.number}/events")
        return [str(each["kind"]) for each in page["events"]]

    async def happened(self, talk: Talk, kind: str) -> None:
        """Wait for an event of this kind."""
        await until(
            f"{kind} of #{talk.number}", lambda: self.events(talk), lambda all_: kind in all_
        )

    async def furnish(self, workspace: str, rooms: Mapping[str, str], monitor: str) -> None:
        """A queue for each room, from which people take for themselves; and templates."""
        ask = self.house.operator.asks
        for name, room in rooms.items():
            await ask("POST", "/v1/queues", name=name, title=name.capitalize())
            await ask("PATCH", f"/v1/queues/{name}", strategy="manual")
            await ask("POST", "/v1/rooms", workspace=workspace, room=room, title=name, queue=name)
        await ask("POST", "/v1/rooms", workspace=workspace, room=monitor, title="monitor")
        for name, spoken, body in TEMPLATES:
            await ask("POST", "/v1/templates", name=name, language=spoken, body=body)

    async def hire(self, handle: str, queues: Iterable[str], **agent: str) -> None:
        """An agent of these queues, who can hold many conversations."""
        ask = self.house.operator.asks
        await ask("POST", "/v1/agents", handle=handle, capacity=50, **agent)
        for name in queues:
            await ask("PUT", f"/v1/queues/{name}/members/{handle}", level=0)
