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

    `ring`, `ring_at`, `cron` and `drain` raise `StorageUnavailable` when what it stands on is
    away. A desk of one process keeps its bells in memory: who needs a moment that outlives the
    process has it in a row of his own, and rings again for it when he starts.
    """

    async def ring(self, name: str) -> None:
        """Have whoever answers this name look, soon; durable when this returns."""
        ...

    async def ring_at(self, name: str, at: Instant) -> None:
        """The same, not before this moment, and a second after it at most."""
        ...

    async def cron(self, name: str, expression: str) -> None:
        """Ring it again and again by five crontab fields in UTC; another expression replaces it.

        What came round several times while nobody answered is rung once. Raises `ValueError` when
        crontab would not take the expression.
        """
        ...

    async def run(self, answers: Mapping[str, Answer]) -> None:
        """Answer these names until cancelled; while what it stands on is away, wait for it.

        Begins by answering each of them once, for whoever was ended before. What an answer raises
        is logged and its bell rung again, as is one that was broken off; rung several times, a name
        may be answered once. Each is answered by one process at a time, as long as that process
        says in time that it lives, and not twice at once here. Nothing that was rung while an
        answer was under way is lost.
        """
        ...

    async def drain(self, answers: Mapping[str, Answer]) -> int:
        """Answer everything that is due now, here, and say how many bells that was the answer to.

        What an answer raises is logged; its bell is not counted and rings again.
        """
        ...
