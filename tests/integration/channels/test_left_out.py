"""A desk that is started while a workspace refuses us runs without it, and takes it in later."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bridge.adapters.workspaces.slack.receiving.signature import sign
from bridge.adapters.workspaces.slack.settings import SlackSettings
from bridge.simulators.connector.platform import Platform
from bridge.simulators.graph.simulator import GraphSimulator
from bridge.simulators.telegram.faults import Fault as TelegramFault
from bridge.simulators.telegram.simulator import TelegramSimulator
from tests.captured import captured_log
from tests.integration.channels.left_out import (
    Outside,
    Team,
    desk_of,
    discord_team,
    outside,
    slack_team,
    staffed,
)
from tests.integration.channels.whatsapp_desk import WHATSAPP, open_app
from tests.integration.web.test_webchat import heard
from tests.patience import seen, until

_SECRET = "whsec_" + "c2VjcmV0IG9mIGEgdGVzdCwgMzIgYnl0ZXMgbG9uZyE="
_REFUSING = f"""
[channels.fetched]
kind = "telegram"
token = "{{fetched.token}}"
api_url = "{{telegram.world.address}}"

[channels.brought]
kind = "telegram"
token = "{{brought.token}}"
api_url = "{{telegram.world.address}}"
receive = "webhook"
webhook_secret = "a-secret-of-a-test-that-is-long"

[channels.shop]
kind = "connector"
url = "{{shop.base}}/hook"
secret = "{_SECRET}"
bot = "hook"

[bots.hook]
kind = "webhook"
url = "{{shop.base}}/bot"
secret = "{_SECRET}"

[channels.webchat]
kind = "webchat"

[workspaces.local]
kind = "local"
"""
_SEVERAL = 3

TeamOf = Callable[[AsyncExitStack], Awaitable[Team]]
by_socket = slack_team
by_http: TeamOf = partial(slack_team, mode="http")
without_the_app_token: TeamOf = partial(slack_team, method="apps.connections.open")
without_a_scope: TeamOf = partial(slack_team, method="auth.test", error="missing_scope")

EACH = pytest.mark.parametrize(
    "team_of",
    [by_socket, by_http, without_the_app_token, without_a_scope, discord_team],
    ids=["socket", "http", "app token", "scope", "discord"],
)
"""Every way in, and everything that may be refused."""


async def tried(team: Team) -> None:
    """We were refused several times more."""
    before = team.tries()
    await until(lambda: team.tries() >= before + _SEVERAL)


@EACH
async def test_what_is_for_it_waits_until_it_takes_us(tmp_path: Path, team_of: TeamOf) -> None:
    async with AsyncExitStack() as open_:
        log = open_.enter_context(captured_log())
        team = await team_of(open_)
        team.refuses(True)

        app = await open_.enter_async_context(await desk_of(tmp_path, team))
        desk = await open_.enter_async_context(outside(app))
        await staffed(app, team)
        said = [await desk.bia.write(f"line {number}!") for number in range(3)]
        await tried(team)

        assert said == [200, 200, 200]
        assert team.shown() == []
        assert await _told(desk, team) == (200, [team.place], "1.0", False)
        (hint,) = app.hints()
        assert hint.startswith(f"[{team.place}] is left out")
        assert "deskbridge connect" in hint

        team.refuses(False)
        await until(lambda: "line 2!" in str(team.shown()))
        shown = str(team.shown())
        assert sorted(range(3), key=lambda number: shown.index(f"line {number}!")) == [0, 1, 2]
        assert await _told(desk, team) == (200, None, "0.0", True)
        assert app.hints() == []

    events = log.getvalue()
    assert (events.count("place_refuses_us"), events.count("place_takes_us_again")) == (1, 1)
    others = [line for line in events.splitlines() if "place_refuses_us" not in line]
    assert "invalid_auth" not in str(others)
    assert "missing_scope" not in str(others)


async def _told(desk: Outside, team: Team) -> tuple[int, object, str, bool]:
    """What monitors and `doctor` say of it."""
    checks = await desk.checks()
    return *await desk.ready(), await desk.number(team.place), f"{team.place}.access" not in checks


@pytest.mark.parametrize(
    "team_of", [by_socket, by_http, discord_team], ids=["socket", "http", "discord"]
)
async def test_who_wrote_there_meanwhile_is_heard_when_it_begins(
    tmp_path: Path, team_of: TeamOf
) -> None:
    async with AsyncExitStack() as open_:
        team = await team_of(open_)
        async with await desk_of(tmp_path, team) as app, outside(app) as desk:
            bia = desk.bia
            await staffed(app, team)
            await bia.write("anybody there?")
            await until(lambda: "anybody there?" in str(team.shown()))

        team.refuses(True)
        app = await open_.enter_async_context(await desk_of(tmp_path, team))
        desk = await open_.enter_async_context(outside(app))
        await team.says("I am")
        await tried(team)
        assert await desk.ready() == (200, [team.place])
        team.refuses(False)

        _, answer = await heard(desk.http, bia.headers, 2)
        assert "I am" in str(answer)


@EACH
async def test_it_stops_in_good_order_while_it_is_refused(tmp_path: Path, team_of: TeamOf) -> None:
    async with AsyncExitStack() as open_:
        log = open_.enter_context(captured_log())
        team = await team_of(open_)
        team.refuses(True)
        around = asyncio.all_tasks()
        async with await desk_of(tmp_path, team) as app, outside(app) as desk:
            await staffed(app, team)
            await desk.bia.write("hello")
            await tried(team)

        await until(lambda: not _left(around))
        assert "adapter_hangs" not in log.getvalue()


def _left(around: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() - around if not task.done()}


async def test_slack_is_told_to_bring_it_later(tmp_path: Path) -> None:
    async with AsyncExitStack() as open_:
        team = await slack_team(open_, mode="http")
        team.refuses(True)
        app = await open_.enter_async_context(await desk_of(tmp_path, team))
        desk = await open_.enter_async_context(outside(app))
        settings = app.parts.settings.workspaces["slack"].settings
        assert isinstance(settings, SlackSettings)
        body, stamp = b'{"type": "url_verification", "challenge": "c"}', str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(settings.signing_secret.get_secret_value(), stamp, body),
        }

        async def brought() -> int:
            async with desk.http.post("/slack/slack/events", data=body, headers=headers) as got:
                return got.status

        assert await brought() == 503
        await tried(team)
        assert await brought() == 503
        team.refuses(False)
        await seen(brought, 200)


async def test_customers_are_taken_while_every_channel_and_bot_refuses_us(tmp_path: Path) -> None:
    async with AsyncExitStack() as open_:
        telegram = await open_.enter_async_context(TelegramSimulator.running())
        telegram.fault(TelegramFault(method="*", kind="error", status=401, times=None))
        graph = await open_.enter_async_context(GraphSimulator.running())
        number = graph.change_number(graph.number(), token_ends=1)
        shop = await Platform(_SECRET).start()
        open_.push_async_callback(shop.stop)
        shop.refuses = 401
        text = WHATSAPP.format(number=number, url=graph.url) + _REFUSING.format(
            fetched=telegram.bot(), brought=telegram.bot(), telegram=telegram, shop=shop
        )

        app = await open_.enter_async_context(open_app(tmp_path, text))
        desk = await open_.enter_async_context(outside(app))
        shop.desk = f"{app.url}/v1/channels/shop/events"
        graph.change_number(number, webhook=f"{app.url}/whatsapp/wa/events")
        await until(lambda: telegram.faults.happened["error"] > 1)
        said = [await desk.bia.write("hello"), (await shop.tell(shop.line("bia", "hello")))[0]]
        await graph.customer(number).writes("hello")

        assert said == [200, 200]
        await until(lambda: len(list(app.parts.engine.desk.conversations)) == 3)
        assert (await desk.ready())[0] == 200
