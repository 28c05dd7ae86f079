"""A process that led, stood still and goes on: what it says is true, and it calls nobody."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5

import aiohttp

from tests.crash.people import proof
from tests.crash.replicas.people import CHAT, Customer
from tests.crash.replicas.process import READY, WAITING, Process
from tests.crash.replicas.shop import Shop
from tests.patience import PATIENCE

_PAUSE = 0.02


@dataclass(kw_only=True)
class Woke:
    """What one did that woke up after another had taken over."""

    in_flight: int = 0
    """Calls of platforms that were under way when it was frozen; the other asks about them."""
    begun: int = 0
    """Calls that it began after it woke up."""
    lines: int = 0
    """Lines that it took. They are asked for in the end, as all others."""
    queues: list[str] = field(default_factory=list)
    """Queues that it says it made, which must be there."""
    wrong: list[str] = field(default_factory=list)


async def awakes(
    frozen: Process,
    since: float,
    away: float,
    shop: Shop,
    as_operator: Mapping[str, str],
    customers: Sequence[Customer],
) -> Woke:
    """Ask it all along while it wakes up and until it is gone or stands by.

    `since` is when it was struck; that lasts for `away` seconds more. Each of the customers knocks
    at its door; what it does not take from them they give to whoever does.
    """
    woke = Woke()
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        over = asyncio.Event()
        knocks = [
            asyncio.create_task(_knocks(http, frozen, as_operator, each, woke, over))
            for each in customers
        ]
        await asyncio.sleep(away)  # some of them stand at its door when it wakes up
        thawed = time.monotonic()
        frozen.recover()
        async with asyncio.timeout(2 * PATIENCE):
            await _steps_back(http, frozen)
        over.set()
        await asyncio.gather(*knocks)
    woke.begun = shop.begun(frozen.name, thawed)
    woke.in_flight = shop.in_flight(frozen.name, since) + shop.begun(frozen.name, since)
    woke.in_flight -= woke.begun
    if woke.begun:
        woke.wrong.append(f"{frozen.name} began {woke.begun} calls after it woke up")
    if frozen.gone and frozen.bury() <= 0:
        woke.wrong.append(f"{frozen.name} ended with {frozen.bury()}")
    return woke


async def _steps_back(http: aiohttp.ClientSession, frozen: Process) -> None:
    """Returns when it has ended, or waits for its turn as all others."""
    while True:
        if frozen.gone or await frozen.phase(http) in WAITING:
            return
        await asyncio.sleep(_PAUSE)


async def _knocks(
    http: aiohttp.ClientSession,
    frozen: Process,
    as_operator: Mapping[str, str],
    customer: Customer,
    woke: Woke,
    over: asyncio.Event,
) -> None:
    """Again and again, as a customer, the operator and a load balancer."""
    while not over.is_set() and not frozen.gone:
        name, text = customer.name, customer.next()
        line = {"id": str(uuid5(NAMESPACE_URL, text)), "text": text, "name": name}
        if await _status(http, "POST", f"{frozen.url}{CHAT}/messages", proof(name), line) == 200:
            customer.taken.append(text)
            woke.lines += 1
        queue = {"name": name, "title": name}
        if await _status(http, "POST", f"{frozen.url}/v1/queues", as_operator, queue) in (200, 201):
            woke.queues.append(name)
        if await frozen.phase(http) == READY:
            woke.wrong.append(f"{frozen.name} said that it leads after it was replaced")
        await asyncio.sleep(_PAUSE)
    customer.taken.append(await customer.writes_once())


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
