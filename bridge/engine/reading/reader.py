"""Answers what people ask to be shown: allowed first, then read, from memory and the database."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import assert_never

from msgspec.structs import replace

from bridge.commands import permission
from bridge.commands.authorize import Action, EntryPoint, Object, authorize
from bridge.commands.history import billed_words, sentence, standing_words
from bridge.domain.binding import Binding, Purpose
from bridge.domain.conversation import Conversation, State
from bridge.domain.errors import NotAuthorized, NotFound
from bridge.domain.events import Actor
from bridge.domain.ids import (
    BindingId,
    ConversationId,
    Language,
    QueueId,
    RoomRef,
    ThreadRef,
    WorkspaceId,
)
from bridge.domain.message import Message
from bridge.domain.queue import Strategy
from bridge.engine.reading.boards import Boards, Seen, by_urgency
from bridge.engine.reading.cards import Cards
from bridge.engine.reading.completing import complete
from bridge.engine.reading.lookup import Lookup
from bridge.engine.reading.offering import commands_of, offered, strategies_of
from bridge.engine.state.desk import Desk
from bridge.ports.clock import Clock
from bridge.ports.queries import (
    MOST_WAITING,
    Actions,
    Agents,
    Complete,
    Conversations,
    ConversationView,
    History,
    Home,
    LineView,
    ListConversations,
    Query,
    QueueCount,
    Queues,
    ShowActions,
    ShowAgents,
    ShowConversation,
    ShowEvents,
    ShowHome,
    ShowQueues,
    ShowTickets,
    Tickets,
    View,
    Waits,
)
from bridge.ports.store import Reads
from bridge.routing.facts import Standing

Stands = Callable[[ConversationId], Standing | None]
"""Why a conversation still waits; None: it does not wait."""

_WAITS = (State.WAITING, State.OFFERED, State.PARKED)


class Reader:
    """Reads for one desk; nothing here changes anything."""

    def __init__(self, desk: Desk, reads: Reads, clock: Clock, standing: Stands) -> None:
        """Read from these."""
        self._desk = desk
        self._standing = standing
        self._reads = reads
        self._clock = clock
        self._lookup = Lookup(desk, reads)
        self._cards = Cards(self._lookup)

    async def view(self, query: Query, actor: Actor, via: EntryPoint) -> View:
        """What was asked for. Raises `NotAuthorized`, `NotFound`.

        A conversation that the actor may not see is not found: he may not know that it exists.
        """
        if isinstance(query, ShowConversation | ShowEvents | ShowActions | ShowTickets):
            return await self._about_one(query, actor, via)
        refusal = permission.check(actor, query, self._desk, via=via)
        if refusal is not None:
            raise NotAuthorized(refusal.code)
        match query:
            case ListConversations():
                return await self._conversations(query, actor, via)
            case ShowQueues():
                return await self._queues(query, actor, via)
            case ShowHome():
                return await self._home(actor)
            case Complete():
                now = self._clock.now()
                return complete(self._desk, query, actor, self.language(actor), now)
            case ShowAgents():
                now, seen = self._clock.now(), self._seen_by(actor, via)
                return Agents(rows=await self._boards(actor).agents(self._desk.agents, now, seen))
            case never:
                assert_never(never)

    def language(self, actor: Actor) -> Language:
        """The actor's language."""
        agent = None if actor.agent is None else self._desk.agent(actor.agent)
        return self._desk.options.language if agent is None else agent.language

    def _boards(self, actor: Actor) -> Boards:
        return Boards(self._desk, self._reads, self.language(actor), self._clock.now())

    # --- one conversation -------------------------------------------------------------------

    async def _about_one(
        self,
        query: ShowConversation | ShowEvents | ShowActions | ShowTickets,
        actor: Actor,
        via: EntryPoint,
    ) -> View:
        conversation = self._desk.conversation_by_number(query.number)
        if conversation is None:
            conversation = await self._reads.conversation(query.number)
        action = {
            ShowConversation: Action.SHOW_CONVERSATION,
            ShowEvents: Action.SHOW_EVENTS,
            ShowActions: Action.SHOW_CONVERSATION,
            ShowTickets: Action.SHOW_TICKETS,
        }[type(query)]
        if conversation is None or not self._may(actor, action, conversation, via):
            raise NotFound(f"there is no conversation #{query.number} for you")
        match query:
            case ShowConversation():
                return await self._conversation(query, conversation, actor)
            case ShowEvents():
                return await self._events(conversation, actor)
            case ShowActions(thread=thread):
                binding = self._binding_at(conversation, thread)
                return Actions(rows=offered(actor, conversation, binding, self._desk))
            case ShowTickets():
                return await self._tickets(conversation)

    def _may(
        self, actor: Actor, action: Action, conversation: Conversation, via: EntryPoint
    ) -> bool:
        facts = permission.conversation_facts(actor, conversation, self._desk)
        return authorize(actor, action, facts, via=via).allowed

    async def _conversation(
        self, query: ShowConversation, conversation: Conversation, actor: Actor
    ) -> ConversationView:
        lines = await self._reads.lines(conversation.id, query.before, query.limit + 1)
        shown = lines[-query.limit :]
        (row,) = await self._boards(actor).rows([conversation])
        binding = self._desk.work_binding(conversation.id) or _no_binding(conversation)
        card = await self._cards.draw(conversation, binding, self.language(actor))
        buttons = offered(actor, conversation, binding, self._desk)
        return ConversationView(
            card=replace(card, actions=buttons),
            row=row,
            lines=tuple(_line(message) for message in shown),
            more=len(lines) > len(shown),
            billed=await self._reads.billed(conversation.id),
            waits=self._waits(conversation),
        )

    def _waits(self, conversation: Conversation) -> Waits | None:
        standing = self._standing(conversation.id)
        if standing is None:
            return None
        counts = Counter(each.value for each in standing.refusals.values())
        return Waits(place=standing.place, refusals=dict(counts))

    def _binding_at(self, conversation: Conversation, thread: ThreadRef) -> Binding:
        """The open thread, also while its opening is not settled; else one that is closed."""
        opened = list(self._desk.open_bindings(conversation.id))
        for wanted in (thread, None):
            for binding in opened:
                if binding.thread == wanted:
                    return binding
        return replace(_no_binding(conversation), closed_at=conversation.opened_at)

    async def _events(self, conversation: Conversation, actor: Actor) -> History:
        events = tuple(await self._reads.events(conversation.id))
        language = self.language(actor)
        channels = self._desk.places.channels_in(language)
        return History(
            number=conversation.number,
            events=events,
            sentences=tuple(sentence(event, language, channels) for event in events),
            remarks=await self._remarks(conversation, language),
        )

    async def _remarks(self, conversation: Conversation, language: Language) -> tuple[str, ...]:
        standing = self._standing(conversation.id)
        waits = "" if standing is None else standing_words(standing, language)
        billed = billed_words(await self._reads.billed(conversation.id), language)
        return tuple(filter(None, (waits, billed)))

    async def _tickets(self, conversation: Conversation) -> Tickets:
        identity = await self._lookup.identity(conversation.identity)
        contact = await self._lookup.contact(identity.contact)
        rows = sorted(
            await self._reads.tickets(identity.contact), key=lambda t: (t.closed, -t.number)
        )
        return Tickets(
            number=conversation.number,
            customer="" if contact is None else contact.name,
            rows=tuple(rows),
        )

    # --- lists ------------------------------------------------------------------------------

    async def _conversations(
        self, query: ListConversations, actor: Actor, via: EntryPoint
    ) -> Conversations:
        everything = authorize(actor, Action.LIST_ALL_CONVERSATIONS, Object(), via=via).allowed
        if everything and not query.filter.mine:
            found = await self._reads.conversations(query.filter)
        else:
            found = await self._near(query, actor, via)
        rows = await self._boards(actor).rows(found)
        more = len(found) == query.filter.limit
        return Conversations(rows=rows, next=found[-1].number if more and found else None)

    async def _near(
        self, query: ListConversations, actor: Actor, via: EntryPoint
    ) -> Sequence[Conversation]:
        """What the actor holds, what waits for him, and what he may see besides."""
        wanted = query.filter
        if wanted.mine and actor.agent is not None:
            return by_urgency(self._desk.held_by(actor.agent))[: wanted.limit]
        found = await self._reads.conversations(replace(wanted, limit=500))
        return [c for c in found if self._may(actor, Action.SHOW_CONVERSATION, c, via)][
            : wanted.limit
        ]

    def _seen_by(self, actor: Actor, via: EntryPoint) -> Seen:
        """Which of the conversations that others hold he may see: an agent not all of them."""
        if actor.agent is None or actor.is_admin:
            return lambda _: True
        return lambda conversation: self._may(actor, Action.SHOW_CONVERSATION, conversation, via)

    async def _queues(self, query: ShowQueues, actor: Actor, via: EntryPoint) -> Queues:
        own = None if actor.agent is None else self._desk.memberships(actor.agent)
        everything = actor.agent is None or actor.is_admin
        named = None if query.queue is None else self._desk.queue_by_name(query.queue)
        if query.queue is not None and named is None:
            raise NotFound(f"there is no queue {query.queue}")
        queues = [
            queue
            for queue in self._desk.queues
            if (named is None or queue.id == named.id)
            and (everything or (own is not None and queue.id in own))
        ]
        now, seen = self._clock.now(), self._seen_by(actor, via)
        return Queues(
            rows=tuple([await self._boards(actor).queue(each, now, seen) for each in queues])
        )

    async def _home(self, actor: Actor) -> Home:
        agent = None if actor.agent is None else self._desk.agent(actor.agent)
        if agent is None:
            raise NotAuthorized("not_an_agent")
        own = self._desk.memberships(agent.id)
        counts: Counter[QueueId] = Counter()
        waiting = []
        for conversation in self._desk.conversations:
            if conversation.state in _WAITS:
                queues = permission.queues_of(conversation)
                counts.update(queues)
                if own.intersection(queues):
                    waiting.append(conversation)
        names = (self._desk.queue(queue) for queue in own)
        strategies = strategies_of(agent.id, self._desk)
        urgent = by_urgency(waiting)[:MOST_WAITING]
        return Home(
            agent=agent,
            language=agent.language,
            holding=await self._boards(actor).rows(by_urgency(self._desk.held_by(agent.id))),
            waiting=await self._boards(actor).rows(urgent),
            queues=tuple(sorted(queue.name for queue in names if queue is not None)),
            waits=len(waiting),
            counts=tuple(
                QueueCount(name=queue.name, title=queue.title, waiting=counts[queue.id])
                for queue in self._desk.queues
                if actor.is_admin or queue.id in own
            ),
            commands=commands_of(actor),
            given=bool(strategies - {Strategy.MANUAL}),
            taken=Strategy.MANUAL in strategies,
        )


def _line(message: Message) -> LineView:
    return LineView(
        id=message.id,
        at=message.at,
        author=message.author,
        name=message.name,
        content=message.content,
        internal=message.internal,
        edited=message.edited_at is not None,
        deleted=message.deleted_at is not None,
        receipt=message.receipt,
    )


def _no_binding(conversation: Conversation) -> Binding:
    """For a card that stands in no thread."""
    return Binding(
        id=BindingId(0),
        conversation=conversation.id,
        workspace=WorkspaceId(""),
        room=RoomRef(""),
        purpose=Purpose.WAITING,
        opened_at=conversation.opened_at,
    )
