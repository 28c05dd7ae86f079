"""Makes the threads: posts of a forum, cards of a text channel, private threads.

Only a message is safe to be posted twice, by its nonce; whatever else may have been opened before
is looked for.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.adapters.common.threads import Thread
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import (
    HAS_THREAD,
    UNKNOWN_MESSAGE,
    DiscordRefusal,
)
from bridge.adapters.workspaces.discord.nonces import TRUSTED_FOR
from bridge.adapters.workspaces.discord.rooms import Room
from bridge.adapters.workspaces.discord.routes import route
from bridge.adapters.workspaces.discord.sending.active import Active
from bridge.adapters.workspaces.discord.sending.finding import Finder
from bridge.adapters.workspaces.discord.sending.places import root_of
from bridge.adapters.workspaces.discord.site import Site
from bridge.domain.binding import Purpose
from bridge.domain.errors import CredentialsRejected, DeliveryRejected, DeskbridgeError
from bridge.domain.ids import RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.failpoints import failpoint
from bridge.ports.pace import Urgency
from bridge.ports.workspace import BindingKey

_WEEK = 10_080
"""Minutes of silence after which Discord puts a thread away: the most that it takes."""
_PRIVATE = 12
_NO_PRIVATE = "a forum has no private threads; bind the queue to a text channel with /queues bind"


class Opening:
    """Opens one thread at a time for a binding."""

    def __init__(self, site: Site, finder: Finder) -> None:
        """Nothing was opened."""
        self._site = site
        self._finder = finder
        self._active = Active(site)

    async def open(
        self,
        binding: BindingKey,
        room: Room,
        title: str,
        card: Json,
        members: Sequence[WorkspaceUserId],
    ) -> Thread:
        """The thread with its card, as it is to be remembered."""
        thread = Thread(
            ref=ThreadRef(""),
            binding=binding.id,
            number=binding.number,
            purpose=binding.purpose,
            room=RoomRef(room.id),
            opened_at=self._site.clock.now(),
            members=tuple(members),
            title=title,
        )
        if members:
            return await self._private(binding, room, thread, card)
        if room.is_forum:
            return replace(thread, ref=await self._post(binding, room, title, card))
        return await self._card(binding, room, thread, card)

    async def thread_under(self, thread: Thread) -> Thread:
        """A card of a text channel gets its thread."""
        to = route(
            "POST",
            "/channels/{channel_id}/messages/{message_id}/threads",
            channel_id=thread.room,
            message_id=thread.ref,
        )
        await self._active.make_room()
        try:
            await self._site.discord.call(
                to,
                {"name": thread.title, "auto_archive_duration": _WEEK},
                urgency=Urgency.LINE,
            )
        except DeskbridgeError as error:
            self._active.refused(error)
            code = error.discord_code if isinstance(error, DiscordRefusal) else 0
            if code == UNKNOWN_MESSAGE:
                raise DeliveryRejected("its card was deleted in Discord", "thread_gone") from error
            if code != HAS_THREAD:
                raise
        return replace(thread, bare=False)

    # --- kinds of rooms -----------------------------------------------------------------------

    async def _post(self, binding: BindingKey, room: Room, title: str, card: Json) -> ThreadRef:
        body = {"name": title, "auto_archive_duration": _WEEK, **card}
        return await self._opened(binding, room, title, body)

    async def _card(self, binding: BindingKey, room: Room, thread: Thread, card: Json) -> Thread:
        """A message; its thread is opened when somebody works in it."""
        message = await self._message(binding, room.id, card)
        thread = replace(thread, ref=ThreadRef(message), root=root_of(room.id, message), bare=True)
        return await self.thread_under(thread) if binding.purpose is Purpose.WORK else thread

    async def _private(self, binding: BindingKey, room: Room, thread: Thread, card: Json) -> Thread:
        if room.is_forum:
            self._site.standing.wrong(
                f"room {room.id}", f"<#{room.id}>: {_NO_PRIVATE}", _NO_PRIVATE
            )
            raise CredentialsRejected(f"<#{room.id}>: {_NO_PRIVATE}")
        body = {
            "name": thread.title,
            "auto_archive_duration": _WEEK,
            "type": _PRIVATE,
            "invitable": False,
        }
        ref = await self._opened(binding, room, thread.title, body)
        message = await self._message(binding, ref, card)
        for member in thread.members:
            await self._site.discord.call(
                route(
                    "PUT",
                    "/channels/{channel_id}/thread-members/{user_id}",
                    channel_id=ref,
                    user_id=member,
                ),
                urgency=Urgency.LINE,
            )
        return replace(thread, ref=ref, root=root_of(ref, message))

    # --- steps --------------------------------------------------------------------------------

    async def _opened(self, binding: BindingKey, room: Room, title: str, body: Json) -> ThreadRef:
        if binding.doubtful is not None:
            failpoint("discord.finding_root")
            found = await self._finder.thread(room.id, binding.doubtful, title)
            failpoint("discord.found_root")
            if found is not None:
                return ThreadRef(found)
        await self._active.make_room()
        failpoint("discord.open")
        try:
            answer = await self._site.discord.call(
                route("POST", "/channels/{channel_id}/threads", channel_id=room.id),
                body,
                urgency=Urgency.LINE,
            )
            failpoint("discord.opened")
        except DeskbridgeError as error:
            self._active.refused(error)
            raise
        return ThreadRef(str(answer["id"]))

    async def _message(self, binding: BindingKey, channel: str, card: Json) -> str:
        now = self._site.clock.now()
        if binding.doubtful is not None and now - binding.doubtful > TRUSTED_FOR:
            found = await self._finder.message(
                channel, binding.doubtful, lambda one: _shows(one, binding.number)
            )
            if found is not None and await self._site.threads.find(found["id"]) is None:
                return str(found["id"])
        answer = await self._site.discord.call(
            route("POST", "/channels/{channel_id}/messages", channel_id=channel),
            {
                **card,
                "nonce": self._site.nonces.of(f"binding {binding.id}"),
                "enforce_nonce": True,
            },
            urgency=Urgency.LINE,
        )
        self._site.echoes.posted(channel, str(answer["id"]))
        return str(answer["id"])


def _shows(message: Json, number: int) -> bool:
    """Whether this message is a card of that conversation."""
    return any(f" · #{number}" in str(part) for part in message.get("components") or ())
