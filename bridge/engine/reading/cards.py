"""Draws a conversation's card as it is at this moment."""

from collections.abc import Sequence
from itertools import islice

from bridge.domain.binding import Binding, Purpose
from bridge.domain.card import CardAction, CardLine, ConversationCard
from bridge.domain.contact import Identity, heard
from bridge.domain.conversation import Conversation, Hold, State
from bridge.domain.ids import Instant, Language, after
from bridge.domain.message import Author, Message, Receipt
from bridge.engine.control import offers, parking, promises
from bridge.engine.reading.lookup import Lookup

_LAST_LINES = 4
_WAITS = (State.WAITING, State.OFFERED, State.PARKED)
_WORKING = ("transfer", "priority", "ticket", "template", "return-to-bot", "events")


class Cards:
    """Cards from memory and the last lines on disk."""

    def __init__(self, lookup: Lookup) -> None:
        """Draw from what `lookup` finds."""
        self._lookup = lookup
        self._desk = lookup.desk

    async def draw(
        self, conversation: Conversation, binding: Binding, language: Language | None = None
    ) -> ConversationCard:
        """The card for this thread, in its workspace's language unless one reader asks for it."""
        language = language or self._shared_language(binding)
        identity = await self._lookup.identity(conversation.identity)
        place = self._desk.places.channels.get(conversation.channel)
        lines = await self._lookup.reads.lines(conversation.id, None, 20)
        queue = None if conversation.queue is None else self._desk.queue(conversation.queue)
        agent = None if conversation.agent is None else self._desk.agent(conversation.agent)
        waits = conversation.state in _WAITS
        return ConversationCard(
            number=conversation.number,
            state=conversation.state,
            customer=identity.name,
            channel=conversation.channel if place is None else place.called(language),
            language=conversation.language,
            address="" if identity.anonymous else identity.address,
            queue="" if queue is None else queue.title,
            agent="" if agent is None else agent.name,
            priority=conversation.priority,
            waiting_since=conversation.since if waits else None,
            window_until=self._window(conversation, identity),
            reason=conversation.reason,
            summary=conversation.summary,
            lines=last_lines(lines) if binding.purpose is not Purpose.WORK or waits else (),
            tickets=await self._lookup.tickets(identity.contact),
            receipt=last_receipt(lines),
            actions=actions(conversation, binding, offers.standing(self._desk, conversation)),
            moved_to=self._moved_to(conversation, binding),
            opens=parking.opens(self._desk, conversation, language),
            overdue_since=promises.overdue(self._desk, conversation),
        )

    def _moved_to(self, conversation: Conversation, binding: Binding) -> str:
        """Where a thread that was closed goes on, if whoever looks at it may look there."""
        if binding.closed_at is None or not conversation.open:
            return ""
        for other in self._desk.open_bindings(conversation.id):
            here = other.workspace == binding.workspace and other.private_to is None
            if here and other.purpose is not Purpose.MONITOR and other.thread is not None:
                return other.thread
        return ""

    def _shared_language(self, binding: Binding) -> Language:
        workspace = self._desk.places.workspaces.get(binding.workspace)
        return self._desk.options.language if workspace is None else workspace.language

    def _window(self, conversation: Conversation, identity: Identity) -> Instant | None:
        """Until when free text is allowed; never so far, if the customer never wrote."""
        place = self._desk.places.channels.get(conversation.channel)
        window = None if place is None else place.capabilities.reply_window
        if window is None or not conversation.open:
            return None
        last = heard(conversation, identity)
        return conversation.opened_at if last is None else after(last, window)


def last_lines(lines: Sequence[Message]) -> tuple[CardLine, ...]:
    """The last lines that the customer could read, oldest first."""
    newest_first = (
        CardLine(author=line.author, name=line.name, excerpt=excerpt)
        for line in reversed(lines)
        if not line.internal and not line.deleted_at and (excerpt := line.content.excerpt())
    )
    return tuple(islice(newest_first, _LAST_LINES))[::-1]


def last_receipt(lines: Sequence[Message]) -> Receipt:
    """What became of the agents' last line."""
    for line in reversed(lines):
        if line.author is Author.AGENT and not line.internal:
            return line.receipt
    return Receipt.NONE


def actions(
    conversation: Conversation, binding: Binding, offer: Hold | None = None
) -> tuple[CardAction, ...]:
    """The buttons that make sense now; whoever presses one is asked for his right then."""
    if conversation.state is State.ENDED or binding.closed_at is not None:
        return (CardAction(command="events"), CardAction(command="ticket"))
    if binding.purpose is Purpose.MONITOR:
        take = CardAction(command="take", primary=True, label="button.take_over")
        return (take, _watch(binding), CardAction(command="events"))
    if conversation.state is State.ASSIGNED:
        return tuple(CardAction(command=word, primary=word == "return-to-bot") for word in _WORKING)
    if offer is not None:
        about = {"offer": str(offer.id)}
        return (
            CardAction(command="take", primary=True, label="button.accept", arguments=about),
            CardAction(command="decline", arguments=about),
            CardAction(command="priority"),
            CardAction(command="events"),
        )
    return (
        CardAction(command="take", primary=True),
        CardAction(command="transfer"),
        CardAction(command="priority"),
        CardAction(command="events"),
    )


def _watch(binding: Binding) -> CardAction:
    if not binding.mirrors:
        return CardAction(command="watch")
    return CardAction(command="watch", label="button.unwatch", arguments={"mode": "stop"})
