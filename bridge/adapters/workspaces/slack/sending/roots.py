"""The cards at the roots of our threads: posted once, edited in place, at the end left or deleted.

A waiting or monitor card that is closed is deleted, not drawn as "taken by somebody": the queue's
room is the list of who waits, so what waits no more has no place in it; under visibility
`assignee` nobody but the holder may go on reading its last lines; and who took it is on the board
and in `/events`. A card that becomes the working thread stays where it is.
"""

from collections.abc import Sequence

import structlog
from msgspec.structs import replace

from bridge.adapters.common.threads import Thread
from bridge.adapters.common.turns import Turns
from bridge.adapters.workspaces.slack.blocks.cards import Frame, card_message, digest
from bridge.adapters.workspaces.slack.blocks.outbound import THREAD_EVENT, metadata
from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.errors import SlackRefusal
from bridge.adapters.workspaces.slack.refs import Place, place_of, thread_ref
from bridge.adapters.workspaces.slack.sending.finding import Finder
from bridge.adapters.workspaces.slack.sending.uploads import Uploads
from bridge.adapters.workspaces.slack.site import Site
from bridge.domain.binding import Purpose
from bridge.domain.card import ConversationCard
from bridge.domain.errors import DeliveryRejected, TemporaryFailure
from bridge.domain.ids import Instant, RoomRef, ThreadRef, WorkspaceUserId
from bridge.ports.failpoints import failpoint
from bridge.ports.pace import Urgency
from bridge.ports.workspace import BindingKey

log = structlog.get_logger("bridge.slack")

_GONE = frozenset({"message_not_found", "thread_not_found"})


class Roots:
    """Opens, draws and closes threads; one thing at a time for each of them."""

    def __init__(self, site: Site, finder: Finder, uploads: Uploads) -> None:
        """The threads are in the site's book."""
        self._site = site
        self._book = site.threads
        self._finder = finder
        self._uploads = uploads
        self._turns = Turns()

    async def open(
        self,
        binding: BindingKey,
        room: RoomRef,
        card: ConversationCard,
        members: Sequence[WorkspaceUserId],
    ) -> ThreadRef:
        """The thread of a binding, opened if it is not: in the room, or in direct messages."""
        async with self._turns.turn(f"binding:{binding.id}"):
            known = self._book.of_binding(binding.id)
            if known is not None:
                return known.ref
            channel = await self._site.direct(members) if members else str(room)
            shown = self._draw(card)
            ts = await self._post(binding, channel, shown)
            thread = Thread(
                ref=thread_ref(channel, ts),
                binding=binding.id,
                number=binding.number,
                purpose=binding.purpose,
                room=room,
                opened_at=self._site.clock.now(),
                channel=card.channel,
                members=tuple(members),
                drawn=digest(shown),
            )
            await self._book.put(thread)
            if binding.doubtful is not None:  # people may have written in it since
                self._site.behind(thread.ref)
            return thread.ref

    async def convert(self, ref: ThreadRef) -> None:
        """The waiting card is the root of a working thread from now on."""
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            if thread.purpose is Purpose.WAITING and thread.closed_at is None:
                await self._book.put(replace(thread, purpose=Purpose.WORK))

    async def redraw(self, ref: ThreadRef, card: ConversationCard) -> None:
        """Show the card as it is now. Raises `TemporaryFailure` while edits are scarce."""
        if not self._site.introduced:
            raise TemporaryFailure("not connected to Slack yet")
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            shown = self._draw(card)
            if thread.closed_at is not None or thread.drawn == digest(shown):
                return
            place = place_of(ref)
            room = self._site.slack.budgets.place_for_a_card("chat.update", place.channel)
            await self._site.slack.call(
                "chat.update", place=room, channel=place.channel, ts=place.ts, **shown
            )
            await self._book.put(replace(thread, drawn=digest(shown), channel=card.channel))

    async def close(self, ref: ThreadRef, card: ConversationCard, hide: bool) -> None:
        """Draw the last card, or take everything of ours out of sight."""
        async with self._turns.turn(ref):
            thread = await self._must_find(ref)
            if thread.closed_at is not None and thread.hidden >= hide:
                return
            if hide:
                await self._delete_all(place_of(ref))
            else:
                await self._draw_last(place_of(ref), card)
            await self._book.close(thread, self._site.clock.now(), hide)

    # --- steps ------------------------------------------------------------------------------

    async def _post(self, binding: BindingKey, channel: str, shown: Json) -> str:
        if binding.doubtful is not None:
            failpoint("slack.finding_root")
            found = await self._finder.root(channel, binding.id, binding.doubtful)
            failpoint("slack.found_root")
            if found is not None:
                return found
        failpoint("slack.open")
        answer = await self._site.post(
            channel,
            shown,
            urgency=Urgency.LINE,
            metadata=metadata(THREAD_EVENT, {"binding": binding.id}),
        )
        failpoint("slack.opened")
        return str(answer["ts"])

    async def _draw_last(self, place: Place, card: ConversationCard) -> None:
        try:
            await self._site.slack.call(
                "chat.update", channel=place.channel, ts=place.ts, **self._draw(card)
            )
        except SlackRefusal as error:
            if error.slack_code not in _GONE:
                raise
            log.info("card_was_deleted", channel=place.channel, ts=place.ts)

    async def _delete_all(self, place: Place) -> None:
        """Delete what is ours in a thread, the root last, so that a repetition finds the rest.

        The root goes though no history shows it: one that is fresh may be missing there.
        """
        ours: list[Json] = []
        try:
            ours = [each async for each in self._finder.replies(place, Instant(0))]
        except SlackRefusal as error:
            if error.slack_code not in _GONE:
                raise
        under = [message for message in ours if message["ts"] != place.ts]
        for message in (*under, {"ts": place.ts}):
            await self._delete(place.channel, message)

    async def _delete(self, channel: str, message: Json) -> None:
        for file in message.get("files") or ():
            await self._uploads.delete_file(file["id"])
        try:
            await self._site.slack.call("chat.delete", channel=channel, ts=message["ts"])
        except SlackRefusal as error:
            if error.slack_code not in {*_GONE, "cant_delete_message"}:
                raise

    def _draw(self, card: ConversationCard) -> Json:
        return card_message(
            card,
            Frame(
                language=self._site.language,
                url=self._site.me.url,
                moved_to=_place_or_none(card.moved_to),
            ),
        )

    async def _must_find(self, ref: ThreadRef) -> Thread:
        thread = await self._book.find(ref)
        if thread is None:
            raise DeliveryRejected(f"no thread {ref!r} of ours", "thread_gone")
        return thread


def _place_or_none(moved_to: str) -> Place | None:
    """The thread that it moved to, where it is one of Slack's."""
    try:
        return place_of(ThreadRef(moved_to)) if moved_to else None
    except DeliveryRejected:
        return None
