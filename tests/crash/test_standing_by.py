"""Two processes of one desk: one runs it, the other stands by and takes over."""

import asyncio
import signal
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bridge.app.lock import running as told
from tests.crash.people import Customer
from tests.crash.test_kills import browser, kept_port, running
from tests.crash.test_postgres_kills import PostgresDesk
from tests.patience import seen

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]


async def ready(http: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """What a load balancer is told; nothing while nobody listens there."""
    try:
        async with http.get(f"{url}/readyz") as answer:
            return answer.status, (await answer.json())["status"]
    except aiohttp.ClientError:
        return 0, ""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
async def test_a_stand_by_takes_over_and_goes_on_where_the_other_was(
    tmp_path: Path, postgres_url: str, how: signal.Signals
) -> None:
    kind = partial(PostgresDesk, url=postgres_url)
    written = asyncio.Event()
    written.set()
    async with running(tmp_path, kind) as first, browser() as http:
        with kept_port() as port:
            second = kind(tmp_path, port)
            await second.launch()
            await seen(partial(ready, http, second.url), (503, "standby"))
            async with http.get(f"{second.url}/chat/web/try") as refused:
                assert refused.status == 503
            assert await ready(http, first.url) == (200, "ready")
            customer = Customer("c0", http, f"{first.url}/chat/web")
            await customer.write(written)

            first.signal(how)
            await seen(partial(ready, http, second.url), (200, "ready"))
            customer.url = f"{second.url}/chat/web"
            await customer.write(written)
            await seen(partial(lines, second), customer.taken)
            if how is signal.SIGSTOP:
                first.signal(signal.SIGCONT)
                await first.wait()  # it ends by itself

            running_now = told(tmp_path / "data")
            assert running_now is not None
            assert running_now.url == second.url
            await second.end(signal.SIGTERM)


async def lines(desk: PostgresDesk) -> list[str]:
    """The customer's lines in the agents' threads."""
    return desk.posted().get("c0", [])
