"""What `doctor` says of a Discord server, well and badly set up."""

from collections.abc import AsyncIterator

import pytest

from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.setup.diagnosing import Diagnosis
from bridge.adapters.workspaces.discord.setup.permissions import ALL
from bridge.adapters.workspaces.discord.tag_names import every_tag
from bridge.domain.ids import RoomRef
from bridge.ports.plugin import Check
from bridge.simulators.discord import App, Channel, DiscordSimulator, Guild
from bridge.simulators.discord import permissions as bits


class Place:
    """A server with a forum, and a bot that may do everything in it."""

    def __init__(self, discord: DiscordSimulator) -> None:
        self.discord = discord
        self.guild: Guild = discord.guild("Acme", owner="olga")
        self.app: App = discord.application()
        discord.invite(self.app, self.guild, ALL)
        self.forum: Channel = discord.forum(self.guild, "support", *every_tag("en"))
        self.most = 1_000

    async def doctor(self, *rooms: str) -> dict[str, Check]:
        """Every check by its name."""
        settings = DiscordSettings.model_validate(
            {
                "bot_token": self.app.token,
                "guild": self.guild.id,
                "api_url": self.discord.api_url,
                "active_threads": self.most,
            }
        )
        diagnosis, refs = Diagnosis(settings, "en"), [RoomRef(one) for one in rooms]
        found = (*await diagnosis.checks(), *await diagnosis.of_rooms(refs, refs))
        return {check.name: check for check in found}


@pytest.fixture
async def at() -> AsyncIterator[Place]:
    async with DiscordSimulator.running() as discord:
        yield Place(discord)


async def test_a_server_that_is_set_up_well_has_nothing_to_be_done(at: Place) -> None:
    found = await at.doctor(at.forum.id)

    assert [name for name, check in found.items() if not check.ok or check.fix] == []
    assert found["room #support"].detail == "a forum with its tags"


async def test_a_token_that_was_reset_is_the_only_thing_said(at: Place) -> None:
    at.discord.reset_token(at.app)

    found = await at.doctor(at.forum.id)

    assert list(found) == ["token"]
    assert "connect discord" in found["token"].fix


async def test_a_bot_that_was_thrown_out_is_to_be_invited_again(at: Place) -> None:
    at.discord.kick(at.app, at.guild)

    found = await at.doctor(at.forum.id)

    assert f"guild_id={at.guild.id}" in found[f"server {at.guild.id}"].fix


async def test_the_switch_for_message_content_is_looked_at(at: Place) -> None:
    app = at.discord.application("Deaf", reads_content=False)
    at.discord.invite(app, at.guild, ALL)
    at.app = app

    found = await at.doctor()

    assert not found["message content"].ok
    assert f"applications/{app.id}/bot" in found["message content"].fix


async def test_what_the_bot_lacks_is_named(at: Place) -> None:
    at.discord.allow(at.app, at.guild, ALL & ~bits.MANAGE_THREADS)

    found = await at.doctor()

    assert found["permissions"].detail == "the bot lacks Manage Threads"


async def test_a_room_that_takes_a_permission_away_is_named(at: Place) -> None:
    hidden = at.discord.channel(at.guild, "hidden", only_for=(at.discord.person("olga"),))

    found = await at.doctor(hidden.id)

    room = found["room #hidden"]
    assert not room.ok
    assert "View Channels" in room.detail


async def test_a_room_that_is_gone_is_said(at: Place) -> None:
    at.discord.delete(at.forum)

    found = await at.doctor(at.forum.id)

    assert "/queues bind" in found[f"room {at.forum.id}"].fix


async def test_missing_tags_are_a_warning(at: Place) -> None:
    bare = at.discord.forum(at.guild, "bare", "Waiting")

    found = await at.doctor(bare.id)

    assert found["room #bare"].ok
    assert found["room #bare"].warning
    assert "Urgent" in found["room #bare"].detail


async def test_a_server_that_fills_up_with_threads_is_a_warning(at: Place) -> None:
    at.most = 10
    olga = at.discord.person("olga")
    for number in range(9):
        await olga.opens_thread(at.forum, f"thread {number}", "hello")

    found = await at.doctor()

    assert found["threads"].warning
    assert found["threads"].detail == "9 of 10 threads are open"


async def test_without_a_bound_room_it_is_said_that_nothing_appears(at: Place) -> None:
    found = await at.doctor()

    assert found["rooms"].warning
    assert "/queues" in found["rooms"].fix


async def test_a_room_that_takes_no_threads_is_said(at: Place) -> None:
    voice = at.discord.channel(at.guild, "talking", kind=2)

    found = await at.doctor(voice.id)

    assert (found["room #talking"].ok, found["room #talking"].detail) == (False, "takes no threads")
