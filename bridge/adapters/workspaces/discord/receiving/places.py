"""The server, its rooms and its threads: what appears, changes and goes away."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import structlog

from bridge.adapters.workspaces.discord.bot import Frame
from bridge.adapters.workspaces.discord.errors import RECONNECT
from bridge.adapters.workspaces.discord.receiving.payloads import (
    ChannelInfo,
    GuildInfo,
    Ready,
    RoleEvent,
    ThreadList,
    read,
)
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.ids import ThreadRef

log = structlog.get_logger("bridge.discord")

SERVER, ROLES = "server", "roles"
"""Troubles."""

Handler: TypeAlias = Callable[[Frame], None]


class Places:
    """Keeps the book of the server, and says what that means for threads of ours.

    `here` is called when the server was described to us, `seen` for a thread that can be read
    again, `lost` for one that somebody deleted.
    """

    def __init__(
        self,
        site: Site,
        here: Callable[[], None],
        seen: Callable[[ThreadRef], None],
        lost: Callable[[ThreadRef], None],
    ) -> None:
        """Nothing is known yet."""
        self._site = site
        self._here = here
        self._seen = seen
        self._lost_thread = lost
        self.handlers: Mapping[str, Handler] = {
            "READY": self._ready,
            "GUILD_CREATE": self._described,
            "GUILD_UPDATE": self._renamed,
            "GUILD_DELETE": self._lost,
            "GUILD_ROLE_CREATE": self._role,
            "GUILD_ROLE_UPDATE": self._role,
            "GUILD_ROLE_DELETE": self._role,
            "CHANNEL_CREATE": self._room,
            "CHANNEL_UPDATE": self._room,
            "CHANNEL_DELETE": self._room_gone,
            "THREAD_CREATE": self._thread,
            "THREAD_UPDATE": self._thread,
            "THREAD_DELETE": self._thread_gone,
            "THREAD_LIST_SYNC": self._threads,
        }

    # --- the server ---------------------------------------------------------------------------

    def _ready(self, frame: Frame) -> None:
        ready = read(frame.d, Ready)
        if ready is not None and all(each.id != self._site.guild for each in ready.guilds):
            self._without_server()

    def _described(self, frame: Frame) -> None:
        guild = read(frame.d, GuildInfo)
        if guild is None or guild.id != self._site.guild or guild.unavailable:
            return
        self._site.server.described(guild)
        self._site.standing.right(SERVER)
        self._judge_roles()
        self._here()

    def _renamed(self, frame: Frame) -> None:
        guild = read(frame.d, GuildInfo)
        if guild is not None and guild.id == self._site.guild:
            self._site.server.renamed(guild)

    def _lost(self, frame: Frame) -> None:
        guild = read(frame.d, GuildInfo)
        if guild is None or guild.id != self._site.guild:
            return
        if guild.unavailable:
            detail = f"Discord's server {self._site.guild} is not available"
            self._site.standing.wrong(SERVER, detail, "nothing: Discord repairs it", warning=True)
            return
        self._site.server.lost()
        self._without_server()

    def _without_server(self) -> None:
        detail = f"the bot is not in the server {self._site.guild}"
        fix = f"{RECONNECT}: it shows the link that invites it"
        self._site.standing.wrong(SERVER, detail, fix)

    # --- roles --------------------------------------------------------------------------------

    def _role(self, frame: Frame) -> None:
        event = read(frame.d, RoleEvent)
        if event is None or event.guild_id != self._site.guild:
            return
        if event.role is not None:
            self._site.server.role_is(event.role)
        else:
            self._site.server.role_gone(event.role_id)
        self._judge_roles()

    def _judge_roles(self) -> None:
        """A role of the settings that is not there any more makes nobody anything."""
        settings = self._site.settings
        wanted = (*settings.admin_roles, *settings.agent_roles)
        unknown = [each for each in wanted if not self._site.server.roles_called((each,))]
        if not unknown:
            self._site.standing.right(ROLES)
            return
        detail = f"the server has no role {', '.join(unknown)}"
        fix = f"correct admin_roles and agent_roles of workspaces.{self._site.id}"
        self._site.standing.wrong(ROLES, detail, fix)

    # --- rooms and threads --------------------------------------------------------------------

    def _ours(self, frame: Frame) -> ChannelInfo | None:
        channel = read(frame.d, ChannelInfo)
        return channel if channel is not None and channel.guild_id == self._site.guild else None

    def _room(self, frame: Frame) -> None:
        room = self._ours(frame)
        if room is not None:
            self._site.server.room_is(room)
            self._site.rooms.forget(room.id)

    def _room_gone(self, frame: Frame) -> None:
        room = self._ours(frame)
        if room is None:
            return
        self._site.server.room_gone(room.id)
        self._site.rooms.forget(room.id)
        threads = [each for each in self._site.threads.open_ones() if each.room == room.id]
        for each in threads:
            self._lost_thread(each.ref)
        if threads:
            detail = f"#{room.name} was deleted, with {len(threads)} open threads"
            fix = "bind another room with /queues bind and unbind this one: they go on there"
            self._site.standing.wrong(trouble_of_room(room.id), detail, fix)

    def _thread(self, frame: Frame) -> None:
        """A thread is there, or changed; one that was taken out again is followed again."""
        thread = self._ours(frame)
        if thread is None:
            return
        is_news = self._site.server.thread_is(thread)
        if frame.t == "THREAD_UPDATE" and is_news and not _archived(thread):
            self._seen_if_ours(ThreadRef(thread.id))

    def _seen_if_ours(self, ref: ThreadRef) -> None:
        if self._is_open(ref):
            self._seen(ref)

    def _is_open(self, ref: ThreadRef) -> bool:
        return any(each.ref == ref for each in self._site.threads.open_ones())

    def _thread_gone(self, frame: Frame) -> None:
        thread = self._ours(frame)
        if thread is None:
            return
        self._site.server.thread_gone(thread.id)
        if self._is_open(ThreadRef(thread.id)):
            self._lost_thread(ThreadRef(thread.id))

    def _threads(self, frame: Frame) -> None:
        """We see a room that we did not see before."""
        found = read(frame.d, ThreadList)
        if found is None or found.guild_id != self._site.guild:
            return
        for thread in found.threads:
            self._site.server.thread_is(thread)
            self._seen_if_ours(ThreadRef(thread.id))


def _archived(thread: ChannelInfo) -> bool:
    return thread.thread_metadata is not None and thread.thread_metadata.archived


def trouble_of_room(room: str) -> str:
    """What the trouble with a room is called."""
    return f"room {room}"
