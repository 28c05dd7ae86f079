"""All that is known, and the one way in which it is told."""

from collections.abc import Callable
from dataclasses import replace

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.changes import Batches, Happening
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.settings import Quirks, Timing
from bridge.simulators.discord.state.mint import Mint
from bridge.simulators.discord.state.records import (
    DM,
    PRIVATE_THREAD,
    App,
    Attachment,
    Channel,
    Command,
    Guild,
    Interaction,
    Member,
    Message,
    Modal,
    Role,
    User,
    Webhook,
)

SCREEN = "screen"
"""The happening of which only a person's own page hears."""
NO_APP = ""
ARCHIVES_EVERY = 1.0
"""Seconds between looks for threads that have been silent for too long."""


class World:
    """Servers, people and what they wrote. Values are replaced, never changed."""

    def __init__(
        self, *, now: Callable[[], float], seed: int | None, timing: Timing, quirks: Quirks
    ) -> None:
        self.now = now
        self.mint = Mint(now, seed)
        self.timing = timing
        self.quirks = quirks
        self.changes = Batches()
        self.address = ""
        self.apps: dict[str, App] = {}
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.roles: dict[str, Role] = {}
        self.members: dict[str, dict[str, Member]] = {}
        self.bans: dict[str, dict[str, str | None]] = {}
        self.channels: dict[str, Channel] = {}
        self.threads: dict[str, set[str]] = {}
        """Threads that are not archived, by guild."""
        self.messages: dict[str, dict[str, Message]] = {}
        self.whispers: dict[str, Message] = {}
        """Ephemeral messages, by id."""
        self.nonces: dict[tuple[str, str], tuple[float, str, str]] = {}
        """(author, nonce) to when, channel and message."""
        self.webhooks: dict[str, Webhook] = {}
        self.commands: dict[str, Command] = {}
        self.creates: dict[str, list[float]] = {}
        """When commands were created, by app and place."""
        self.interactions: dict[str, Interaction] = {}
        self.tokens: dict[str, str] = {}
        """An interaction's token to its id."""
        self.modals: list[Modal] = []
        self.files: dict[str, Attachment] = {}
        self._looked = 0.0

    # ------------------------------------------------------------ telling

    def tell(
        self,
        event: str,
        data: JsonObject,
        *,
        guild: str | None,
        channel: str | None = None,
        only: str | None = None,
        about: str | None = None,
    ) -> None:
        """Tell every bot that may hear it. `only` one app, or `about` this bot in any case."""
        extra: JsonObject = {"guild": guild}
        self.changes.add(
            Happening(
                kind=event, event=data, channel=channel, only_app=only, user=about, extra=extra
            )
        )

    def screen_changed(self, user_id: str) -> None:
        """Somebody is shown something else, and nobody but his own page hears of it."""
        self.changes.add(Happening(kind=SCREEN, user=user_id, only_app=NO_APP))

    def show(self, modal: Modal) -> None:
        """A form comes up on somebody's screen."""
        self.modals.append(modal)
        self.screen_changed(modal.user_id)

    def dismiss(self, modal: Modal) -> None:
        """It is gone from there."""
        self.modals.remove(modal)
        self.screen_changed(modal.user_id)

    # ------------------------------------------------------------ finding

    def app_of(self, token: str) -> App:
        """The app with a bot token. Raises 401."""
        for app in self.apps.values():
            if app.token == token:
                return app
        raise DiscordRefused(0)

    def app_with_bot(self, user_id: str) -> App | None:
        """The app whose bot this is, if it is one."""
        return next((one for one in self.apps.values() if one.bot_id == user_id), None)

    def guild(self, guild_id: str) -> Guild:
        """Raises 10004."""
        if guild_id not in self.guilds:
            raise DiscordRefused(10004)
        return self.guilds[guild_id]

    def channel(self, channel_id: str) -> Channel:
        """Raises 10003."""
        if channel_id not in self.channels:
            raise DiscordRefused(10003)
        return self.channels[channel_id]

    def message(self, channel_id: str, message_id: str) -> Message:
        """Raises 10008."""
        found = self.messages.get(channel_id, {}).get(message_id)
        if found is None:
            raise DiscordRefused(10008)
        return found

    def member(self, guild_id: str, user_id: str) -> Member:
        """Raises 10007."""
        found = self.members.get(guild_id, {}).get(user_id)
        if found is None:
            raise DiscordRefused(10007)
        return found

    def user(self, user_id: str) -> User:
        """Raises 10013."""
        if user_id not in self.users:
            raise DiscordRefused(10013)
        return self.users[user_id]

    def named(self, name: str, guild_id: str | None = None) -> Channel:
        """The first channel or thread of that name. Raises 10003."""
        for one in self.channels.values():
            if one.name == name and guild_id in (None, one.guild_id):
                return one
        raise DiscordRefused(10003)

    def roles_of(self, guild_id: str) -> list[Role]:
        """A guild's roles, @everyone first."""
        roles = [one for one in self.roles.values() if one.guild_id == guild_id]
        return sorted(roles, key=lambda one: (one.position, int(one.id)))

    def active_threads(self, guild_id: str) -> list[Channel]:
        """Threads that are not archived, the newest first."""
        ids = sorted(self.threads.get(guild_id, ()), key=int, reverse=True)
        return [self.channels[one] for one in ids]

    # ------------------------------------------------------------ keeping

    def put_channel(self, channel: Channel) -> Channel:
        """Keep a channel as it is now."""
        self.channels[channel.id] = channel
        if channel.thread is not None and channel.guild_id is not None:
            active = self.threads.setdefault(channel.guild_id, set())
            if channel.thread.archived:
                active.discard(channel.id)
            else:
                active.add(channel.id)
        return channel

    def put_message(self, message: Message) -> Message:
        """Keep a message as it is now."""
        if message.only_for is not None:
            self.whispers[message.id] = message
            self.screen_changed(message.only_for)
        else:
            self.messages.setdefault(message.channel_id, {})[message.id] = message
        return message

    def forget_channel(self, channel: Channel) -> None:
        """A channel, its threads and their messages are gone."""
        under = [one for one in self.channels.values() if one.parent_id == channel.id]
        for thread in [one for one in under if one.is_thread]:
            self.forget_channel(thread)
        for one in [one for one in under if not one.is_thread]:
            self.put_channel(replace(one, parent_id=None))
        self.channels.pop(channel.id, None)
        self.messages.pop(channel.id, None)
        self.threads.get(channel.guild_id or "", set()).discard(channel.id)
        for hook in [one for one in self.webhooks.values() if one.channel_id == channel.id]:
            del self.webhooks[hook.id]

    # ------------------------------------------------------------ rights

    def rights(self, user_id: str, channel: Channel) -> int:
        """What somebody may do in a channel; 0 for who is not there at all."""
        if channel.type == DM:
            return bits.ALL if user_id in channel.recipients else 0
        guild_id = channel.guild_id or ""
        member = self.members.get(guild_id, {}).get(user_id)
        if member is None:
            return 0
        base = self.guild_rights(member)
        if base & bits.ADMINISTRATOR:
            return bits.ALL
        place = channel
        if channel.is_thread and channel.parent_id is not None:
            place = self.channels.get(channel.parent_id, channel)
        found = bits.with_overwrites(base, _layers(place, member))
        if not found & bits.VIEW:
            return 0
        if channel.type == PRIVATE_THREAD and not found & bits.MANAGE_THREADS:
            return found if user_id in channel.own_thread.members else 0
        return found

    def guild_rights(self, member: Member) -> int:
        """What the roles of a member allow."""
        guild = self.guilds[member.guild_id]
        if guild.owner_id == member.user_id:
            return bits.ALL
        found = self.roles[guild.id].permissions
        for role_id in member.roles:
            if role_id in self.roles:
                found |= self.roles[role_id].permissions
        return bits.ALL if found & bits.ADMINISTRATOR else found

    def sees(self, user_id: str, channel: Channel) -> bool:
        """Whether a channel is there for somebody."""
        return bool(self.rights(user_id, channel) & bits.VIEW)

    def looks_for_silence(self) -> list[Channel]:
        """Threads that are due to be archived; asked at most once a second."""
        now = self.now()
        if now < self._looked + ARCHIVES_EVERY:
            return []
        self._looked = now
        active = [self.channels[one] for ids in self.threads.values() for one in ids]
        return [
            one
            for one in active
            if one.own_thread.active_at + 60 * one.own_thread.auto_archive <= now
        ]


def _layers(channel: Channel, member: Member) -> list[list[tuple[int, int]]]:
    """Overwrites in the order in which they count: everybody, roles, the member."""
    everyone = [one for one in channel.overwrites if one.id == channel.guild_id]
    roles = [one for one in channel.overwrites if one.type == 0 and one.id in member.roles]
    own = [one for one in channel.overwrites if one.type == 1 and one.id == member.user_id]
    return [[(one.allow, one.deny) for one in layer] for layer in (everyone, roles, own)]


def ids(value: Json) -> tuple[str, ...]:
    """A list of ids as JSON brings it, numbers or text."""
    return tuple(str(one) for one in value) if isinstance(value, list) else ()
