"""Operations that only read: conversations, lines, histories, queues, agents."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from pydantic import Field

from bridge.commands.authorize import Action, Object, Scope, authorize
from bridge.domain.conversation import Priority, State
from bridge.domain.errors import NotAuthorized
from bridge.domain.ids import MessageId, QueueId
from bridge.engine.reading.reader import Reader
from bridge.engine.state.desk import Desk
from bridge.ports import queries
from bridge.ports.queries import ConversationFilter, Query, View
from bridge.ports.store import Reads
from bridge.web.api.fields import Body, Id, Moment, Nothing, Ref, Shape, Word, instant
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.api.shapes import (
    AgentPage,
    ConversationDetail,
    ConversationPage,
    EventPage,
    MessagePage,
    PriorityWord,
    QueueList,
    QueueShape,
    agent_shape,
    conversation_detail,
    conversation_shape,
    event_shape,
    message_shape,
    queue_shape,
)
from bridge.web.problems import Refused
from bridge.web.tokens import entry_point

Limit = Annotated[int, Field(ge=1, le=200)]
Cursor = Annotated[int, Field(ge=0, lt=2**63)]
Q = TypeVar("Q", bound=Body)
V = TypeVar("V", bound=View)


class ConversationQuery(Body):
    """The filters of `/conversations`."""

    state: tuple[State, ...] = ()
    queue: Word | None = None
    agent: Word | None = None
    priority: PriorityWord | None = None
    channel: Id | None = None
    text: Ref | None = None
    since: Moment | None = None
    limit: Limit = 50
    before: Cursor | None = None


class LineQuery(Body):
    """A page of lines."""

    limit: Limit = 50
    before: Cursor | None = None


class EventQuery(Body):
    """A page of the desk's history."""

    limit: Limit = 100
    after: Cursor = 0


class AgentQuery(Body):
    """A page of agents."""

    limit: Limit = 100
    after: Word | None = None


def _get(
    path: str,
    scope: Scope,
    handler: Callable[[Call[Nothing, Q]], Awaitable[Shape]],
    query: type[Q],
    answer: type[Shape],
) -> AnyRoute:
    return Route(
        method="GET",
        path=path,
        scope=scope,
        handler=handler,
        body=Nothing,
        query=query,
        answer=answer,
    )


class Reading:
    """Answers from the reader's views, which check who asks."""

    def __init__(self, desk: Desk, reader: Reader, reads: Reads) -> None:
        """`reads` is only for the desk's whole history."""
        self._desk = desk
        self._reader = reader
        self._reads = reads

    def routes(self) -> list[AnyRoute]:
        """Every reading operation."""
        lines, people, queues = Scope.CONVERSATIONS, Scope.AGENTS, Scope.QUEUES
        one = "/v1/conversations/{number}"
        return [
            _get(
                "/v1/conversations", lines, self._conversations, ConversationQuery, ConversationPage
            ),
            _get(one, lines, self._conversation, Nothing, ConversationDetail),
            _get(f"{one}/messages", lines, self._messages, LineQuery, MessagePage),
            _get(f"{one}/events", lines, self._history, Nothing, EventPage),
            _get("/v1/events", lines, self._events, EventQuery, EventPage),
            _get("/v1/queues", queues, self._queues, Nothing, QueueList),
            _get("/v1/queues/{queue}", queues, self._queue, Nothing, QueueShape),
            _get("/v1/agents", people, self._agents, AgentQuery, AgentPage),
        ]

    async def _view(self, call: Call[Nothing, Q], query: Query, kind: type[V]) -> V:
        view = await self._reader.view(query, call.actor, entry_point(call.actor))
        assert isinstance(view, kind), f"{query} was answered with {type(view)}"
        return view

    async def _conversations(self, call: Call[Nothing, ConversationQuery]) -> ConversationPage:
        """List conversations, highest priority first."""
        asked = call.query
        where = ConversationFilter(
            states=asked.state,
            queue=asked.queue,
            agent=asked.agent,
            priority=Priority[asked.priority.upper()] if asked.priority else None,
            channel=asked.channel,
            text=asked.text or "",
            since=instant(asked.since) if asked.since else None,
            limit=asked.limit,
            before=asked.before,
        )
        view = await self._view(
            call, queries.ListConversations(filter=where), queries.Conversations
        )
        return ConversationPage(
            conversations=tuple(map(conversation_shape, view.rows)), next=view.next
        )

    async def _conversation(self, call: Call[Nothing, Nothing]) -> ConversationDetail:
        """Read one conversation's card."""
        query = queries.ShowConversation(number=call.number(), limit=1)
        return conversation_detail(await self._view(call, query, queries.ConversationView))

    async def _messages(self, call: Call[Nothing, LineQuery]) -> MessagePage:
        """Read its lines, newest last."""
        before = None if call.query.before is None else MessageId(call.query.before)
        query = queries.ShowConversation(
            number=call.number(), before=before, limit=call.query.limit
        )
        view = await self._view(call, query, queries.ConversationView)
        oldest = str(view.lines[0].id) if view.more and view.lines else None
        return MessagePage(messages=tuple(map(message_shape, view.lines)), next=oldest)

    async def _history(self, call: Call[Nothing, Nothing]) -> EventPage:
        """Read its history, oldest first."""
        view = await self._view(call, queries.ShowEvents(number=call.number()), queries.History)
        pairs = zip(view.events, view.sentences, strict=True)
        return EventPage(events=tuple(event_shape(*pair) for pair in pairs), next=None)

    async def _events(self, call: Call[Nothing, EventQuery]) -> EventPage:
        """Read the desk's history."""
        allowed = authorize(
            call.actor,
            Action.LIST_ALL_CONVERSATIONS,
            Object(),
            via=entry_point(call.actor),
        )
        if not allowed.allowed:
            raise NotAuthorized(allowed.code)
        events = await self._reads.desk_events(call.query.after, call.query.limit)
        full = len(events) == call.query.limit
        return EventPage(
            events=tuple(map(event_shape, events)), next=str(events[-1].id) if full else None
        )

    async def _queues(self, call: Call[Nothing, Nothing]) -> QueueList:
        """List queues: who waits, who is there."""
        view = await self._view(call, queries.ShowQueues(), queries.Queues)
        return QueueList(queues=tuple(map(self._queue_shape, view.rows)))

    async def _queue(self, call: Call[Nothing, Nothing]) -> QueueShape:
        """Read one queue."""
        query = queries.ShowQueues(queue=call.path["queue"])
        view = await self._view(call, query, queries.Queues)
        if not view.rows:
            raise Refused(404, "not_found", "There is no such queue.")
        return self._queue_shape(view.rows[0])

    def _queue_shape(self, row: queries.QueueRow) -> QueueShape:
        queue = self._desk.queue_by_name(row.name)
        assert queue is not None, "a row of the board is a queue of the desk"
        return queue_shape(row, queue, self._name_of)

    def _name_of(self, queue: QueueId) -> str:
        found = self._desk.queue(queue)
        return "" if found is None else found.name

    async def _agents(self, call: Call[Nothing, AgentQuery]) -> AgentPage:
        """List agents."""
        view = await self._view(call, queries.ShowAgents(), queries.Agents)
        rows = sorted(view.rows, key=lambda row: row.handle)
        after = call.query.after or ""
        later = [row for row in rows if row.handle > after]
        page = later[: call.query.limit]
        more = len(later) > len(page)
        return AgentPage(
            agents=tuple(map(agent_shape, page)), next=page[-1].handle if more else None
        )
