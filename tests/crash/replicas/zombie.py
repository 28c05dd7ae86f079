"""A process that led, stood still and goes on: nothing that it is asked now may be taken."""

import asyncio
from collections.abc import Mapping
from uuid import uuid4

import aiohttp

from tests.crash.people import proof
from tests.crash.replicas.people import CHAT
from tests.crash.replicas.process import READY, Process
from tests.patience import PATIENCE, until

_KNOCKS = 6
_PAUSE = 0.02


async def awakes(frozen: Process, as_operator: Mapping[str, str]) -> list[str]:
    """Ask it all along while it wakes up and until it is gone: what it took, and what it said.

    Another leads already, so whatever it takes is one thing too many.
    """
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        knocks = [
            asyncio.create_task(_knocks(http, frozen, as_operator, f"z{number}"))
            for number in range(_KNOCKS)
        ]
        await asyncio.sleep(_PAUSE)  # some of them stand at its door when it wakes up
        frozen.thaw()
        await until(lambda: frozen.gone)
        taken = [each for knock in knocks for each in await knock]
    ended = frozen.bury()
    return taken if ended > 0 else [*taken, f"{frozen.name} ended with {ended}"]


async def _knocks(
    http: aiohttp.ClientSession, frozen: Process, as_operator: Mapping[str, str], name: str
) -> list[str]:
    """Again and again, as a customer, the operator and a load balancer: what was taken."""
    taken = []
    while not frozen.gone:
        line = {"id": str(uuid4()), "text": f"{name}-0001", "name": name}
        queue = {"name": name, "title": name}
        if await _status(http, "POST", f"{frozen.url}{CHAT}/messages", proof(name), line) == 200:
            taken.append(f"{frozen.name} took a line after it was replaced")
        if await _status(http, "POST", f"{frozen.url}/v1/queues", as_operator, queue) in (200, 201):
            taken.append(f"{frozen.name} made a queue after it was replaced")
        if await frozen.phase(http) == READY:
            taken.append(f"{frozen.name} called itself ready after it was replaced")
        await asyncio.sleep(_PAUSE)
    return taken


async def _status(
    http: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: Mapping[str, str],
) -> int:
    try:
        async with http.request(method, url, headers=headers, json=body) as answer:
            return answer.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0
