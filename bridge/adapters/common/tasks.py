"""Work that goes on beside everything else, and does not end unseen."""

import asyncio
from collections.abc import Coroutine, Iterable

import structlog

log = structlog.get_logger("bridge.workspaces")

SOON = 5.0
"""Seconds that a stop waits for what is under way."""


def begun(work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
    """The work as a task; should it ever fail, the log says so."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_ended)
    return task


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel the work and wait until it is over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def over(tasks: Iterable[asyncio.Task[None]], within: float = SOON) -> None:
    """Let the work come to its end; what takes longer is broken off."""
    going = tuple(tasks)
    if going:
        _, late = await asyncio.wait(going, timeout=within)
        await ended(*late)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("work_failed", work=task.get_name(), exc_info=error)
