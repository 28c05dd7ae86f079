"""`deskbridge connect discord`: one token, checks, rooms, a press of a button."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.setup.connecting import FEWEST_LEFT, DiscordConnecting
from bridge.adapters.workspaces.discord.setup.joining import Patience
from bridge.adapters.workspaces.discord.setup.permissions import ALL, PERMISSIONS
from bridge.adapters.workspaces.discord.tag_names import every_tag
from bridge.cli.ask import Client
from bridge.cli.client import ask_desk
from bridge.cli.connecting import connect_platform
from bridge.cli.starter import write_starter
from bridge.commands.registry import declared
from bridge.domain.errors import InvalidSettings
from bridge.ports.connecting import AppWish, Connected
from bridge.settings import Settings, load
from bridge.simulators.common.wire import arr, obj, txt
from bridge.simulators.discord import (
    INVITE,
    App,
    Channel,
    DiscordSimulator,
    Fault,
    Guild,
    Message,
    Person,
    Quirks,
    Timing,
)
from bridge.simulators.discord import permissions as bits
from tests.adapters.sitter import Sitter

FORUM = 15


class Scene:
    """A Discord with a server whose owner sits at the terminal, and a bot in no server."""

    def __init__(self, discord: DiscordSimulator, *, reads_content: bool = True) -> None:
        self.discord = discord
        self.guild: Guild = discord.guild("Acme", owner="olga")
        self.olga = discord.person("olga", self.guild)
        self.app: App = discord.application(reads_content=reads_content)
        self.wish = AppWish(api_url=discord.api_url)

    def channel(self, name: str) -> Channel:
        return self.discord.world.named(name, self.guild.id)

    async def button(self, room: str) -> Message:
        """The message with the button, once it is there; pressed, it has none any more."""

        def look() -> Message | None:
            there = [one for one in self.discord.world.channels.values() if one.name == room]
            found = [
                message
                for one in there
                for message in self.discord.messages(one)
                if message.components
            ]
            return found[0] if found else None

        return await self.discord.until(look)

    async def press(self, who: Person, room: str = "monitor") -> None:
        message = await self.button(room)
        (row,) = message.components
        (button,) = arr(obj(row)["components"])
        outcome = await who.presses(message, txt(obj(button)["custom_id"]))
        assert outcome.answered

    async def connect(
        self, sitter: Sitter, *acts: Callable[[], Awaitable[object]], seconds: float = 30.0
    ) -> Connected:
        """Connect, while people do this one after another."""
        patience = Patience(seconds=seconds, pause=0.02)
        connecting = asyncio.create_task(
            DiscordConnecting(patience).connect(sitter, declared(), self.wish)
        )
        for act in acts:
            await act()
        return await connecting


@asynccontextmanager
async def scene(*, reads_content: bool = True, identifies: int = 1_000) -> AsyncIterator[Scene]:
    async with DiscordSimulator.running(
        timing=Timing(answer_within=20.0), quirks=Quirks(identifies_per_day=identifies)
    ) as discord:
        yield Scene(discord, reads_content=reads_content)


async def test_whoever_presses_the_button_may_be_the_first_admin() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        sitter = Sitter(at.app.token, yes=[True, True])

        connected = await at.connect(sitter, partial(at.press, at.olga))

        assert DiscordSettings.model_validate(connected.settings).guild == at.guild.id
        assert connected.settings["bot_token"] == at.app.token
        assert connected.admin is not None
        assert (connected.admin.id, connected.handle) == (at.olga.id, "olga")
        assert "It works" in at.discord.messages(at.channel("monitor"))[-1].content


async def test_one_paste_is_all_that_is_asked_for() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        sitter = Sitter(at.app.token, yes=[True, True])

        await at.connect(sitter, partial(at.press, at.olga))

        typed = [question for question, secret in sitter.asked if "token" in question]
        assert len(typed) == 1
        assert [secret for _, secret in sitter.asked] == [True, False, False]


async def test_rooms_are_made_with_tags_for_admins_alone() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        bo = at.discord.person("bo", at.guild)

        await at.connect(Sitter(at.app.token, yes=[True, True]), partial(at.press, at.olga))

        forum = at.channel("support")
        assert forum.type == FORUM
        assert [tag.name for tag in forum.tags] == list(every_tag("en"))
        assert forum.parent_id == at.channel("Deskbridge").id == at.channel("monitor").parent_id
        assert not bo.sees(forum)
        assert at.olga.sees(forum)


async def test_made_twice_the_rooms_are_there_once() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        await at.connect(Sitter(at.app.token, yes=[True, True]), partial(at.press, at.olga))
        before = set(at.discord.world.channels)

        again = Sitter(at.app.token, yes=[True, True])
        await at.connect(again, partial(at.press, at.olga))

        assert set(at.discord.world.channels) == before


async def test_a_server_without_forums_gets_a_text_channel() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        route = "POST /guilds/{guild_id}/channels"
        at.discord.fault(Fault(route=route, nth=2, kind="error", status=400, code=50024))
        sitter = Sitter(at.app.token, yes=[True, True])

        await at.connect(sitter, partial(at.press, at.olga))

        assert at.channel("support").type == 0
        assert "takes no forums" in sitter.said()


async def test_the_invite_link_asks_for_what_is_used_and_the_join_is_waited_for() -> None:
    async with scene() as at:
        sitter = Sitter(at.app.token, yes=[True, True])

        async def invited() -> None:
            await at.discord.until(lambda: "oauth2/authorize" in sitter.said())
            at.discord.invite(at.app, at.guild, ALL)

        connected = await at.connect(sitter, invited, partial(at.press, at.olga))

        link = next(word for word in sitter.said().split() if "oauth2/authorize" in word)
        assert f"client_id={at.app.id}&scope=bot+applications.commands" in link
        assert link.endswith(f"permissions={ALL}")
        assert connected.settings["guild"] == at.guild.id


def test_the_bot_never_asks_to_mention_everyone_to_use_webhooks_or_to_be_an_administrator() -> None:
    forbidden = (
        bits.MENTION_EVERYONE | bits.MANAGE_WEBHOOKS | bits.ADMINISTRATOR | bits.MANAGE_ROLES
    )

    assert ALL & forbidden == 0
    assert sum(PERMISSIONS.values()) == ALL


async def test_a_lacking_permission_is_named_and_waited_for() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, INVITE & ~bits.MANAGE_THREADS)
        sitter = Sitter(at.app.token, yes=[True, True])

        async def allowed() -> None:
            await at.discord.until(lambda: "lacks" in sitter.said())
            at.discord.allow(at.app, at.guild, ALL)

        await at.connect(sitter, allowed, partial(at.press, at.olga))

        assert "It lacks: Manage Channels, Manage Threads." in sitter.said()


async def test_the_message_content_intent_is_switched_on() -> None:
    async with scene(reads_content=False) as at:
        at.discord.invite(at.app, at.guild, ALL)
        sitter = Sitter(at.app.token, yes=[True, True])

        await at.connect(sitter, partial(at.press, at.olga))

        assert "it is on now" in sitter.said()
        assert at.discord.app(at.app).reads_content


async def test_what_the_api_may_not_switch_a_person_is_led_to() -> None:
    async with scene(reads_content=False) as at:
        at.discord.invite(at.app, at.guild, ALL)
        at.discord.fault(
            Fault(route="PATCH /applications/@me", kind="error", status=403, code=50001, times=9)
        )
        sitter = Sitter(at.app.token, yes=[False])

        with pytest.raises(InvalidSettings, match="nothing was changed"):
            await at.connect(sitter)

        assert any("Message Content Intent" in question for question, _ in sitter.asked)


async def test_what_is_no_token_is_asked_for_again() -> None:
    async with scene() as at:
        slips = (at.app.id, at.app.public_key, f"Bot {at.app.token}x")
        sitter = Sitter(*slips)

        with pytest.raises(InvalidSettings, match="nothing was changed"):
            await at.connect(sitter)

        assert sitter.told[1].startswith("That is no bot token")
        assert sitter.told[2].startswith("That is no bot token")
        assert sitter.told[3].startswith("Discord does not take it")
        assert all(at.app.token not in line for line in sitter.told)


async def test_whoever_was_not_meant_is_refused_and_another_room_is_taken() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        at.discord.channel(at.guild, "hall")
        bo = at.discord.person("bo", at.guild)
        sitter = Sitter(at.app.token, "nowhere", "#hall", "hall", yes=[False, False, True])

        connected = await at.connect(
            sitter, partial(at.press, bo, "hall"), partial(at.press, at.olga, "hall")
        )

        assert connected.handle == "olga"
        assert "There is no text channel nowhere" in sitter.said()


async def test_with_several_servers_one_is_chosen() -> None:
    async with scene() as at:
        other = at.discord.guild("Other", owner="otto")
        for guild in (at.guild, other):
            at.discord.invite(at.app, guild, ALL)
        otto = at.discord.person("otto", other)
        sitter = Sitter(at.app.token, "Nobody's", "other", yes=[True, True])

        connected = await at.connect(sitter, partial(at.press, otto))

        assert connected.settings["guild"] == other.id
        assert "in no server called nobody's" in sitter.said()


async def test_the_desk_is_left_the_sessions_that_it_needs() -> None:
    async with scene(identifies=FEWEST_LEFT - 1) as at:
        at.discord.invite(at.app, at.guild, ALL)

        with pytest.raises(InvalidSettings, match="tomorrow"):
            await at.connect(Sitter(at.app.token, yes=[True]))

        assert at.discord.app(at.app).token == at.app.token


async def test_an_address_for_events_is_nothing_for_discord() -> None:
    async with scene() as at:
        at.wish = AppWish(api_url=at.discord.api_url, url="https://desk.example.com/discord")

        with pytest.raises(InvalidSettings, match="Leave --http"):
            await at.connect(Sitter(at.app.token))


async def test_a_button_that_nobody_pressed_is_taken_back() -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        sitter = Sitter(at.app.token, yes=[True])

        with pytest.raises(InvalidSettings):
            await at.connect(sitter, seconds=0.2)

        assert at.discord.messages(at.channel("monitor")) == []
        assert "Nobody pressed it in #monitor" in sitter.said()


async def test_what_was_proved_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        target = tmp_path / "deskbridge.toml"
        write_starter(target, brand="Casa Aurora", language="en")
        sitter = Sitter(at.app.token, yes=[True, True])
        connecting = asyncio.create_task(
            connect_platform(sitter, target, "discord", "guild", at.wish)
        )

        await at.press(at.olga)
        await connecting

        settings = load(target, {}).workspaces["guild"].settings
        assert isinstance(settings, DiscordSettings)
        assert settings.bot_token.get_secret_value() == at.app.token
        assert target.stat().st_mode & 0o077 == 0


# --- the rooms that were made -----------------------------------------------------------------


async def connected_to(at: Scene, folder: Path, *answers: str) -> tuple[Settings, Sitter]:
    """A fresh desk, or the one of this folder, connected with rooms of its own."""
    target = folder / "deskbridge.toml"
    if not target.exists():
        write_starter(target, brand="Casa Aurora", language="en")
    sitter = Sitter(at.app.token, *answers, yes=[True, True, True])
    connecting = connect_platform(sitter, target, "discord", "guild", at.wish)
    async with asyncio.TaskGroup() as group:
        group.create_task(connecting)
        await at.press(at.olga)
    return load(target, {}), sitter


async def bound(settings: Settings) -> dict[str, list[str]]:
    """The rooms of each queue, as a desk of these settings has them."""

    async def look(desk: Client) -> dict[str, list[str]]:
        rows = (await desk.get("/v1/queues"))["queues"]
        return {row["name"]: row["rooms"] for row in rows}

    return await ask_desk(settings, look)


async def test_the_new_rooms_of_a_new_desk_are_bound_to_a_queue_and_to_the_monitor(
    tmp_path: Path,
) -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)

        settings, sitter = await connected_to(at, tmp_path)

        assert at.channel("support").id in (await bound(settings))["support"]
        assert "#monitor is the room in which admins see" in sitter.said()
        assert "Next: deskbridge run" in sitter.told[-1]


async def test_of_several_queues_one_is_chosen_for_the_new_room(tmp_path: Path) -> None:
    async with scene() as at:
        at.discord.invite(at.app, at.guild, ALL)
        settings, _ = await connected_to(at, tmp_path)
        await ask_desk(
            settings,
            lambda desk: desk.send("POST", "/v1/queues", {"name": "sales", "title": "Sales"}),
        )
        (tmp_path / "deskbridge.toml").unlink()
        (tmp_path / "menu.toml").unlink()

        settings, sitter = await connected_to(at, tmp_path, "nonsense", "Sales")

        queues, forum = await bound(settings), at.channel("support").id
        assert (forum in queues["sales"], forum in queues["support"]) == (True, False)
        assert sum("support, sales" in question for question, _ in sitter.asked) == 2
