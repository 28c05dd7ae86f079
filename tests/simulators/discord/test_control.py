"""The same over HTTP, and as a process of its own."""

import asyncio
import json
import signal
import sys
from typing import Any

import aiohttp
import discord

from bridge.simulators.discord import App, Channel, DiscordSimulator, Guild, Person
from tests.simulators.discord.bots import Bot

Body = dict[str, Any]  # whatever JSON came


async def _post(sim: DiscordSimulator, path: str, **body: object) -> Body:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{sim.world.address}/sim/{path}", json=body) as answer,
    ):
        return {"status": answer.status, **await answer.json()}


async def _get(sim: DiscordSimulator, path: str) -> Body:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{sim.world.address}/sim/{path}") as answer,
    ):
        return dict(await answer.json())


async def test_a_guild_is_made_and_talked_in_over_http(sim: DiscordSimulator) -> None:
    guild = await _post(sim, "guilds", name="Far", owner="olga")
    app = await _post(sim, "apps", name="Far bot")
    await _post(sim, f"apps/{app['id']}/invite", guild=guild["id"])
    await _post(sim, "people", name="zoe", guilds=[guild["id"]])
    await _post(sim, "channels", guild=guild["id"], name="far-room")

    said = await _post(sim, "people/zoe/says", channel="far-room", text="hello")

    shown = await _get(sim, "channels/far-room/messages")
    assert [one["text"] for one in shown["messages"]] == ["hello"]
    assert (await _get(sim, "ledger"))["entries"][-1]["id"] == said["id"]


async def test_a_command_is_used_over_http(
    sim: DiscordSimulator, bot: Bot, guild: Guild, room: Channel, ana: Person
) -> None:
    @bot.tree.command(description="Ping")
    async def ping(it: discord.Interaction[discord.Client]) -> None:
        await it.response.send_message("pong", ephemeral=True)

    await bot.tree.sync()

    outcome = await _post(sim, "people/ana/uses", channel=room.id, command="ping")

    assert outcome["message"]["text"] == "pong"
    assert (await _get(sim, "people/ana/whispers"))["whispers"][0]["only_for"] == ana.id


async def test_faults_and_limits_are_set_over_http(
    sim: DiscordSimulator, app: App, room: Channel
) -> None:
    route = "POST /channels/{channel_id}/messages"
    await _post(sim, "faults", route=route, kind="error", status=403, code=50013)
    report = await _post(sim, "limits", name="documented")
    headers = {"Authorization": f"Bot {app.token}"}

    async with aiohttp.ClientSession(headers=headers) as http:
        url = f"{sim.api_url}/channels/{room.id}/messages"
        answer = await http.post(url, json={"content": "x"})

    assert answer.status == 403
    assert report["refused"] == []


async def test_what_cannot_be_done_is_said(
    sim: DiscordSimulator, guild: Guild, support: Channel, ana: Person
) -> None:
    refused = await _post(sim, "people/ana/says", channel="support", text="hello")
    unknown = await _post(sim, "people/nobody/says", channel="support", text="hello")

    assert (refused["status"], refused["error"]) == (409, "cannot_do")
    assert (unknown["status"], unknown["error"]) == (404, "not_found")


async def test_it_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bridge.simulators.discord", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    state = json.loads(await process.stdout.readline())

    async with aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bot {state['apps'][0]['token']}"}
        async with http.get(f"{state['api_url']}/users/@me", headers=headers) as answer:
            me = await answer.json()
    process.send_signal(signal.SIGTERM)

    assert me["username"] == "Deskbridge"
    assert await process.wait() == 0
