"""The cards that our threads begin with: opened once, redrawn in place, at the end put away.

A waiting or monitor card that is closed is deleted, with its thread: the queue's room shows who
waits, so what waits no more has no place in it. A thread that was worked in is put away with its
last card; one that only its holder saw loses its members first.
"""

from collections.abc import Awaitable, Sequence

import structlog
from msgspec.structs import replace

from bridge.adapters.common.threads import Thread
from bridge.adapters.common.turns import Turns
from bridge.adapters.workspaces.discord.cards.cards import Frame, card_message, digest
from bridge.adapters.workspaces.discord.cards.titles import title
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.errors import (
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_MESSAGE,
    DiscordRefusal,
)
from bridge.adapters.workspaces.discord.rooms import Room
from bridge.adapters.workspaces.discord.routes import Route, route
from bridge.adapters.workspaces.discord.sending.opening import Opening
from bridge.adapters.workspaces.discord.sending.places import Spot, card_of
from bridge.adapters.workspaces.discord.sending.telling import told
from bridge.adapters.workspaces.discord.sending.waking import Waking
from bridge.adapters.workspaces.discord.site import Site
from bridge.adapters.workspaces.discord.tags import wanted
from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.errors import CredentialsRejected, DeliveryRejected, TemporaryFailure
from bridge.domain.ids import RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.pace import Place, Urgency
from bridge.ports.workspace import BindingKey

log = structlog.get_logger("bridge.discord")

_GONE = frozenset({UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_MEMBER})


class Roots:
    """Opens, draws and closes threads; one thing at a time for each of them."""

    def __init__(self, site: Site, opening: Opening, waking: Waking) -> None:
        """The threads are in the site's book."""
        self._site = site
        self._book = site.threads
        self._opening = opening
        self._waking = waking
        self._turns = Turns()

    async def open(
        self,
        binding: BindingKey,
        ref: RoomRef,
        card: ConversationCard,
        members: Sequence[WorkspaceUserId],
    ) -> ThreadRef:
        """The thread of a binding, opened if it is not."""
        async with self._turns.turn(f"binding:{binding.id}"):
            known = self._book.of_binding(binding.id)
            if known is not None:
                return known.ref
            room = await self._site.rooms.of(ref)
            tags = wanted(room.tags, card)
            shown = self._draw(card)
            body = {"message": shown, "applied_tags": tags} if room.is_forum else shown
            with told(self._site, ref):
                thread = await self._opening.open(binding, room, title(card), body, members)
            await self._book.put(replace(thread, channel=card.channel, drawn=_drawn(shown, tags)))
            if binding.doubtful is not None:  # people may have written in it since
                self._site.behind(thread.ref)
            return thread.ref

    async def convert(self, ref: ThreadRef) -> None:
        """The waiting card is the beginning of a working thread from now on."""
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            if thread.purpose is not Purpose.WAITING or thread.closed_at is not None:
                return
            if thread.bare:
                thread = await self._opening.thread_under(thread)
            await self._book.put(replace(thread, purpose=Purpose.WORK))

    async def unfold(self, ref: ThreadRef) -> None:
        """A line is going to be posted: a card that stands alone gets its thread."""
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            if thread.bare:
                await self._book.put(await self._opening.thread_under(thread))

    async def redraw(self, ref: ThreadRef, card: ConversationCard) -> None:
        """Show the card as it is now. Raises `TemporaryFailure` while edits are scarce."""
        if not self._site.introduced:
            raise TemporaryFailure("not connected to Discord yet")
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            room = await self._room_of(thread)
            shown, tags = self._draw(card), wanted(() if room is None else room.tags, card)
            drawn = _drawn(shown, tags)
            if thread.closed_at is not None or thread.drawn == drawn:
                return
            place = card_of(thread)
            leave = self._site.discord.budgets.place_for_a_card(place.edit)
            await self._edit(place, shown, leave)
            if thread.drawn.partition(_TAGS)[2] != drawn.partition(_TAGS)[2]:
                await self._tag(thread, room, card)
            await self._book.put(replace(thread, drawn=drawn, channel=card.channel))

    async def close(self, ref: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Draw the last card and put the thread away, or take it out of sight."""
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            if thread.closed_at is not None and thread.hidden >= hide:
                return
            if hide and not thread.private:
                await self._delete(thread)
            else:
                await self._put_away(thread, card, hide)
            await self._book.close(thread, self._site.clock.now(), hide)

    # --- steps ------------------------------------------------------------------------------

    async def _edit(self, place: Spot, shown: Json, leave: Place | None = None) -> None:
        """The place is for the first try; a thread that sleeps is woken for a second one."""
        kept = [leave] if leave is not None else []

        async def edit() -> Json:
            return await self._site.discord.call(
                place.edit, shown, place=kept.pop() if kept else None
            )

        await self._waking.awake(place.channel, edit)

    async def _tag(self, thread: Thread, room: Room | None, card: ConversationCard) -> None:
        """Tags of the post; what people put there beside ours is asked for, and stays."""
        if room is not None and room.is_forum:
            now = await self._site.discord.call(_channel("GET", thread.ref))
            tags = wanted(room.tags, card, now.get("applied_tags") or ())
            await self._waking.change(thread.ref, applied_tags=tags)

    async def _put_away(self, thread: Thread, card: ConversationCard, hide: bool) -> None:
        room = await self._room_of(thread)
        await _unless_gone(self._edit(card_of(thread), self._draw(card)))
        if hide:
            for member in thread.members:
                await _unless_gone(self._remove(thread.ref, member))
        if thread.bare:
            return
        tags = wanted(room.tags, card) if room is not None and room.is_forum else ()
        changes: Json = {"archived": True, "locked": hide}
        await _unless_gone(
            self._waking.change(thread.ref, **(changes | ({"applied_tags": tags} if tags else {})))
        )

    async def _remove(self, thread: str, member: str) -> None:
        to = route(
            "DELETE",
            "/channels/{channel_id}/thread-members/{user_id}",
            channel_id=thread,
            user_id=member,
        )
        await self._waking.awake(thread, lambda: self._call(to))

    async def _delete(self, thread: Thread) -> None:
        """The thread, and the card where it stands outside of it."""
        place = card_of(thread)
        if not thread.bare:
            await _unless_gone(self._call(_channel("DELETE", thread.ref)))
        if place.channel != thread.ref:
            await _unless_gone(self._call(place.delete))

    async def _call(self, to: Route) -> Json:
        return await self._site.discord.call(to, urgency=Urgency.LINE)

    async def _room_of(self, thread: Thread) -> Room | None:
        """Its room; None where that is gone or out of our sight: the thread may be there yet."""
        try:
            return await self._site.rooms.of(thread.room)
        except (CredentialsRejected, DeliveryRejected):
            return None

    def _draw(self, card: ConversationCard) -> Json:
        return card_message(
            card,
            Frame(
                language=self._site.language,
                guild=self._site.guild,
                now=self._site.clock.now(),
            ),
        )

    async def _must_find(self, ref: ThreadRef) -> Thread:
        thread = await self._book.find(ref)
        if thread is None:
            raise DeliveryRejected(f"no thread {ref!r} of ours", "thread_gone")
        return thread


_TAGS = "/"


def _drawn(shown: Json, tags: Sequence[str]) -> str:
    """What a thread shows: two that look the same are the same."""
    return f"{digest(shown)}{_TAGS}{','.join(tags)}"


def _channel(method: str, thread: str) -> Route:
    return route(method, "/channels/{channel_id}", channel_id=thread)


async def _unless_gone(step: Awaitable[object]) -> None:
    """What people deleted need not be changed any more."""
    try:
        await step
    except DiscordRefusal as error:
        if error.discord_code not in _GONE:
            raise
        log.info("gone_already", why=str(error))
