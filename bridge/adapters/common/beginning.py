"""How a workspace begins: at once, or when its platform can be reached and lets us in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat

import structlog

from bridge.adapters.common.pauses import Pauses
from bridge.adapters.common.tasks import begun, ended
from bridge.domain.errors import (
    CredentialsRejected,
    DeliveryRejected,
    DeskbridgeError,
    StorageUnavailable,
    TemporaryFailure,
)
from bridge.domain.ids import WorkspaceId
from bridge.ports.workspace import Access

log = structlog.get_logger("bridge.workspaces")


class _Nobody:
    """Whom nothing is told."""

    def refused(self, said: str) -> None:
        """See `Access.refused`."""

    def taken(self) -> None:
        """See `Access.taken`."""


class Beginning:
    """Tries until it has gone well. Meanwhile everything else runs, without this workspace."""

    def __init__(self, workspace: WorkspaceId, pauses: Pauses) -> None:
        """Nothing was tried yet."""
        self.access: Access = _Nobody()
        self._workspace = workspace
        self._unreached = _growing(pauses.beginning)
        self._refused = _growing(pauses.refused)
        self._lost = False
        self._later: asyncio.Task[None] | None = None

    async def begin(self, attempt: Callable[[], Awaitable[None]]) -> None:
        """Try once; what fails is tried again beside everything else.

        An `attempt` that raises has begun nothing.
        """
        pause = await self._tried(attempt)
        if pause is not None:
            self._later = begun(self._again(attempt, pause), f"beginning {self._workspace}")

    async def stop(self) -> None:
        """Try no more."""
        if self._later is not None:
            await ended(self._later)

    async def _again(self, attempt: Callable[[], Awaitable[None]], pause: float | None) -> None:
        while pause is not None:
            await asyncio.sleep(pause)
            pause = await self._tried(attempt)
        if self._lost:
            log.info("platform_reached", workspace=self._workspace)
        self.access.taken()

    async def _tried(self, attempt: Callable[[], Awaitable[None]]) -> float | None:
        """How long to wait before the next try; None when there need be none."""
        try:
            await attempt()
        except (CredentialsRejected, DeliveryRejected) as error:
            self.access.refused(str(error))
            return next(self._refused)
        except TemporaryFailure as error:
            return max(self._waits(error), error.retry_after or 0.0)
        except StorageUnavailable as error:
            return self._waits(error)
        return None

    def _waits(self, error: DeskbridgeError) -> float:
        self._lost = True
        log.warning("platform_not_reached", workspace=self._workspace, why=str(error))
        return next(self._unreached)


def _growing(pauses: tuple[float, ...]) -> Iterator[float]:
    return chain(pauses, repeat(pauses[-1]))
