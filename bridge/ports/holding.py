"""What only one process of a desk may do at a time: who may do it now, and when that is over."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

Replaced = Callable[[], bool]
"""Whether another process may lead the desk by now in place of this one, which has led."""


def never() -> bool:
    """Nobody can."""
    return False


class Role(StrEnum):
    """What a process of several does."""

    ALL = "all"
    """Takes and serves everything, and runs the desk when nobody else does."""
    WEB = "web"
    """Takes and serves everything, and never runs the desk."""
    WORKER = "worker"
    """Runs the desk when nobody else does; takes only what other processes pass on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """One time of holding a name.

    `epoch` is higher than that of everybody who held the name before: what is written with it can
    be refused once somebody holds it after us. `lost` is set as soon as the name may be another's;
    whoever wakes up from being frozen finds it set before he does anything else. `deposed` is set
    when another is known to hold it: for whoever has what he writes refused by its epoch, and need
    not give up while the storage is away. `sure` is for him, too: whether nobody else can hold it
    at this very moment, asked right before what cannot be undone. After trouble it may be again.
    """

    epoch: int
    sure: Callable[[], bool] = field(default=lambda: True)
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    deposed: asyncio.Event = field(default_factory=asyncio.Event)


class Holding(Protocol):
    """Lets one process at a time hold a name, among all that serve the same desk."""

    def hold(self, name: str) -> AbstractAsyncContextManager[Held]:
        """Hold the name from entering to leaving; entering waits until nobody else holds it.

        It waits through trouble with the storage, too, and raises nothing of its own; cancelled,
        it waits no more. After `lost` there is nothing left to hold: leave, and enter again to
        wait for the next time.
        """
        ...


class Alone:
    """The one process of its desk, kept so by the desk's file lock: it holds whatever it wants."""

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[Held]:
        """At once, and never lost."""
        yield Held(epoch=1)


class HeldFor:
    """The names of one part of the desk, apart from everybody else's."""

    def __init__(self, holding: Holding, part: str) -> None:
        """Names of `part` are held in `holding`."""
        self._holding = holding
        self._part = part

    def hold(self, name: str) -> AbstractAsyncContextManager[Held]:
        """As the holding that this stands on."""
        return self._holding.hold(f"{self._part}: {name}")


class WhenLeading:
    """Names that only the process that runs the desk holds."""

    def __init__(self, holding: Holding, leading: asyncio.Event) -> None:
        """`leading` is set as soon as this process does."""
        self._holding = holding
        self._leading = leading

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[Held]:
        """As the holding that this stands on, and not before."""
        await self._leading.wait()
        async with self._holding.hold(name) as held:
            yield held


async def while_held(holding: Holding, name: str, work: Callable[[Held], Awaitable[None]]) -> None:
    """Do the work whenever the name is ours, until it comes to an end by itself.

    When the name is lost the work is cancelled, awaited to its end, and begun anew the next time.
    What the work raises is raised.
    """
    while True:
        async with holding.hold(name) as held:
            if await _done(work(held), held.lost):
                return


async def _done(work: Awaitable[None], lost: asyncio.Event) -> bool:
    """Whether the work came to its end before the name was lost."""
    doing = asyncio.ensure_future(work)
    losing = asyncio.create_task(lost.wait())
    try:
        await asyncio.wait((doing, losing), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            await doing
            return True
        return False
    finally:
        losing.cancel()
        doing.cancel()
        await asyncio.gather(doing, losing, return_exceptions=True)
