"""Messages of the bot and of people, through the real discord.py."""

import io

import discord
import pytest

from bridge.simulators.discord import App, Channel, DiscordSimulator, Guild, Person
from tests.simulators.discord.bots import Bot


async def test_a_line_of_the_bot_stands_in_the_channel_and_in_the_ledger(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    sent = await bot.place(room.id).send("hello")

    assert [one.content for one in sim.messages(room)] == ["hello"]
    entry = sim.ledger.entries[-1]
    assert entry["what"] == "POST /channels/{channel_id}/messages"
    assert entry["result"] == {"id": str(sent.id), "pings": [], "files": []}


async def test_the_bot_hears_what_people_write_change_and_take_away(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    line = await ana.says(room, "one")
    await ana.edits(line, "two")
    await ana.deletes(line)

    await sim.until(lambda: bot.heard("raw_message_delete"))
    assert bot.texts() == ["one"]
    assert bot.heard("raw_message_edit")[0].data["content"] == "two"
    assert bot.heard("raw_message_delete")[0].message_id == int(line.id)


async def test_the_same_nonce_gives_the_same_message(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    first = await bot.place(room.id).send("once", nonce="delivery-1")
    again = await bot.place(room.id).send("once", nonce="delivery-1")

    assert again.id == first.id
    assert len(sim.messages(room)) == 1


async def test_the_nonce_of_a_deleted_message_is_refused(
    sim: DiscordSimulator, bot: Bot, room: Channel
) -> None:
    first = await bot.place(room.id).send("once", nonce="delivery-1")
    await first.delete()

    with pytest.raises(discord.NotFound) as refused:
        await bot.place(room.id).send("once", nonce="delivery-1")

    assert refused.value.code == 10008


async def test_a_text_that_is_too_long_is_refused_by_its_field(bot: Bot, room: Channel) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await bot.place(room.id).send("x" * 2_001)

    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert "In content: Must be 2000 or fewer in length." in str(refused.value)


async def test_embeds_together_have_a_limit_of_their_own(bot: Bot, room: Channel) -> None:
    embeds = [discord.Embed(description="x" * 4_000), discord.Embed(description="y" * 2_001)]

    with pytest.raises(discord.HTTPException) as refused:
        await bot.place(room.id).send(embeds=embeds)

    assert "Embed size exceeds maximum size of 6000" in str(refused.value)


async def test_nothing_pings_where_nothing_is_allowed(
    sim: DiscordSimulator, bot: Bot, app: App, guild: Guild, room: Channel, ana: Person, bo: Person
) -> None:
    sim.allow(app, guild, 1 << 3)
    agents = sim.role(guild, "Agents", ana, mentionable=True)

    await bot.place(room.id).send(f"@everyone @here <@&{agents.id}> <@{bo.id}>")

    assert ana.pings() == bo.pings() == []


async def test_exactly_the_allowed_user_is_pinged(
    bot: Bot, room: Channel, ana: Person, bo: Person
) -> None:
    only = discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(int(ana.id))], replied_user=False
    )

    await bot.place(room.id).send(f"<@{ana.id}> <@{bo.id}>", allowed_mentions=only)

    assert len(ana.pings()) == 1
    assert bo.pings() == []


async def test_a_bot_without_a_default_pings_everybody_it_names(
    sim: DiscordSimulator, bot: Bot, app: App, guild: Guild, room: Channel, ana: Person, bo: Person
) -> None:
    sim.allow(app, guild, 1 << 3)

    everything = discord.AllowedMentions.all()
    await bot.place(room.id).send("@everyone", allowed_mentions=everything)

    assert len(ana.pings()) == len(bo.pings()) == 1


async def test_a_mention_in_code_pings_nobody(room: Channel, ana: Person, bo: Person) -> None:
    await ana.says(room, f"`<@{bo.id}>`")
    await ana.says(room, "hello @bo")

    assert len(bo.pings()) == 1


async def test_files_go_both_ways_byte_for_byte(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    content = bytes(range(256)) * 50

    await bot.place(room.id).send(file=discord.File(io.BytesIO(content), "out.bin"))
    await ana.uploads(room, "in.bin", content[::-1])
    await sim.until(lambda: [one for one in bot.heard("message") if not one.author.bot])
    heard = next(one for one in bot.heard("message") if not one.author.bot)

    assert sim.messages(room)[0].attachments[0].content == content
    assert await heard.attachments[0].read() == content[::-1]


async def test_a_file_beyond_the_guilds_limit_is_refused(bot: Bot, room: Channel) -> None:
    big = discord.File(io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "big.bin")

    with pytest.raises(discord.HTTPException) as refused:
        await bot.place(room.id).send(file=big)

    assert (refused.value.status, refused.value.code) == (413, 40005)


async def test_reactions_are_seen_by_both_sides(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person
) -> None:
    line = await ana.says(room, "one")
    await bot.place(room.id).get_partial_message(int(line.id)).add_reaction("✅")
    await ana.reacts(line, "👍")

    await sim.until(lambda: len(bot.heard("raw_reaction_add")) == 2)
    assert [one.emoji for one in sim.messages(room)[0].reactions] == ["✅", "👍"]


async def test_history_after_a_cursor_comes_in_pages_and_in_order(
    bot: Bot, room: Channel, ana: Person
) -> None:
    lines = [await ana.says(room, str(n)) for n in range(120)]

    cursor = discord.Object(int(lines[9].id))
    found = [one async for one in bot.place(room.id).history(after=cursor, limit=None)]

    assert [one.content for one in found] == [str(n) for n in range(10, 120)]


async def test_people_do_what_they_do_in_a_reply(
    sim: DiscordSimulator, bot: Bot, room: Channel, ana: Person, bo: Person
) -> None:
    line = await ana.says(room, "question")
    await bo.replies(line, "answer")

    await sim.until(lambda: len(bot.texts()) == 2)
    reply = bot.heard("message")[1]
    assert reply.type is discord.MessageType.reply
    assert reply.reference.resolved.content == "question"
    assert len(ana.pings()) == 1
