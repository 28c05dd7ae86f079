"""A process that takes over while a workspace refuses us leads, and goes on without it."""

import asyncio
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from bridge.app import App
from bridge.web.health import Phase
from tests.captured import captured_log
from tests.integration.channels.left_out import desk_of, outside, slack_team, staffed
from tests.patience import until


async def test_who_takes_over_while_slack_refuses_us_goes_on(
    tmp_path: Path, postgres_url: str
) -> None:
    database = f'[desk]\ndatabase_url = "{postgres_url}"\n'
    async with AsyncExitStack() as open_:
        log = open_.enter_context(captured_log())
        team = await slack_team(open_)
        team.refuses(True)
        first = await desk_of(tmp_path, team, database)
        open_.push_async_callback(first.stop)
        await first.start()
        await staffed(first, team)
        second = await desk_of(tmp_path, team, database)
        starting = asyncio.create_task(second.start())
        open_.push_async_callback(_stopped, second, starting)
        await until(lambda: second.parts.health.phase is Phase.INTAKE)
        desk = await open_.enter_async_context(outside(second))
        before = await desk.bia.write("before")

        await first.stop()
        await starting
        after = await desk.bia.write("after")

        assert (before, after) == (200, 200)
        assert await desk.ready() == (200, [team.place])
        team.refuses(False)
        await until(lambda: "after" in str(team.shown()))
        assert await desk.ready() == (200, None)
    assert log.getvalue().count("place_refuses_us") == 2  # each process says it once


async def _stopped(app: App, starting: asyncio.Task[None]) -> None:
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting
    await app.stop()
