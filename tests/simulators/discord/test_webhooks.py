"""Webhooks, through the real discord.py."""

import discord
import pytest

from bridge.simulators.discord import Channel, DiscordSimulator, Person
from tests.simulators.discord.bots import Bot


async def _hook(bot: Bot, room: Channel) -> discord.Webhook:
    return await bot.place(room.id).create_webhook(name="customers")


async def test_a_webhook_writes_under_any_name_and_pings_nobody_unasked(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    hook = await _hook(bot, room)
    quiet = discord.AllowedMentions.none()

    sent = await hook.send(f"<@{ana.id}>", username="Alice", allowed_mentions=quiet, wait=True)

    message = sim.messages(room)[-1]
    assert (message.id, message.webhook_name) == (str(sent.id), "Alice")
    assert ana.pings() == []
    await sim.until(lambda: [one for one in bot.heard("message") if one.webhook_id == hook.id])


@pytest.mark.parametrize("name", ["Discord Bob", "clyde", "everyone"])
async def test_some_names_are_refused(bot: Bot, room: Channel, name: str) -> None:
    hook = await _hook(bot, room)

    with pytest.raises(discord.HTTPException) as refused:
        await hook.send("x", username=name)

    assert refused.value.code == 50035


async def test_a_webhook_of_a_forum_needs_a_post(
    sim: DiscordSimulator, bot: Bot, support: Channel
) -> None:
    hook = await bot.forum(support.id).create_webhook(name="customers")

    with pytest.raises(discord.HTTPException) as refused:
        await hook.send("x")
    first = await hook.send("x", thread=discord.utils.MISSING, thread_name="Alice", wait=True)
    await hook.send("y", thread=discord.Object(first.id), wait=True)

    assert refused.value.code == 220001
    assert [one.content for one in sim.messages(sim.threads(support)[0])] == ["x", "y"]


async def test_a_webhook_changes_and_takes_away_its_own_lines(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    hook = await _hook(bot, room)
    sent = await hook.send("one", wait=True)

    await hook.edit_message(sent.id, content="two")
    changed = sim.messages(room)[-1].content
    await hook.delete_message(sent.id)

    assert changed == "two"
    assert sim.messages(room) == []


async def test_a_deleted_webhook_is_unknown(bot: Bot, room: Channel) -> None:
    hook = await _hook(bot, room)
    await hook.delete()

    with pytest.raises(discord.NotFound) as refused:
        await hook.send("x")

    assert refused.value.code == 10015
