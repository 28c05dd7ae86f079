"""The simulated Graph, listening on 127.0.0.1."""

import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bridge.simulators.common.doorman import only_by_its_own_name
from bridge.simulators.common.ledger import Ledger
from bridge.simulators.common.wire import JsonObject
from bridge.simulators.graph.api.accounts import Accounts
from bridge.simulators.graph.api.media import MediaShelf
from bridge.simulators.graph.api.messages import Messages
from bridge.simulators.graph.control import Control
from bridge.simulators.graph.faults import EventFault, Fault, Faults
from bridge.simulators.graph.limits import Limits, Meter
from bridge.simulators.graph.office import PostOffice
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Customer, Number, Sent, Template
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.telling import Telling
from bridge.simulators.graph.web import Api
from bridge.simulators.graph.world import World

T = TypeVar("T")
SHUTDOWN = 0.1


class GraphSimulator:
    """A Graph with business numbers, and customers who have them in their telephones."""

    def __init__(
        self,
        *,
        ledger: Path | None = None,
        limits: Limits | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Without `limits` nothing is limited; without `ledger` it is kept in memory only."""
        self.world = World(now)
        self.faults = Faults()
        self.ledger = Ledger(ledger, self.world.now)
        self.meter = Meter(limits or Limits.off(), time.monotonic)
        self.office = PostOffice(self.world, self.faults, quirks or Quirks())
        self.telling = Telling(self.world, self.office)
        messages = Messages(self.world, self.ledger, self.telling, self.meter, self.office)
        media = MediaShelf(self.world, self.ledger, self.office)
        self.api = Api(self.world, self.faults, messages, media, Accounts(self.world, self.office))
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """For `graph_url` in the settings."""
        return self.world.address

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        *,
        port: int = 0,
        ledger: Path | None = None,
        limits: Limits | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
    ) -> AsyncIterator["GraphSimulator"]:
        """A simulator that listens; it stops at the end of the block."""
        it = cls(ledger=ledger, limits=limits, quirks=quirks, now=now)
        await it.start(port)
        try:
            yield it
        finally:
            await it.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1, on any free port unless told."""
        app = web.Application(client_max_size=1024**3, middlewares=[only_by_its_own_name])
        Control(self).route(app)
        self.api.route(app)
        self._runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.world.address = f"http://{host}:{taken}"
        self.office.start()

    async def stop(self) -> None:
        """Close every connection; the ledger stays."""
        self.faults.released.set()
        self.world.changes.end()
        await self.office.aclose()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.ledger.aclose()

    # ------------------------------------------------------------ making

    def number(self, name: str = "Acme", *, display: str = "551130000000") -> Number:
        """A business number with an account, an app and a token of its own."""
        number = Number(
            id=self.world.new_id(),
            waba=self.world.new_id(),
            display=display,
            name=name,
            app_id=self.world.new_id(),
            app_secret=secrets.token_hex(16),
            token=f"EAA{secrets.token_hex(24)}",
            verify_token=secrets.token_urlsafe(16),
        )
        self.world.numbers[number.id] = number
        return number

    def change_number(self, number: Number, **what: str | int | bool) -> Number:
        """The number as it is from now on: `webhook`, `subscribed`, `token_ends`, ..."""
        changed = replace(self.world.numbers[number.id], **what)  # type: ignore[arg-type]
        self.world.numbers[number.id] = changed
        return changed

    def customer(
        self, number: Number, wa_id: str = "5511912345678", name: str = "Bia", **more: str | bool
    ) -> Person:
        """Somebody with WhatsApp. `phone` is what people dial where it is not his `wa_id`."""
        customer = Customer(
            **{  # type: ignore[arg-type]  # the fields of the record, checked by it
                "wa_id": wa_id,
                "phone": wa_id,
                "name": name,
                "user_id": f"BR.{self.world.new_id()}",
                **more,
            }
        )
        self.world.customers[wa_id] = customer
        return Person(self.world, self.ledger, self.telling, number, customer)

    def person(self, number: Number, wa_id: str) -> Person:
        """Somebody who is there. Raises `KeyError`."""
        customer = self.world.customers[wa_id]
        return Person(self.world, self.ledger, self.telling, number, customer)

    def template(
        self,
        number: Number,
        name: str,
        *components: JsonObject,
        language: str = "pt_BR",
        category: str = "UTILITY",
        status: str = "APPROVED",
        named: bool = False,
    ) -> Template:
        """A template of the number's account; the same name and language again replaces it."""
        same = (
            one.id
            for one in self.world.templates.values()
            if (one.waba, one.name, one.language) == (number.waba, name, language)
        )
        template = Template(
            id=next(same, None) or self.world.new_id(),
            waba=number.waba,
            name=name,
            language=language,
            components=components,
            category=category,
            status=status,
            named=named,
        )
        self.world.templates[template.id] = template
        return template

    def judge(self, number: Number, template: Template, status: str) -> Template:
        """Meta approves, rejects or pauses a template, and tells."""
        changed = replace(template, status=status)
        self.world.templates[template.id] = changed
        self.telling.template(self.world.numbers[number.id], changed, status)
        return changed

    def remove(self, template: Template) -> None:
        """The template is gone; nobody is told."""
        del self.world.templates[template.id]

    async def answers_by_phone(self, person: Person, text: str) -> Sent:
        """Somebody of the business answers with the WhatsApp Business app on the telephone."""
        sent = Sent(
            id=self.world.new_wamid(person.id),
            number=person.number.id,
            customer=person.id,
            direction="echo",
            type="text",
            body={"text": {"body": text}},
            at=self.world.now(),
            status="delivered",
        )
        await self.ledger.append("person.echoes", person.number.id, id=sent.id, text=text)
        self.world.keep(sent)
        self.telling.echo(sent)
        self.world.changes.release()
        return sent

    # ------------------------------------------------------------ looking and waiting

    def message(self, sent: Sent) -> Sent:
        """A message as it is now."""
        return self.world.messages[sent.id]

    async def until(self, look: Callable[[], T | None], within: float = 30.0) -> T:
        """What `look` gives as soon as it is something true. Raises `GaveUpWaiting`."""
        return await self.world.changes.until(look, within)

    async def settled(self, within: float = 30.0) -> None:
        """No webhook is on its way (those that wait for another try do not count)."""
        await self.until(lambda: self.office.idle, within)

    # ------------------------------------------------------------ trouble

    def fault(self, fault: Fault | EventFault) -> None:
        """From now on something goes wrong."""
        self.faults.add(fault)

    def turn(self, quirks: Quirks) -> None:
        """Other quirks from now on."""
        self.office.quirks = quirks

    def forward(self, seconds: float) -> None:
        """Time goes on at once."""
        self.world.forward(seconds)
