"""Socket Mode at the level of frames: acks, redelivery, and every way to lose a socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, Quirks, SlackSimulator, Timing
from tests.simulators.slack.bolts import Body, connected, keeps
from tests.simulators.slack.desk import Desk

PATIENT = Timing(ack_within=20.0, retry_after=(0.0, 0.01, 0.02), ping_every=0.05)
HASTY = Timing(ack_within=0.2, retry_after=(0.0, 0.01, 0.02))


@pytest.fixture
async def slack() -> AsyncIterator[SlackSimulator]:
    quirks = Quirks(max_sockets=2)
    async with SlackSimulator.running(timing=PATIENT, quirks=quirks) as slack:
        yield slack


class Socket:
    """A client of one socket, frame by frame."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def frame(self) -> Body:
        """The next frame."""
        return dict(json.loads(await asyncio.wait_for(self.ws.receive_str(), 20)))

    async def event(self, *, ack: bool) -> Body:
        """The next envelope, acknowledged or not."""
        envelope = await self.frame()
        if ack:
            await self.ws.send_json({"envelope_id": envelope["envelope_id"]})
        return envelope


@asynccontextmanager
async def _socket(slack: SlackSimulator, app: App) -> AsyncIterator[Socket]:
    client = AsyncWebClient(app.app_token, base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=app.app_token))["url"]
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as ws:
        yield Socket(ws)


async def test_hello_counts_the_connections(slack: SlackSimulator, app: App) -> None:
    async with _socket(slack, app) as one, _socket(slack, app) as two:
        hellos = [await one.frame(), await two.frame()]

    assert [one["type"] for one in hellos] == ["hello"] * 2
    assert [one["num_connections"] for one in hellos] == [1, 2]


async def test_an_address_works_once(slack: SlackSimulator, app: App) -> None:
    client = AsyncWebClient(app.app_token, base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=app.app_token))["url"]

    async with aiohttp.ClientSession() as http, http.ws_connect(url):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)

    assert url.startswith("ws://127.0.0.1:")


async def test_one_socket_too_many_is_sent_away(slack: SlackSimulator, app: App) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await (await stack.enter_async_context(_socket(slack, app))).frame()
        third = await stack.enter_async_context(_socket(slack, app))

        assert (await third.frame())["reason"] == "too_many_websockets"


async def test_an_event_without_an_ack_comes_again(
    slack: SlackSimulator, app: App, desk: Desk
) -> None:
    async with _socket(slack, app) as socket:
        await socket.frame()
        slack.world.timing = HASTY
        await desk.ana.says(desk.support, "x")

        first = await socket.event(ack=False)
        second = await socket.event(ack=True)

    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["envelope_id"] != second["envelope_id"]
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "http_timeout")


async def test_an_event_on_a_socket_that_closes_goes_to_the_next(
    slack: SlackSimulator, app: App, desk: Desk
) -> None:
    async with _socket(slack, app) as socket:
        await socket.frame()
        await desk.ana.says(desk.support, "x")
        first = await socket.event(ack=False)

    async with _socket(slack, app) as socket:
        await socket.frame()
        again = await socket.event(ack=True)

    assert again["payload"] == first["payload"]


async def test_each_event_goes_to_any_one_of_the_sockets(
    slack: SlackSimulator, app: App, desk: Desk
) -> None:
    async with _socket(slack, app) as one, _socket(slack, app) as two:
        await one.frame()
        await two.frame()
        for n in range(20):
            await desk.ana.says(desk.support, str(n))
        await slack.until(lambda: sum(each.sent for each in slack.sockets(app).connections) >= 20)

        counts = [each.sent for each in slack.sockets(app).connections]

    assert min(counts) > 0


async def test_without_a_socket_events_may_be_gone_for_good(
    slack: SlackSimulator, app: App, desk: Desk
) -> None:
    slack.turn(without_socket="lose")

    await desk.ana.says(desk.support, "into the void")

    await slack.until(lambda: slack.office.lost)
    assert len(slack.office.deliveries) == 1


async def test_a_silent_socket_answers_pings_and_carries_nothing(
    slack: SlackSimulator, app: App, desk: Desk
) -> None:
    async with _socket(slack, app) as socket:
        await socket.frame()
        slack.world.timing = HASTY
        slack.sockets(app).silence()
        await desk.ana.says(desk.support, "unheard")
        await slack.until(lambda: slack.office.lost)

        await socket.ws.ping(b"there?")
        async with _socket(slack, app) as fresh:
            await fresh.frame()
            alive = not socket.ws.closed

    assert alive
    assert [one.reason for one in slack.office.deliveries] == ["http_timeout"] * 4


async def test_slack_pings(slack: SlackSimulator, app: App) -> None:
    client = AsyncWebClient(app.app_token, base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=app.app_token))["url"]

    async with aiohttp.ClientSession() as http, http.ws_connect(url, autoping=False) as ws:
        await ws.receive()
        ping = await asyncio.wait_for(ws.receive(), 20)

    assert ping.type is aiohttp.WSMsgType.PING


@pytest.mark.parametrize("what", ["warning", "refresh_requested", "link_disabled"])
async def test_slack_says_why_a_socket_will_go(slack: SlackSimulator, app: App, what: str) -> None:
    hub = slack.sockets(app)
    async with _socket(slack, app) as socket:
        await socket.frame()
        await {"warning": hub.warn, "refresh_requested": hub.refresh}.get(what, hub.disable)()

        frame = await socket.frame()

    assert (frame["type"], frame["reason"]) == ("disconnect", what)


async def test_bolt_comes_back_after_the_connection_is_cut(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    seen: list[Body] = []
    bolt = AsyncApp(client=client)
    bolt.event("message")(keeps(seen))

    async with connected(slack, app, bolt):
        slack.sockets(app).drop()
        await slack.until(lambda: slack.sockets(app).opened == 2)
        line = await desk.ana.says(desk.support, "still there?")
        await slack.until(lambda: [one for one in seen if one["event"]["ts"] == line.ts])


async def test_bolt_acks_before_its_listener_has_done_anything(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    bolt = AsyncApp(client=client)
    stuck = asyncio.Event()

    @bolt.event("message")
    async def listener() -> None:
        await stuck.wait()

    async with connected(slack, app, bolt):
        await desk.ana.says(desk.support, "x")
        await slack.until(lambda: slack.office.deliveries)
        stuck.set()

    assert [one.ok for one in slack.office.deliveries] == [True]
