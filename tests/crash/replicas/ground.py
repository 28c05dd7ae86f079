"""Where a siege takes place: on one machine, or in a network."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.crash.replicas.doors import Doors
from tests.crash.replicas.house import House, house
from tests.crash.replicas.shop import Shop

House_ = Callable[[Path, str, int, Shop], AbstractAsyncContextManager[House]]
"""Makes a desk in a folder, on a database, of so many processes, that calls this shop."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """Addresses of everybody, and how the processes come to be there."""

    house: House_ = house
    shop: str = "127.0.0.1"
    homes: str = "127.{}.0.1"
    """Where an agent sits: each in a network of his own, numbered from `first_home` on."""
    first_home: int = 1
    origin: str = ""
    """The desk's public address, if it is not that of each process."""

    def home(self, number: int) -> str:
        """Of this agent."""
        return self.homes.format(self.first_home + number)

    def doors(self, urls: Sequence[str], first: int = 0, home: str = "") -> Doors:
        """Where somebody asks."""
        return Doors(urls, first, home or self.shop, self.origin)


HERE = Ground()
"""One machine."""
