"""Doorbells: a process tells another, or itself later, that there is work to look for.

A doorbell carries no work: order and truth are in the rows. It may be rung too often and is never
lost: whoever answers looks at the rows and finds nothing, or all there is.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bridge.domain.ids import Instant

Answer = Callable[[], Awaitable[None]]


class Doorbell(Protocol):
    """The five verbs; one contract suite holds every implementation to them.

    All of it raises `StorageUnavailable` when what it stands on is away.
    """

    async def ring(self, name: str) -> None:
        """Have whoever answers this name look, once, soon; durable when this returns."""
        ...

    async def ring_at(self, name: str, at: Instant) -> None:
        """The same, not before this moment."""
        ...

    async def cron(self, name: str, expression: str) -> None:
        """Ring it again and again by five crontab fields in UTC; another expression replaces it."""
        ...

    async def run(self, answers: Mapping[str, Answer]) -> None:
        """Answer these names until cancelled.

        What an answer raises is logged and its bell rung again; each name is answered by one
        process at a time, and not twice at once here. Nothing that was rung while an answer was
        under way is lost.
        """
        ...

    async def drain(self, answers: Mapping[str, Answer]) -> int:
        """Answer everything that is due now, here, and say how many bells that were."""
        ...
