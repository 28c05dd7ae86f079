"""How every doorbell has somebody answer."""

import asyncio

import structlog

from bridge.domain.errors import StorageUnavailable
from bridge.ports.doorbell import Answer

_FIRST, _LAST = 0.1, 10.0

log = structlog.get_logger()


async def answered(name: str, answer: Answer) -> bool:
    """Have it answered; false when that failed, which the log says."""
    [outcome] = await asyncio.gather(_answered(answer), return_exceptions=True)
    if outcome is None:
        return True
    if isinstance(outcome, StorageUnavailable):
        log.warning("answer_failed", name=name, error=str(outcome))
    else:
        log.error("answer_failed", name=name, exc_info=outcome)
    return False


def pause(failures: int) -> float:
    """Seconds until what failed so often is tried again."""
    return min(_FIRST * 2.0 ** min(failures, 16), _LAST)


async def _answered(answer: Answer) -> None:
    """A task of its own, so that its failure is told from the end of whoever waits for it."""
    await answer()
