"""A desk's process on a machine of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from tests.crash.machines.network import FRONT, HOMES, Machine
from tests.crash.replicas.blows import Blow
from tests.crash.replicas.ground import Ground
from tests.crash.replicas.house import ITS_SHOP, House, settle
from tests.crash.replicas.process import Process
from tests.crash.replicas.shop import Shop

_PORT = 8080
_ORIGIN = "http://desk.example.com"
_SEVERED = {Blow.CUT: ("back",), Blow.ALONE: ("front", "back")}


class Replica(Process):
    """Its machine can be unplugged."""

    def __init__(self, machine: Machine, folder: Path, shop: Shop) -> None:
        """Nothing runs yet."""
        name = f"p{machine.number}"
        environ = {
            ITS_SHOP: shop.address(name),
            "DESKBRIDGE_SERVER__HOST": "0.0.0.0",  # noqa: S104 - nobody else is in its network
            "DESKBRIDGE_SERVER__PUBLIC_URL": _ORIGIN,
            "DESKBRIDGE_SERVER__TRUSTED_PROXIES": f'["{FRONT}.2"]',
        }
        super().__init__(name, folder, _PORT, environ, machine.front)
        self._command = [*machine.on_it, *self._command]
        self._machine = machine
        self._severed: tuple[str, ...] = ()

    def suffer(self, blow: Blow) -> None:
        """This happens to it, or to its cables."""
        if blow not in _SEVERED:
            super().suffer(blow)
            return
        self._severed = _SEVERED[blow]
        self._machine.unplug(*self._severed)

    def recover(self) -> None:
        """What it survived is over."""
        self._machine.plug(*self._severed)
        self._severed = ()
        self.thaw()


def ground(on: Sequence[Machine]) -> Ground:
    """A siege of one process on each of these machines."""

    @asynccontextmanager
    async def house(
        folder: Path, database_url: str, processes: int, shop: Shop
    ) -> AsyncIterator[House]:
        settle(folder, database_url)
        made = [Replica(machine, folder, shop) for machine in on[:processes]]
        with ExitStack() as stack:
            for each in made:
                stack.callback(each.end)
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
                yield House(made, http)

    return Ground(house=house, shop=f"{FRONT}.1", homes=HOMES, origin=_ORIGIN, first_home=128)
