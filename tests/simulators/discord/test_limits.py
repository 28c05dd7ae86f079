"""Rate limits and what goes wrong on purpose."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from bridge.simulators.discord import App, Channel, DiscordSimulator, Fault, Limits, Person, Window
from bridge.simulators.discord.limits import SEND
from tests.simulators.discord.bots import Bot


@pytest.fixture
async def http(app: App) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that does not wait by itself."""
    headers = {"Authorization": f"Bot {app.token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        yield http


async def test_a_bucket_says_what_is_left_and_then_refuses(
    sim: DiscordSimulator, http: aiohttp.ClientSession, room: Channel
) -> None:
    sim.limit(Limits(routes={SEND: Window(calls=2, seconds=600.0)}))
    url = f"{sim.api_url}/channels/{room.id}/messages"

    answers = [await http.post(url, json={"content": "x"}) for _ in range(3)]

    assert [one.status for one in answers] == [200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["1", "0", "0"]
    assert all(one.headers["Content-Type"] == "application/json" for one in answers)
    assert answers[2].headers["Via"]
    assert (await answers[2].json())["retry_after"] > 500
    assert [one.scope for one in sim.meter.refusals] == ["user"]


async def test_each_channel_has_its_own_bucket(
    sim: DiscordSimulator, http: aiohttp.ClientSession, room: Channel, bot: Bot
) -> None:
    sim.limit(Limits(routes={SEND: Window(calls=1, seconds=600.0)}))
    other = sim.channel(next(iter(sim.world.guilds.values())), "other")

    urls = [f"{sim.api_url}/channels/{one.id}/messages" for one in (room, other)]
    answers = [await http.post(url, json={"content": "x"}) for url in urls]

    assert [one.status for one in answers] == [200, 200]


async def test_a_bot_has_a_limit_over_all_routes(
    sim: DiscordSimulator, http: aiohttp.ClientSession
) -> None:
    sim.limit(Limits(everything=Window(calls=1, seconds=600.0)))

    answers = [await http.get(f"{sim.api_url}/users/@me") for _ in range(2)]

    assert answers[1].headers["X-RateLimit-Global"] == "true"
    assert (await answers[1].json())["global"] is True


async def test_discord_py_waits_for_its_bucket_and_is_never_refused(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    sim.limit(Limits(routes={SEND: Window(calls=3, seconds=0.3)}))

    for n in range(7):
        await bot.place(room.id).send(str(n))

    assert sim.meter.refusals == []
    assert [one.content for one in sim.messages(room)] == [str(n) for n in range(7)]


async def test_the_third_name_in_ten_minutes_is_refused_though_calls_remain(
    sim: DiscordSimulator, bot: Bot, support: Channel
) -> None:
    made = await bot.forum(support.id).create_thread(name="a", content="card")
    sim.limit(Limits(rename=Window(calls=2, seconds=600.0), other=Window(calls=10, seconds=5.0)))
    await made.thread.edit(name="b")
    await made.thread.edit(name="c")

    with pytest.raises(discord.RateLimited):
        await made.thread.edit(name="d")

    assert sim.threads(support)[0].name == "c"
    assert sim.meter.refusals[0].budget.startswith("rename")


async def test_after_too_many_invalid_requests_cloudflare_answers(sim: DiscordSimulator) -> None:
    sim.limit(Limits(invalid=Window(calls=2, seconds=600.0)))
    async with aiohttp.ClientSession() as stranger:
        for _ in range(2):
            await stranger.get(f"{sim.api_url}/users/@me")
    app = sim.application()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {app.token}"}) as http:
        answer = await http.get(f"{sim.api_url}/users/@me")

    assert answer.status == 429
    assert "Via" not in answer.headers


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_dropped_connection_says_nothing_of_what_happened(
    sim: DiscordSimulator, http: aiohttp.ClientSession, room: Channel, accepted: bool
) -> None:
    sim.fault(Fault(route=SEND, kind="drop", accepted=accepted))

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post(f"{sim.api_url}/channels/{room.id}/messages", json={"content": "x"})

    assert len(sim.messages(room)) == accepted


async def test_a_server_error_after_the_post_is_healed_by_the_nonce(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    sim.fault(Fault(route=SEND, kind="status", status=502, accepted=True))

    await bot.place(room.id).send("once")

    assert [one.content for one in sim.messages(room)] == ["once"]
    assert [one["what"] for one in sim.ledger.entries].count(SEND) == 2


async def test_a_refusal_on_demand_carries_its_code(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    fault = Fault(route=SEND, kind="error", status=403, code=50013, message="Missing Permissions")
    sim.fault(fault)

    with pytest.raises(discord.Forbidden) as refused:
        await bot.place(room.id).send("x")

    assert refused.value.code == 50013


async def test_a_429_without_via_is_an_error_for_discord_py(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    sim.fault(Fault(route=SEND, kind="cloudflare"))

    with pytest.raises(discord.HTTPException) as refused:
        await bot.place(room.id).send("x")

    assert refused.value.status == 429


async def test_an_answer_that_never_comes_is_a_post_all_the_same(
    sim: DiscordSimulator, http: aiohttp.ClientSession, room: Channel
) -> None:
    sim.fault(Fault(route=SEND, kind="hang", accepted=True))
    url = f"{sim.api_url}/channels/{room.id}/messages"
    call = asyncio.create_task(http.post(url, json={"content": "slow"}))

    message = await sim.message_in(room)
    call.cancel()

    assert message.content == "slow"


async def test_a_new_message_may_be_missing_from_history_for_a_while(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    line = await ana.says(room, "new")
    moment = line.created_at
    sim.world.now = lambda: moment + 1
    sim.turn(type(sim.world.quirks)(history_lag=2.0))

    early = [one async for one in bot.place(room.id).history()]
    sim.world.now = lambda: moment + 3
    late = [one async for one in bot.place(room.id).history()]

    assert (len(early), len(late)) == (0, 1)
    assert (await bot.place(room.id).fetch_message(int(line.id))).content == "new"
