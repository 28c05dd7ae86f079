"""The gateway: resuming, broken connections, refusals and lost events."""

import asyncio
from pathlib import Path

import aiohttp
import discord
import pytest

from bridge.simulators.discord import (
    App,
    Channel,
    DiscordSimulator,
    EventFault,
    Guild,
    Person,
    Quirks,
    read_ledger,
)
from bridge.simulators.discord.changes import Happening
from tests.simulators.discord.bots import Bot, online

Frame = dict[str, object]


async def test_a_dropped_connection_resumes_and_misses_nothing(
    sim: DiscordSimulator, bot: Bot, app: App, room: Channel, ana: Person
) -> None:
    await ana.says(room, "before")
    await sim.until(lambda: bot.texts() == ["before"])

    sim.hub.drop(app)
    await sim.until(lambda: not sim.hub.connected(app))
    await ana.says(room, "while away")
    await ana.says(room, "still away")

    await sim.until(lambda: len(bot.texts()) == 3)
    assert bot.texts() == ["before", "while away", "still away"]
    assert sim.hub.resumes == 1
    assert len(bot.heard("ready")) == 1


async def test_a_forgotten_session_begins_anew(
    sim: DiscordSimulator, bot: Bot, app: App, room: Channel, ana: Person
) -> None:
    sim.hub.drop(app)
    sim.hub.expire(app)
    await sim.until(lambda: len(bot.heard("ready")) == 2)

    await ana.says(room, "hello again")

    await sim.until(lambda: bot.texts() == ["hello again"])
    assert sim.hub.resumes == 0


async def test_discord_may_ask_for_a_new_connection(
    sim: DiscordSimulator, bot: Bot, app: App, room: Channel, ana: Person
) -> None:
    sim.hub.reconnect(app)
    await sim.until(lambda: sim.hub.resumes)

    await ana.says(room, "over the new one")

    await sim.until(lambda: bot.texts() == ["over the new one"])


async def test_a_missing_intent_is_refused(sim: DiscordSimulator, guild: Guild) -> None:
    blind = sim.application("Blind", reads_content=False)
    sim.invite(blind, guild)

    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with online(sim, blind, Bot()):
            pass


async def test_without_the_intent_content_is_empty_live_and_in_history(
    sim: DiscordSimulator, guild: Guild, room: Channel, ana: Person
) -> None:
    blind = sim.application("Blind", reads_content=False)
    sim.invite(blind, guild)
    async with online(sim, blind, Bot(content=False)) as bot:
        await ana.says(room, "secret")
        await sim.until(lambda: bot.heard("message"))
        history = [one.content async for one in bot.place(room.id).history()]

        assert bot.heard("message")[0].content == history[0] == ""


async def test_a_wrong_token_is_refused(sim: DiscordSimulator, bot: Bot, app: App) -> None:
    sim.reset_token(app)

    with pytest.raises(discord.HTTPException) as refused:
        await bot.fetch_user(1)

    assert refused.value.status == 401


async def test_the_thousandth_identify_costs_the_token(
    sim: DiscordSimulator, bot: Bot, app: App
) -> None:
    sim.turn(Quirks(identifies_per_day=1))
    old = sim.app(app).token

    closed = await _identify(sim, old)

    assert closed == 4004
    assert sim.app(app).token != old


async def _identify(sim: DiscordSimulator, token: str, *, shard: list[int] | None = None) -> int:
    """The code with which an IDENTIFY is refused, or 0."""
    async with aiohttp.ClientSession() as http, http.ws_connect(sim.gateway_url) as ws:
        await ws.receive_json()
        data = {"token": token, "intents": 1, "shard": shard or [0, 1]}
        await ws.send_json({"op": 2, "d": data})
        message = await ws.receive()
        return 0 if message.type is aiohttp.WSMsgType.TEXT else int(message.data)


@pytest.mark.parametrize(("shard", "code"), [([0, 1], 0), ([1, 1], 4010)])
async def test_a_shard_must_be_one_of_all(
    sim: DiscordSimulator, app: App, shard: list[int], code: int
) -> None:
    assert await _identify(sim, app.token, shard=shard) == code


async def test_a_zombie_says_nothing_and_what_it_missed_is_replayed(
    sim: DiscordSimulator, app: App, room: Channel, ana: Person
) -> None:
    async with online(sim, app, Bot()) as bot:
        sim.hub.silence(app)
        await ana.says(room, "nobody hears")
        unheard = bot.texts()
        await sim.hub.close(app, 4000)

        await sim.until(lambda: bot.texts() == ["nobody hears"])
        assert unheard == []


async def test_events_are_lost_doubled_and_reordered_on_demand(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    sim.fault(EventFault(kind="lose", type="MESSAGE_CREATE"))
    await ana.says(room, "lost")
    sim.faults.clear()
    sim.fault(EventFault(kind="duplicate", type="MESSAGE_CREATE"))
    await ana.says(room, "twice")
    sim.faults.clear()
    sim.fault(EventFault(kind="swap", type="MESSAGE_CREATE"))
    await ana.says(room, "later")
    await ana.says(room, "sooner")

    await sim.until(lambda: len(bot.texts()) == 4)
    assert bot.texts() == ["twice", "twice", "sooner", "later"]


async def test_a_bot_that_is_thrown_out_hears_nothing_more(
    sim: DiscordSimulator, bot: Bot, app: App, guild: Guild, room: Channel, ana: Person
) -> None:
    sim.kick(app, guild)
    await sim.until(lambda: bot.heard("guild_remove"))
    await ana.says(room, "among ourselves")
    sim.invite(app, guild)
    await sim.until(lambda: bot.heard("guild_join"))

    assert bot.texts() == []


async def test_a_channel_the_bot_does_not_see_is_silent(
    sim: DiscordSimulator, bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    secret = sim.channel(guild, "secret", only_for=(ana,))
    await ana.says(secret, "not for bots")
    await ana.says(room, "for all")

    await sim.until(lambda: bot.texts() == ["for all"])


async def test_a_line_is_on_disk_before_the_bot_hears_of_it(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person, tmp_path: Path
) -> None:
    early: list[str] = []

    def look(one: Happening) -> None:
        on_disk = {entry.get("id") for entry in read_ledger(tmp_path / "ledger.jsonl")}
        if one.kind == "MESSAGE_CREATE" and (one.event or {}).get("id") not in on_disk:
            early.append(str(one.event))

    sim.world.changes.listen(look)

    await asyncio.gather(*(ana.says(room, str(n)) for n in range(20)))

    await sim.until(lambda: len(bot.texts()) == 20)
    assert bot.texts() == [str(n) for n in range(20)]
    assert early == []
