"""The shop's WhatsApp number on a simulated Graph, which lives by the desk's own clock."""

import secrets
from collections.abc import AsyncIterator, Container, Iterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files

import phonenumbers

from bridge.domain.ids import SECOND
from bridge.domain.value import Value
from bridge.ports.clock import MovableClock
from bridge.simulators.common.wire import Json, arr, load, obj, txt
from bridge.simulators.graph.acts import Acts
from bridge.simulators.graph.person import Person
from bridge.simulators.graph.records import Number
from bridge.simulators.graph.settings import Quirks
from bridge.simulators.graph.simulator import GraphSimulator

CHANNEL = "whatsapp"
_WEBHOOK = f"/whatsapp/{CHANNEL}/events"
_NAME = "Casa Aurora"
_DISPLAY = "551140028922"


class Telephone(Value):
    """Somebody with WhatsApp."""

    wa_id: str
    name: str


_AGAIN = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds until what the desk did not take is brought again."""

TELEPHONES = (
    Telephone(wa_id="5511987654321", name="Marina"),
    Telephone(wa_id="5511912345678", name="Caio"),
)
"""They have the shop's number; neither has written yet."""


class Shop:
    """A number that the desk answers on, and the telephones of its customers."""

    def __init__(self, graph: GraphSimulator, clock: MovableClock) -> None:
        """Nobody has written."""
        self.graph = graph
        self.clock = clock
        self.acts = Acts(graph.world)
        self._number = graph.number(_NAME, display=_DISPLAY)
        for one in _prepared():
            self.graph.template(
                self._number,
                txt(one.get("name")),
                *(dict(obj(each)) for each in arr(one.get("components"))),
                language=txt(one.get("language")),
                category=txt(one.get("category")),
                named=True,
            )
        for each in TELEPHONES:
            self._install(each)

    def _install(self, owner: Telephone) -> None:
        user_id = f"BR.{owner.wa_id}"  # the same one whenever the demo is started
        self.graph.customer(self.number, owner.wa_id, owner.name, user_id=user_id)

    def newcomer(self, name: str) -> Telephone:
        """Somebody else has the shop's number from now on."""
        wa_id = next(_numbers(self.graph.world.customers))
        owner = Telephone(wa_id=wa_id, name=name)
        self._install(owner)
        return owner

    @property
    def number(self) -> Number:
        """The number as it is now."""
        return self.graph.world.numbers[self._number.id]

    def person(self, wa_id: str) -> Person:
        """Somebody with a telephone. Raises `KeyError`."""
        return self.graph.person(self.number, wa_id)

    def environment(self) -> Mapping[str, str]:
        """The settings of the channel: what `deskbridge connect whatsapp` would have written."""
        said = {
            "kind": "whatsapp",
            "bot": "menu",
            "phone_number_id": self.number.id,
            "business_account_id": self.number.waba,
            "access_token": self.number.token,
            "app_secret": self.number.app_secret,
            "verify_token": self.number.verify_token,
            "graph_url": self.graph.url,
        }
        table = f"DESKBRIDGE_CHANNELS__{CHANNEL.upper()}"
        return {f"{table}__{name.upper()}": value for name, value in said.items()}

    def opens(self, url: str) -> None:
        """The desk is there: from now on it is told."""
        self.graph.change_number(self.number, webhook=f"{url}{_WEBHOOK}")

    def closes(self) -> None:
        """The desk is going: nothing is brought to it any more."""
        self.graph.change_number(self.number, webhook="")


def written(wa_id: str) -> str:
    """The number as people write it: `+55 11 91234-5678`."""
    number = phonenumbers.parse(f"+{wa_id}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _numbers(taken: Container[str]) -> Iterator[str]:
    """Mobile numbers of São Paulo that nobody has here."""
    while True:
        wa_id = f"55119{secrets.randbelow(10**8):08}"
        if wa_id not in taken:
            yield wa_id


def _prepared() -> list[Mapping[str, Json]]:
    """What Meta has approved, in Meta's own words."""
    text = files("bridge.demo").joinpath("files", "templates.json").read_text("utf-8")
    return [obj(each) for each in arr(load(text))]


@asynccontextmanager
async def open_shop(clock: MovableClock) -> AsyncIterator[Shop]:
    """The number, as long as the block runs; what happened on it is forgotten then."""
    quirks = Quirks(retry_after=_AGAIN)
    async with GraphSimulator.running(quirks=quirks, now=lambda: clock.now() / SECOND) as graph:
        yield Shop(graph, clock)
