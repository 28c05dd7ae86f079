"""Two processes of one desk: one runs it, the other takes what comes, and then takes over."""

import asyncio
import signal
from functools import partial
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import aiohttp
import pytest

from bridge.app.lock import running as told
from tests.crash.people import Customer
from tests.crash.test_kills import browser, running
from tests.crash.test_postgres_kills import PostgresDesk
from tests.patience import seen, until
from tests.ports import kept_port

pytestmark = pytest.mark.crash


async def ready(http: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """What a load balancer is told; nothing while nobody listens there."""
    try:
        async with http.get(f"{url}/readyz") as answer:
            return answer.status, (await answer.json())["status"]
    except aiohttp.ClientError:
        return 0, ""


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGKILL, id="killed"),
        pytest.param(signal.SIGSTOP, id="frozen", marks=pytest.mark.long),
    ],
)
async def test_customers_beside_it_do_not_notice_that_the_leader_is_gone(
    tmp_path: Path, postgres_url: str, how: signal.Signals
) -> None:
    kind = partial(PostgresDesk, url=postgres_url)
    stop = asyncio.Event()
    async with running(tmp_path, kind) as first, browser() as http:
        with kept_port() as port:
            second = kind(tmp_path, port)
            await second.launch()
            await seen(partial(ready, http, second.url), (200, "intake"))
            assert await ready(http, first.url) == (200, "ready")
            shops = [Customer(f"c{n}", http, f"{second.url}/chat/web") for n in range(4)]
            writing = [asyncio.create_task(insists(each, stop)) for each in shops]
            await until(lambda: all(len(each.taken) > 3 for each in shops))

            first.signal(how)
            await seen(partial(ready, http, second.url), (200, "ready"))
            after = max(len(each.taken) for each in shops) + 3
            await until(lambda: all(len(each.taken) > after for each in shops))
            stop.set()
            refused = await asyncio.gather(*writing)
            if how is signal.SIGSTOP:
                first.signal(signal.SIGCONT)
                await first.wait()  # it ends by itself

            taken = {each.name: each.taken for each in shops}
            await seen(partial(lines, second), taken)
            running_now = told(tmp_path / "data")
            assert running_now is not None
            assert (running_now.url, set().union(*refused)) == (second.url, set())
            await second.end(signal.SIGTERM)


async def insists(customer: Customer, stop: asyncio.Event) -> set[int]:
    """Line after line, each sent once; every answer that was not a 200."""
    refused = set()
    while not stop.is_set():
        line = f"{customer.name}-{len(customer.taken) + 1:04}"
        body = {"id": str(uuid5(NAMESPACE_URL, line)), "text": line, "name": customer.name}
        url = f"{customer.url}/messages"
        async with customer.http.post(url, json=body, headers=customer.proof()) as answer:
            if answer.status != 200:
                refused.add(answer.status)
        customer.taken.append(line)
        await asyncio.sleep(0.01)
    return refused


async def lines(desk: PostgresDesk) -> dict[str, list[str]]:
    """The customers' lines in the agents' threads."""
    return await asyncio.to_thread(desk.posted)
