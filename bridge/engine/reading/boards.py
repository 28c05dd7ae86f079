"""Rows and boards: who holds what, who waits where, drawn from memory and the last lines."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bridge.commands.permission import queues_of
from bridge.domain.agent import Agent
from bridge.domain.binding import Purpose
from bridge.domain.contact import Identity
from bridge.domain.conversation import Conversation, State
from bridge.domain.ids import ConversationId, IdentityId, Instant, Language
from bridge.domain.message import Message
from bridge.domain.queue import Queue
from bridge.engine.control import parking, promises
from bridge.engine.state.desk import Desk
from bridge.ports.queries import AgentRow, ConversationRow, QueueRow
from bridge.ports.store import Reads

Seen = Callable[[Conversation], bool]
"""Whether the asker may see a conversation."""

_WAITS = (State.WAITING, State.OFFERED, State.PARKED)


class Boards:
    """Draws rows for lists and boards."""

    def __init__(self, desk: Desk, reads: Reads, language: Language, now: Instant) -> None:
        """Memory for what is open, the database for the rest; for a reader of this language."""
        self._now = now
        self._desk = desk
        self._reads = reads
        self._language = language

    async def rows(self, conversations: Sequence[Conversation]) -> tuple[ConversationRow, ...]:
        """One row each, in the order given."""
        ids = [conversation.id for conversation in conversations]
        last = await self._reads.last_lines(ids)
        identities = await self._identities(conversations)
        return tuple(
            self._row(c, identities.get(c.identity), last.get(c.id)) for c in conversations
        )

    async def _identities(
        self, conversations: Iterable[Conversation]
    ) -> dict[IdentityId, Identity]:
        wanted = {conversation.identity for conversation in conversations}
        known = {id_: found for id_ in wanted if (found := self._desk.identity(id_)) is not None}
        missing = [id_ for id_ in wanted if id_ not in known]
        return known | (await self._reads.identities(missing) if missing else {})

    def _row(
        self, conversation: Conversation, identity: Identity | None, last: Message | None
    ) -> ConversationRow:
        desk = self._desk
        queue = None if conversation.queue is None else desk.queue(conversation.queue)
        agent = None if conversation.agent is None else desk.agent(conversation.agent)
        place = desk.places.channels.get(conversation.channel)
        waits = conversation.state in _WAITS
        row = ConversationRow(
            number=conversation.number,
            public_id=conversation.public_id,
            state=conversation.state,
            customer="" if identity is None else identity.name,
            channel=conversation.channel if place is None else place.called(self._language),
            priority=conversation.priority,
            queue="" if queue is None else queue.name,
            queue_title="" if queue is None else queue.title,
            agent="" if agent is None else agent.handle,
            agent_name="" if agent is None else agent.name,
            opened_at=conversation.opened_at,
            since=conversation.since if waits else None,
            last_line="" if last is None else last.content.excerpt(),
            last_at=None if last is None else last.at,
            opens=parking.opens(desk, conversation, self._language),
            overdue_since=promises.overdue(desk, conversation),
            taking=promises.stands(desk, conversation, promises.WAIT, self._now),
            answering=promises.stands(desk, conversation, promises.REPLY, self._now),
        )
        return self._with_threads(row, conversation.id)

    def _with_threads(self, row: ConversationRow, conversation: ConversationId) -> ConversationRow:
        thread = room = watched = None
        for binding in self._desk.open_bindings(conversation):
            if binding.purpose is Purpose.MONITOR:
                watched = binding.thread if binding.mirrors else watched
            elif thread is None or binding.purpose is Purpose.WORK:
                thread, room = binding.thread, binding.room
        fields = {name: getattr(row, name) for name in row.__struct_fields__}
        return ConversationRow(**fields | {"thread": thread, "room": room, "watched": watched})

    async def agents(
        self, agents: Iterable[Agent], now: Instant, seen: Seen
    ) -> tuple[AgentRow, ...]:
        """One row per agent, with what he holds."""
        held = [(agent, by_urgency(self._desk.held_by(agent.id))) for agent in agents]
        drawn = await self.rows([c for _, theirs in held for c in theirs if seen(c)])
        rows = {row.number: row for row in drawn}
        return tuple(self._agent(agent, theirs, rows, now) for agent, theirs in held)

    def _agent(
        self,
        agent: Agent,
        held: Sequence[Conversation],
        rows: Mapping[int, ConversationRow],
        now: Instant,
    ) -> AgentRow:
        queues = (self._desk.queue(queue) for queue in self._desk.memberships(agent.id))
        return AgentRow(
            id=agent.id,
            handle=agent.handle,
            name=agent.name,
            role=agent.role,
            connected=self._desk.connected(agent, now),
            available=agent.available,
            reason=agent.reason,
            capacity=agent.capacity,
            held=len(held),
            holding=tuple(rows[c.number] for c in held if c.number in rows),
            queues=tuple(sorted(queue.name for queue in queues if queue is not None)),
            active=agent.active,
        )

    async def queue(self, queue: Queue, now: Instant, seen: Seen) -> QueueRow:
        """One queue: who is there and who waits."""
        desk = self._desk
        waits = [c for c in desk.conversations if queue.id in queues_of(c) and c.state in _WAITS]
        waiting = await self.rows(by_urgency(waits))
        members = (desk.agent(member.agent) for member in desk.members_of(queue.id))
        active = (agent for agent in members if agent is not None and agent.active)
        agents = await self.agents(active, now, seen)
        return QueueRow(
            name=queue.name,
            title=queue.title,
            waiting=waiting,
            oldest_since=min((row.since for row in waiting if row.since), default=None),
            connected=tuple(row for row in agents if row.connected),
            disconnected=tuple(row for row in agents if not row.connected),
            rooms=tuple(room.ref for room in desk.rooms_of(queue.id)),
            closed=parking.says_closed(desk, queue, now, self._language),
        )


def by_urgency(conversations: Iterable[Conversation]) -> list[Conversation]:
    """Highest priority first, then who waits longest."""
    return sorted(conversations, key=lambda c: (c.priority, c.since or c.opened_at, c.id))
