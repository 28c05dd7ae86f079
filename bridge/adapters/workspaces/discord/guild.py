"""What the server looks like at this moment: its roles, rooms and active threads; pure."""

from collections.abc import Iterable

from bridge.adapters.workspaces.discord.receiving.payloads import (
    ChannelInfo,
    GuildInfo,
    RoleInfo,
)
from bridge.domain.names import tidy_name


class GuildBook:
    """Empty until the server was described to us."""

    def __init__(self) -> None:
        """Nothing is known."""
        self.name = ""
        self.known = False
        self._roles: dict[str, str] = {}
        self._rooms: dict[str, ChannelInfo] = {}
        self._threads: dict[str, ChannelInfo] = {}

    # --- what is told -------------------------------------------------------------------------

    def described(self, guild: GuildInfo) -> None:
        """The whole server, as we see it now."""
        self.known = True
        self._rooms = {room.id: room for room in guild.channels}
        self._threads = {thread.id: thread for thread in guild.threads}
        self.renamed(guild)

    def renamed(self, guild: GuildInfo) -> None:
        """Its name and its roles."""
        self.name = guild.name
        self._roles = {role.id: role.name for role in guild.roles}

    def lost(self) -> None:
        """We are in it no more."""
        self.known = False

    def role_is(self, role: RoleInfo) -> None:
        """A role is new or changed."""
        self._roles[role.id] = role.name

    def role_gone(self, role: str) -> None:
        """A role was deleted."""
        self._roles.pop(role, None)

    def room_is(self, room: ChannelInfo) -> None:
        """A channel is new or changed."""
        self._rooms[room.id] = room

    def room_gone(self, room: str) -> None:
        """A channel was deleted, and every thread in it."""
        self._rooms.pop(room, None)
        for thread in [each.id for each in self._threads.values() if each.parent_id == room]:
            del self._threads[thread]

    def thread_is(self, thread: ChannelInfo) -> bool:
        """A thread is new or changed; true when it was put away before, or not known."""
        was = self._threads.pop(thread.id, None)
        if thread.thread_metadata is None or not thread.thread_metadata.archived:
            self._threads[thread.id] = thread
        return was is None

    def thread_gone(self, thread: str) -> None:
        """A thread was deleted."""
        self._threads.pop(thread, None)

    # --- what is asked ------------------------------------------------------------------------

    def roles_called(self, wanted: Iterable[str]) -> frozenset[str]:
        """The ids of these roles, which are written by id or by name, in any case."""
        words = {word.strip().removeprefix("@").casefold() for word in wanted}
        return frozenset(
            id for id, name in self._roles.items() if id in words or name.casefold() in words
        )

    def role_name(self, role: str) -> str:
        """What a role is called; empty for one that is not known."""
        return tidy_name(self._roles.get(role, ""))

    def room_name(self, room: str) -> str:
        """What a channel or thread is called; empty for one that is not known."""
        found = self._rooms.get(room) or self._threads.get(room)
        return "" if found is None else tidy_name(found.name or "")

    def is_room(self, channel: str) -> bool:
        """Whether this is a channel, and no thread."""
        return channel in self._rooms

    def begun_by(self, thread: str) -> str:
        """Who began a thread; empty where we do not know."""
        found = self._threads.get(thread)
        return "" if found is None else found.owner_id or ""

    def not_joined(self, threads: Iterable[str]) -> tuple[str, ...]:
        """Those of these active threads that we see, but are not in."""
        seen = (self._threads.get(thread) for thread in threads)
        return tuple(each.id for each in seen if each is not None and each.member is None)
