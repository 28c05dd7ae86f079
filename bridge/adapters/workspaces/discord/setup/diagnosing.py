"""What `doctor` looks at in a Discord server: token, switch, sessions, permissions, threads."""

from collections.abc import Sequence

from bridge.adapters.common.setup.checking import bad, good, worth_a_look
from bridge.adapters.workspaces.discord.client import DiscordClient, Json, Me
from bridge.adapters.workspaces.discord.errors import RECONNECT
from bridge.adapters.workspaces.discord.settings import DiscordSettings
from bridge.adapters.workspaces.discord.setup import inspecting
from bridge.adapters.workspaces.discord.setup.inspecting import FORUM, Server
from bridge.adapters.workspaces.discord.setup.permissions import invite_link, lacking
from bridge.adapters.workspaces.discord.tags import lacking as lacking_tags
from bridge.adapters.workspaces.discord.tags import read_tags
from bridge.domain.errors import DeskbridgeError
from bridge.domain.ids import RoomRef
from bridge.ports.plugin import Check

_MOST_ROOMS = 50
_FEW_SESSIONS = 200
_FULL = 0.9
_TEXT = (0, 5)
_UNBOUND = worth_a_look(
    "rooms",
    "no room is bound to a queue: nothing appears here",
    "write /queues with action bind in Discord, or run `deskbridge connect discord` again",
)


class Diagnosis:
    """Looks with a session of its own: the desk may not be running."""

    def __init__(self, settings: DiscordSettings, language: str) -> None:
        """`language` is that of the rooms, and of their tags."""
        self._settings = settings
        self._language = language

    async def checks(self) -> tuple[Check, ...]:
        """Every check, the token first: nothing else can be looked at without it."""
        settings = self._settings
        async with self._client() as client:
            try:
                me = await client.who_am_i()
            except DeskbridgeError as error:
                return (bad("token", str(error), RECONNECT),)
            found = [good("token", f"{me.name} ({me.user})"), _content(me)]
            found.append(await _sessions(client))
            try:
                server = await inspecting.look_at(client, settings.guild, me.user)
            except DeskbridgeError as error:
                fix = f"invite the bot again: {invite_link(me.application, settings.guild)}"
                return (*found, bad(f"server {settings.guild}", str(error), fix))
            found.append(_permissions(server, me))
            return (*found, await self._threads(client))

    async def of_rooms(
        self, bound: Sequence[RoomRef], rooms: Sequence[RoomRef]
    ) -> tuple[Check, ...]:
        """Each of these rooms; `bound` are those in which new threads are opened."""
        async with self._client() as client:
            try:
                me = await client.who_am_i()
                server = await inspecting.look_at(client, self._settings.guild, me.user)
                channels = await inspecting.channels_of(client, server.id)
            except DeskbridgeError:
                return ()  # token or server were found wanting: of rooms nothing can be said
        there = {str(one["id"]): one for one in channels}
        found = [self._of_room(server, room, there.get(room)) for room in rooms[:_MOST_ROOMS]]
        return tuple(found) if bound else (_UNBOUND, *found)

    def _client(self) -> DiscordClient:
        """A session of its own."""
        token = self._settings.bot_token.get_secret_value()
        return DiscordClient(token, self._settings.api_url)

    async def _threads(self, client: DiscordClient) -> Check:
        try:
            active = await inspecting.active_threads(client, self._settings.guild)
        except DeskbridgeError as error:
            return bad("threads", str(error), "try again in a moment")
        return _threads(active, self._settings.active_threads)

    def _of_room(self, server: Server, room: RoomRef, channel: Json | None) -> Check:
        if channel is None:
            fix = "let the bot see it, or bind another one with /queues bind and unbind this one"
            return bad(f"room {room}", "not there, or not for the bot to see", fix)
        name = f"room #{channel.get('name') or room}"
        missing = lacking(server.granted_at(channel))
        if missing:
            fix = "allow it to the bot in the channel's settings, under Permissions"
            return bad(name, f"the bot lacks {', '.join(missing)}", fix)
        match channel.get("type"):
            case kind if kind == FORUM:
                return self._of_forum(name, channel)
            case kind if kind in _TEXT:
                return good(name, "a text channel: threads under cards, without tags")
            case _:
                fix = "bind the queue to a forum or a text channel, and unbind this one"
                return bad(name, "takes no threads", fix)

    def _of_forum(self, name: str, channel: Json) -> Check:
        tags = lacking_tags(read_tags(channel), self._language)
        if not tags:
            return good(name, "a forum with its tags")
        fix = "deskbridge connect discord adds them; or add them in the forum's settings"
        detail = f"tags are missing: {', '.join(sorted(tags))}"
        return worth_a_look(name, detail, fix)


def _content(me: Me) -> Check:
    if inspecting.reads_content(me.flags):
        return good("message content", "switched on")
    page = f"https://discord.com/developers/applications/{me.application}/bot"
    return bad("message content", "switched off: every line is empty", f"switch it on: {page}")


async def _sessions(client: DiscordClient) -> Check:
    try:
        left = (await inspecting.find_gateway(client)).left
    except DeskbridgeError as error:
        return bad("gateway", str(error), "try again in a moment")
    detail = f"{left} more sessions today"
    if left >= _FEW_SESSIONS:
        return good("gateway", detail)
    fix = "something starts the desk again and again: look at its log"
    return worth_a_look("gateway", detail, fix)


def _permissions(server: Server, me: Me) -> Check:
    missing = lacking(server.granted)
    if not missing:
        return good("permissions", f"as in the invite link, in {server.name}")
    fix = f"open the invite link again: {invite_link(me.application, server.id)}"
    return bad("permissions", f"the bot lacks {', '.join(missing)}", fix)


def _threads(active: int, most: int) -> Check:
    detail = f"{active} of {most} threads are open"
    if active < most * _FULL:
        return good("threads", detail)
    fix = "end conversations, or archive threads of others in this server"
    return (worth_a_look if active < most else bad)("threads", detail, fix)
