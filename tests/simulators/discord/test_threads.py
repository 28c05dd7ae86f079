"""Forums, threads and private threads, through the real discord.py."""

import discord
import pytest

from bridge.simulators.discord import Channel, DiscordSimulator, Guild, Person, Quirks
from tests.simulators.discord.bots import Bot


async def _post(bot: Bot, support: Channel, name: str = "Alice · #1042") -> discord.Thread:
    forum = bot.forum(support.id)
    made = await forum.create_thread(
        name=name, content="card", applied_tags=[forum.available_tags[0]]
    )
    return made.thread


async def test_a_post_and_its_first_message_have_one_id(
    sim: DiscordSimulator, bot: Bot, support: Channel
) -> None:
    thread = await _post(bot, support)

    found = sim.threads(support)[0]
    assert [one.id for one in sim.messages(found)] == [found.id] == [str(thread.id)]
    assert found.own_thread.applied_tags == (sim.world.channels[support.id].tags[0].id,)


async def test_a_message_wakes_an_archived_post_and_an_edit_does_not(
    sim: DiscordSimulator, bot: Bot, support: Channel, ana: Person
) -> None:
    thread = await _post(bot, support)
    card = thread.get_partial_message(thread.id)
    await thread.edit(archived=True)

    with pytest.raises(discord.HTTPException) as refused:
        await card.edit(content="changed")
    await ana.says(str(thread.id), "still there?")

    assert refused.value.code == 50083
    assert not sim.threads(support)[0].own_thread.archived
    assert (await card.edit(content="changed")).content == "changed"


async def test_a_locked_post_takes_no_line_from_people(
    bot: Bot, support: Channel, ana: Person
) -> None:
    thread = await _post(bot, support)
    await thread.edit(archived=True, locked=True)

    with pytest.raises(AssertionError, match="locked"):
        await ana.says(str(thread.id), "hello?")


async def test_silence_archives(sim: DiscordSimulator, bot: Bot, support: Channel) -> None:
    thread = await _post(bot, support)
    await thread.edit(auto_archive_duration=60)
    later = sim.world.now() + 3_601
    sim.world.now = lambda: later

    sim.archive_silent()

    assert sim.threads(support)[0].own_thread.archived
    await sim.until(lambda: [one for one in _updates(bot) if one["archived"]])


def _updates(bot: Bot) -> list[dict[str, bool]]:
    return [one.data["thread_metadata"] for one in bot.heard("raw_thread_update")]


async def test_there_is_a_most_of_active_threads(
    sim: DiscordSimulator, bot: Bot, support: Channel
) -> None:
    sim.turn(Quirks(max_active_threads=1))
    first = await _post(bot, support)

    with pytest.raises(discord.HTTPException) as refused:
        await _post(bot, support, "another")
    await first.edit(archived=True)

    assert refused.value.code == 160006
    second = await _post(bot, support, "another")
    assert [one.id for one in sim.world.active_threads(str(second.guild.id))] == [str(second.id)]


async def test_a_title_has_at_most_a_hundred_characters(bot: Bot, support: Channel) -> None:
    with pytest.raises(discord.HTTPException, match="In name: Must be 100 or fewer in length"):
        await _post(bot, support, "x" * 101)


async def test_only_members_see_a_private_thread(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person, bo: Person
) -> None:
    thread = await bot.place(room.id).create_thread(name="private", invitable=False)
    await thread.add_user(discord.Object(int(ana.id)))
    before = (ana.sees(str(thread.id)), bo.sees(str(thread.id)))
    await ana.says(str(thread.id), "secret")
    await thread.remove_user(discord.Object(int(ana.id)))

    assert before == (True, False)
    assert not ana.sees(str(thread.id))
    await sim.until(lambda: bot.texts() == ["secret"])


async def test_a_thread_grows_under_a_message_once(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    line = await ana.says(room, "help")
    message = bot.place(room.id).get_partial_message(int(line.id))

    thread = await message.create_thread(name="help")
    with pytest.raises(discord.HTTPException) as refused:
        await message.create_thread(name="help")

    assert str(thread.id) == line.id
    assert refused.value.code == 160004


async def test_a_deleted_thread_is_gone_for_the_bot(
    sim: DiscordSimulator, bot: Bot, support: Channel
) -> None:
    thread = await _post(bot, support)
    sim.delete(sim.threads(support)[0])

    await sim.until(lambda: bot.heard("raw_thread_delete"))
    with pytest.raises(discord.NotFound) as refused:
        await thread.send("anybody?")

    assert refused.value.code == 10003


async def test_the_bot_makes_a_forum_with_tags(
    sim: DiscordSimulator, bot: Bot, guild: Guild, app_rights: None
) -> None:
    there = bot.get_guild(int(guild.id))
    assert there is not None

    forum = await there.create_forum("queue", available_tags=[discord.ForumTag(name="high")])

    assert [one.name for one in forum.available_tags] == ["high"]
    assert sim.world.channels[str(forum.id)].tags[0].name == "high"


@pytest.fixture
def app_rights(sim: DiscordSimulator, guild: Guild) -> None:
    """The bot may manage channels."""
    sim.allow(next(iter(sim.world.apps.values())), guild, 1 << 3)


async def test_active_and_archived_threads_are_listed(
    bot: Bot, support: Channel, guild: Guild
) -> None:
    kept, closed = await _post(bot, support, "kept"), await _post(bot, support, "closed")
    await closed.edit(archived=True)
    there = bot.get_guild(int(guild.id))
    assert there is not None

    active = [one.id for one in await there.active_threads()]
    archived = [one.id async for one in bot.forum(support.id).archived_threads()]

    assert (active, archived) == ([kept.id], [closed.id])
