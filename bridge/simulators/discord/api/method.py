"""What every REST operation gets and gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bridge.simulators.common.wire import Json, JsonObject, obj, txt
from bridge.simulators.discord import permissions as bits
from bridge.simulators.discord.errors import DiscordRefused
from bridge.simulators.discord.state.records import App, Channel, Message
from bridge.simulators.discord.state.world import World


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file of a multipart body; `field` is `files[0]`."""

    field: str
    filename: str
    content: bytes
    content_type: str


def _unlimited(kind: str, key: str) -> None:
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One request, read. `app` is None where the address itself is the secret."""

    world: World
    caller: App | None
    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    files: tuple[Upload, ...] = ()
    limit: Callable[[str, str], None] = _unlimited
    """Count a hidden limit. Raises `TooMany`."""

    @property
    def app(self) -> App:
        """The bot's app. Raises 401."""
        if self.caller is None:
            raise DiscordRefused(0)
        return self.caller

    @property
    def fields(self) -> Mapping[str, Json]:
        """The body as an object."""
        return obj(self.body)

    def channel(self, rights: int = 0) -> Channel:
        """The channel of the path, as far as the bot sees it. Raises 10003, 50001 or 50013."""
        channel = self.world.channel(self.path["channel_id"])
        self.need(channel, rights)
        return channel

    def need(self, channel: Channel, rights: int) -> None:
        """Raises 50001 where the bot sees nothing and 50013 where it may not do that."""
        has = self.world.rights(self.app.bot_id, channel)
        if not has & bits.VIEW:
            raise DiscordRefused(50001)
        if has & rights != rights:
            raise DiscordRefused(50013)

    def may(self, channel: Channel, rights: int) -> bool:
        """Whether the bot may do that."""
        return self.world.rights(self.app.bot_id, channel) & rights == rights

    def guild_id(self, rights: int = 0) -> str:
        """The guild of the path, if the bot is in it. Raises 10004 or 50013."""
        guild = self.world.guild(self.path["guild_id"])
        member = self.world.members[guild.id].get(self.app.bot_id)
        if member is None:
            raise DiscordRefused(10004)
        if self.world.guild_rights(member) & rights != rights:
            raise DiscordRefused(50013)
        return guild.id

    def message(self, rights: int = 0) -> Message:
        """The message of the path. Raises 10008 besides."""
        return self.world.message(self.channel(rights).id, self.path["message_id"])

    def user_id(self) -> str:
        """The user of the path; `@me` is the bot."""
        named = self.path["user_id"]
        return self.app.bot_id if named == "@me" else named

    def number(self, name: str, default: int, high: int) -> int:
        """A number of the query, within bounds."""
        text = self.query.get(name, "")
        return max(1, min(high, int(text))) if text.isdigit() else default

    def text(self, name: str) -> str:
        """A text of the body, empty where there is none."""
        return txt(self.fields.get(name))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the operation answers. `said` goes into the ledger beside the body of the call."""

    status: int = 200
    body: Json = None
    said: JsonObject = field(default_factory=dict)


NOTHING = Reply(status=204)
Operation = Callable[[Call], Reply]
