"""The simulated Discord before it listens: making guilds, people and apps, and waiting."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bridge.simulators.common.ledger import Ledger
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.faults import EventFault, Fault, Faults
from bridge.simulators.discord.gateway.hub import Hub
from bridge.simulators.discord.house import House
from bridge.simulators.discord.limits import Limits, Meter
from bridge.simulators.discord.person import Person, Room
from bridge.simulators.discord.settings import Quirks, Timing
from bridge.simulators.discord.state import guilds, rooms, threads
from bridge.simulators.discord.state.records import (
    FORUM,
    TEXT,
    App,
    Channel,
    Guild,
    Message,
    Overwrite,
    Role,
    Tag,
    User,
)
from bridge.simulators.discord.state.world import World

T = TypeVar("T")
INVITE = 2252195487935552
"""The permissions that Deskbridge's invite link asks for."""


class Server:
    """One Discord with its guilds. What is made here is made without a ledger entry."""

    def __init__(
        self,
        *,
        ledger: Path | None = None,
        limits: Limits | None = None,
        timing: Timing | None = None,
        quirks: Quirks | None = None,
        now: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        """Without `limits` nothing is limited; without `ledger` it is kept in memory only."""
        self.world = World(now=now, seed=seed, timing=timing or Timing(), quirks=quirks or Quirks())
        self.faults = Faults()
        self.ledger = Ledger(ledger, now)
        self.meter = Meter(limits or Limits.off(), time.monotonic)
        self.hub = Hub(self.world, self.faults)
        self.house = House(world=self.world, ledger=self.ledger, hub=self.hub, faults=self.faults)

    # ------------------------------------------------------------ making

    def guild(self, name: str, *, owner: str = "owner", premium_tier: int = 0) -> Guild:
        """A server with an owner, a person of that name, and the role @everyone."""
        world = self.world
        who = self._user(owner)
        guild = Guild(
            id=world.mint.snowflake(), name=name, owner_id=who.id, premium_tier=premium_tier
        )
        world.guilds[guild.id] = guild
        world.members[guild.id], world.bans[guild.id] = {}, {}
        everyone = Role(
            id=guild.id, guild_id=guild.id, name="@everyone", position=0, permissions=bits.EVERYONE
        )
        guilds.put_role(world, everyone, is_new=True)
        guilds.join(world, guild.id, who.id)
        world.changes.release()
        return guild

    def _user(self, name: str, *, locale: str = "en-US", bot: bool = False) -> User:
        user = User(
            id=self.world.mint.snowflake(),
            name=name,
            global_name=None if bot else name.title(),
            bot=bot,
            locale=locale,
        )
        self.world.users[user.id] = user
        return user

    def person(self, name: str, *guilds_: Guild, locale: str = "en-US") -> Person:
        """Somebody by his name or id, made if there is none yet, in these guilds."""
        world = self.world
        found = world.users.get(name) or next(
            (one for one in world.users.values() if one.name == name and not one.bot), None
        )
        user = found or self._user(name, locale=locale)
        for guild in guilds_:
            if user.id not in world.members[guild.id]:
                guilds.join(world, guild.id, user.id)
        world.changes.release()
        return Person(self.house, user.id)

    def role(
        self,
        guild: Guild,
        name: str,
        *people: Person,
        permissions: int = 0,
        mentionable: bool = False,
    ) -> Role:
        """A role, given to some people."""
        world = self.world
        role = Role(
            id=world.mint.snowflake(),
            guild_id=guild.id,
            name=name,
            permissions=permissions,
            mentionable=mentionable,
            position=len(world.roles_of(guild.id)),
        )
        guilds.put_role(world, role, is_new=True)
        for person in people:
            member = world.member(guild.id, person.id)
            guilds.put_member(world, replace(member, roles=(*member.roles, role.id)))
        world.changes.release()
        return role

    def application(
        self, name: str = "Deskbridge", *, reads_content: bool = True, members: bool = False
    ) -> App:
        """A registered application with its bot, in no guild yet."""
        mint = self.world.mint
        bot = self._user(name, bot=True)
        app = App(
            id=mint.snowflake(),
            name=name,
            token=mint.bot_token(bot.id),
            bot_id=bot.id,
            public_key=mint.secret(64),
            owner=self.person("owner").user,
            flags=1 << 19 if reads_content else 0,
            members_intent=members,
        )
        self.world.apps[app.id] = app
        return app

    def invite(self, app: App, guild: Guild, permissions: int = INVITE) -> None:
        """Somebody opens the invite link: the bot joins."""
        guilds.admit(self.world, guild.id, app, permissions)
        self.world.changes.release()

    def kick(self, app: App, guild: Guild) -> None:
        """The bot is thrown out."""
        guilds.leave(self.world, guild.id, app.bot_id)
        self.world.changes.release()

    def channel(
        self,
        guild: Guild,
        name: str,
        *,
        only_for: tuple[Person | Role | App, ...] = (),
        kind: int = TEXT,
        tags: tuple[str, ...] = (),
    ) -> Channel:
        """A channel for everybody, or only for some."""
        mint = self.world.mint
        channel = Channel(
            id=mint.snowflake(),
            guild_id=guild.id,
            type=kind,
            name=name,
            overwrites=_closed(guild, only_for),
            tags=tuple(Tag(id=mint.snowflake(), name=one) for one in tags),
        )
        rooms.made(self.world, channel)
        self.world.changes.release()
        return channel

    def forum(self, guild: Guild, name: str, *tags: str) -> Channel:
        """A forum with tags."""
        return self.channel(guild, name, kind=FORUM, tags=tags)

    def delete(self, channel: Channel) -> None:
        """A channel or thread is taken away."""
        rooms.delete(self.world, self.world.channel(channel.id))
        self.world.changes.release()

    def allow(self, app: App, guild: Guild, permissions: int) -> None:
        """Another set of permissions for the bot's own role."""
        for role in self.world.roles_of(guild.id):
            if role.bot_id == app.bot_id:
                guilds.put_role(self.world, replace(role, permissions=permissions))
        self.world.changes.release()

    # ------------------------------------------------------------ looking and waiting

    def app(self, app: App) -> App:
        """An app as it is now."""
        return self.world.apps[app.id]

    def messages(self, room: Room) -> list[Message]:
        """What stands in a channel, oldest first."""
        channel = self._room(room)
        found = self.world.messages.get(channel.id, {}).values()
        return sorted(found, key=lambda one: int(one.id))

    def threads(self, room: Room) -> list[Channel]:
        """The threads of a channel, archived or not, oldest first."""
        parent = self._room(room)
        found = [one for one in self.world.channels.values() if one.parent_id == parent.id]
        return sorted((one for one in found if one.is_thread), key=lambda one: int(one.id))

    def _room(self, room: Room) -> Channel:
        if isinstance(room, Channel):
            return self.world.channel(room.id)
        return self.world.channels.get(room) or self.world.named(room)

    async def until(self, look: Callable[[], T | None], within: float = 30.0) -> T:
        """What `look` gives as soon as it is something true. Raises `GaveUpWaiting`."""
        return await self.world.changes.until(look, within)

    async def message_in(
        self, room: Room, which: Callable[[Message], bool] = bool, within: float = 30.0
    ) -> Message:
        """The newest message of a channel that fits, now or soon."""

        def look() -> Message | None:
            return next((one for one in reversed(self.messages(room)) if which(one)), None)

        return await self.until(look, within)

    async def connected(self, app: App, within: float = 30.0) -> None:
        """Wait until the app's bot is at the gateway."""
        await self.until(lambda: self.hub.connected(app), within)

    # ------------------------------------------------------------ trouble

    def fault(self, fault: Fault | EventFault) -> None:
        """From now on something goes wrong."""
        self.faults.add(fault)

    def limit(self, limits: Limits) -> None:
        """Other limits from now on; what was counted stays."""
        self.meter.limits = limits

    def turn(self, quirks: Quirks) -> None:
        """Other quirks from now on."""
        self.world.quirks = quirks

    def reset_token(self, app: App) -> App:
        """The old token is worth nothing any more."""
        app = replace(self.world.apps[app.id], token=self.world.mint.bot_token(app.bot_id))
        self.world.apps[app.id] = app
        return app

    def archive_silent(self) -> None:
        """Look for threads that were silent for too long, as every request does."""
        threads.archive_silent(self.world)
        self.world.changes.release()


def _closed(guild: Guild, only_for: tuple[Person | Role | App, ...]) -> tuple[Overwrite, ...]:
    if not only_for:
        return ()
    found = [Overwrite(id=guild.id, type=0, deny=bits.VIEW)]
    for one in only_for:
        target = one.bot_id if isinstance(one, App) else one.id
        found.append(Overwrite(id=target, type=int(not isinstance(one, Role)), allow=bits.VIEW))
    return tuple(found)
