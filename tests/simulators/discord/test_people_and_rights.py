"""Members, roles, bans and what a bot may do where, through the real discord.py."""

import asyncio

import discord
import pytest

from bridge.simulators.discord import (
    INVITE,
    App,
    CannotDo,
    Channel,
    DiscordSimulator,
    Guild,
    Person,
)
from tests.simulators.discord.bots import Bot

VIEW, SEND, ADMINISTRATOR = 1 << 10, 1 << 11, 1 << 3


@pytest.fixture
def there(bot: Bot, guild: Guild) -> discord.Guild:
    """The guild as the bot knows it."""
    found = bot.get_guild(int(guild.id))
    assert found is not None
    return found


async def test_roles_are_read_fresh(
    sim: DiscordSimulator, guild: Guild, there: discord.Guild, ana: Person
) -> None:
    agents = sim.role(guild, "Agents")
    before = [one.name for one in (await there.fetch_member(int(ana.id))).roles]
    await ana.gets(agents)
    after = [one.name for one in (await there.fetch_member(int(ana.id))).roles]
    await ana.loses(agents)

    assert (before, after) == (["@everyone"], ["@everyone", "Agents"])
    assert [one.name for one in (await there.fetch_member(int(ana.id))).roles] == ["@everyone"]


async def test_who_left_is_no_member(guild: Guild, there: discord.Guild, ana: Person) -> None:
    await ana.leaves(guild)

    with pytest.raises(discord.NotFound) as refused:
        await there.fetch_member(int(ana.id))

    assert refused.value.code == 10007


async def test_who_is_banned_does_not_come_back(
    sim: DiscordSimulator, app: App, guild: Guild, there: discord.Guild, ana: Person
) -> None:
    sim.allow(app, guild, ADMINISTRATOR)

    await there.ban(discord.Object(int(ana.id)), reason="rude")
    with pytest.raises(CannotDo, match="banned"):
        await ana.joins(guild)
    await there.unban(discord.Object(int(ana.id)))

    assert (await ana.joins(guild)).user_id == ana.id


async def test_a_missing_permission_is_named_by_its_code(
    sim: DiscordSimulator, app: App, guild: Guild, bot: Bot, room: Channel
) -> None:
    everyone = sim.world.roles[guild.id]
    sim.world.roles[guild.id] = type(everyone)(
        id=everyone.id, guild_id=guild.id, name="@everyone", permissions=VIEW, position=0
    )
    sim.allow(app, guild, VIEW)

    with pytest.raises(discord.Forbidden) as refused:
        await bot.place(room.id).send("x")

    assert refused.value.code == 50013


async def test_what_a_bot_does_not_see_it_cannot_touch(
    sim: DiscordSimulator, guild: Guild, bot: Bot, ana: Person
) -> None:
    secret = sim.channel(guild, "secret", only_for=(ana,))

    with pytest.raises(discord.Forbidden) as refused:
        await bot.fetch_channel(int(secret.id))

    assert refused.value.code == 50001


async def test_the_bot_may_close_a_channel_to_others(
    sim: DiscordSimulator, app: App, guild: Guild, bot: Bot, there: discord.Guild, bo: Person
) -> None:
    sim.allow(app, guild, ADMINISTRATOR)
    hidden = discord.PermissionOverwrite(view_channel=False)

    monitor = await there.create_text_channel("monitor", overwrites={there.default_role: hidden})

    assert not bo.sees(str(monitor.id))
    with pytest.raises(CannotDo, match="is not there for bo"):
        await bo.says(str(monitor.id), "hello?")


async def test_a_mention_of_a_role_needs_the_right_or_a_mentionable_role(
    sim: DiscordSimulator, guild: Guild, room: Channel, ana: Person, bo: Person
) -> None:
    closed = sim.role(guild, "Closed", bo)
    opened = sim.role(guild, "Opened", bo, mentionable=True)

    await ana.says(room, f"<@&{closed.id}>")
    await ana.says(room, "@Opened please")

    assert [one.mention_roles for one in bo.pings()] == [(opened.id,)]


async def test_several_shards_share_the_guilds(
    sim: DiscordSimulator, app: App, guild: Guild, room: Channel, ana: Person
) -> None:
    heard: list[str] = []
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    client = discord.AutoShardedClient(intents=intents, guild_ready_timeout=0.05)

    @client.event
    async def on_message(message: discord.Message) -> None:
        heard.append(message.content)

    task = asyncio.create_task(client.start(app.token))
    await sim.until(client.is_ready)
    await ana.says(room, "once")
    await sim.until(lambda: heard)
    await client.close()
    await task

    assert heard == ["once"]
    assert "GET /gateway/bot" in [route for route, _ in sim.rest.calls]


def test_the_invite_asks_for_no_mention_of_everybody() -> None:
    assert not INVITE & (1 << 17)
