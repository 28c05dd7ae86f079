"""Operations that change the desk: queues, members, rooms, agents, templates."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, Field

from bridge.domain.agent import Agent, Role
from bridge.domain.ids import AgentId, RoomRef, WorkspaceId, WorkspaceUserId
from bridge.domain.moves import (
    BindRoom,
    ChangeAgent,
    CreateAgent,
    CreateQueue,
    CreateTemplate,
    LinkAgent,
    Move,
    Outcome,
    SetMember,
    UnbindRoom,
)
from bridge.domain.queue import Queue
from bridge.engine.engine import Engine
from bridge.locales import DEFAULT, catalogue, language_named, say
from bridge.web.api.fields import Alias, Body, Email, Id, Name, Nothing, Ref, Text, Word
from bridge.web.api.queue_rules import QueueChange, change_of
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.api.shapes import Done
from bridge.web.problems import Refused
from bridge.web.tokens import entry_point

B = TypeVar("B", bound=Body)
Capacity = Annotated[int, Field(ge=0, le=1_000)]


def _spelled(value: object) -> object:
    """`pt-BR` is `pt_BR` to whoever writes it."""
    return (language_named(value) or value) if isinstance(value, str) else value


Locale = Annotated[Literal["en", "pt_BR"], BeforeValidator(_spelled)]

_MISSING = frozenset(
    {"unknown_queue", "unknown_target", "unknown_room", "unknown_workspace", "unknown_agent"}
)
_FORBIDDEN = frozenset({"forbidden"})


class NewQueue(Body):
    """A queue to open."""

    name: Word
    title: Name


class Member(Body):
    """How an agent answers a queue; higher levels are tried later.

    `position` is his place in a queue that is ordered, smallest first; without it as it was.
    """

    level: Annotated[int, Field(ge=0, le=9)] = 0
    position: Annotated[int, Field(ge=0, le=999)] | None = None


class NewRoom(Body):
    """A room to bind; without a queue it is the monitor room."""

    workspace: Id
    room: Ref
    title: Name
    queue: Word | None = None


class NewAgent(Body):
    """An agent to create, with his user in one workspace if known.

    Without a language he is addressed in the desk's.
    """

    handle: Word
    name: Name
    role: Role = Role.AGENT
    email: Email | Literal[""] = ""
    capacity: Capacity = 5
    language: Locale | None = None
    workspace: Id | None = None
    user: Ref | None = None


class AgentChange(Body):
    """What to change of an agent; `active` false removes him."""

    name: Name | None = None
    alias: Alias | None = None
    role: Role | None = None
    capacity: Capacity | None = None
    language: Locale | None = None
    active: bool | None = None


class AgentUser(Body):
    """A workspace's user who is this agent."""

    workspace: Id
    user: Ref


class NewTemplate(Body):
    """A local template that every channel may send; without a language it is in the desk's."""

    name: Word
    language: Locale | None = None
    body: Text


class Changing:
    """Turns each body into one move; the engine decides."""

    def __init__(self, engine: Engine) -> None:
        """Names are looked up in the engine's desk."""
        self._engine = engine

    def routes(self) -> list[AnyRoute]:
        """Every changing operation."""
        queue, member = "/v1/queues/{queue}", "/v1/queues/{queue}/members/{agent}"
        agent = "/v1/agents/{agent}"
        return [
            _change("POST", "/v1/queues", self._new_queue, NewQueue),
            _change("PATCH", queue, self._queue_change, QueueChange),
            _change("PUT", member, self._member, Member),
            _change("DELETE", member, self._no_member, Nothing),
            _change("POST", "/v1/rooms", self._new_room, NewRoom),
            _change("DELETE", "/v1/rooms/{workspace}/{room}", self._no_room, Nothing),
            _change("POST", "/v1/agents", self._new_agent, NewAgent),
            _change("PATCH", agent, self._agent_change, AgentChange),
            _change("PUT", f"{agent}/user", self._user, AgentUser),
            _change("POST", "/v1/templates", self._new_template, NewTemplate),
        ]

    async def _carry_out(self, call: Call[B, Nothing], move: Move) -> Done:
        via = entry_point(call.actor)
        outcome = await self._engine.carry_out(move, call.actor, via, call.source)
        message = sentence(outcome, call.language)
        if not outcome.ok:
            raise Refused(_status(outcome.code), outcome.code, message)
        return Done(code=outcome.code, data=outcome.data, message=message)

    def _find_queue(self, word: str) -> Queue:
        found = self._engine.desk.queue_by_name(word)
        if found is None:
            raise Refused(404, "unknown_queue", f"There is no queue {word[:40]}.")
        return found

    def _find_agent(self, word: str) -> Agent:
        found = self._engine.desk.agent_by_handle(word)
        if found is None:
            raise Refused(404, "unknown_agent", f"There is no agent @{word[:40]}.")
        return found

    async def _new_queue(self, call: Call[NewQueue, Nothing]) -> Done:
        """Open a queue."""
        return await self._carry_out(call, CreateQueue(name=call.body.name, title=call.body.title))

    async def _queue_change(self, call: Call[QueueChange, Nothing]) -> Done:
        """Change a queue's rules."""
        queue = self._find_queue(call.path["queue"])
        return await self._carry_out(call, change_of(queue.id, call.body, self._find_queue))

    async def _member(self, call: Call[Member, Nothing]) -> Done:
        """Let an agent answer a queue."""
        return await self._carry_out(
            call, self._membership(call.path, call.body.level, call.body.position)
        )

    async def _no_member(self, call: Call[Nothing, Nothing]) -> Done:
        """Take an agent out of a queue."""
        return await self._carry_out(call, self._membership(call.path, None))

    def _membership(
        self, path: dict[str, str], level: int | None, position: int | None = None
    ) -> SetMember:
        return SetMember(
            queue=self._find_queue(path["queue"]).id,
            agent=self._find_agent(path["agent"]).id,
            level=level,
            position=position,
        )

    async def _new_room(self, call: Call[NewRoom, Nothing]) -> Done:
        """Bind a room to a queue."""
        body = call.body
        move = BindRoom(
            workspace=WorkspaceId(body.workspace),
            room=RoomRef(body.room),
            title=body.title,
            queue=None if body.queue is None else self._find_queue(body.queue).id,
        )
        return await self._carry_out(call, move)

    async def _no_room(self, call: Call[Nothing, Nothing]) -> Done:
        """Unbind a room."""
        move = UnbindRoom(
            workspace=WorkspaceId(call.path["workspace"]), room=RoomRef(call.path["room"])
        )
        return await self._carry_out(call, move)

    async def _new_agent(self, call: Call[NewAgent, Nothing]) -> Done:
        """Create an agent."""
        body = call.body
        if (body.workspace is None) != (body.user is None):
            raise Refused(422, "invalid", "workspace, user: give both or neither")
        move = CreateAgent(
            handle=body.handle,
            name=body.name,
            role=body.role,
            email=body.email,
            capacity=body.capacity,
            language=body.language or self._engine.desk.options.language,
            workspace=None if body.workspace is None else WorkspaceId(body.workspace),
            user=None if body.user is None else WorkspaceUserId(body.user),
        )
        return await self._carry_out(call, move)

    async def _agent_change(self, call: Call[AgentChange, Nothing]) -> Done:
        """Change or remove an agent."""
        body = call.body
        move = ChangeAgent(
            agent=self._agent_id(call.path),
            name=body.name,
            alias=body.alias,
            role=body.role,
            capacity=body.capacity,
            language=body.language,
            active=body.active,
        )
        return await self._carry_out(call, move)

    async def _user(self, call: Call[AgentUser, Nothing]) -> Done:
        """Link an agent to a workspace's user."""
        move = LinkAgent(
            agent=self._agent_id(call.path),
            workspace=WorkspaceId(call.body.workspace),
            user=WorkspaceUserId(call.body.user),
        )
        return await self._carry_out(call, move)

    async def _new_template(self, call: Call[NewTemplate, Nothing]) -> Done:
        """Write a template; the same name replaces it."""
        body = call.body
        language = body.language or self._engine.desk.options.language
        move = CreateTemplate(name=body.name, language=language, body=body.body)
        return await self._carry_out(call, move)

    def _agent_id(self, path: dict[str, str]) -> AgentId:
        return self._find_agent(path["agent"]).id


def _change(
    method: str,
    path: str,
    handler: Callable[[Call[B, Nothing]], Awaitable[Done]],
    body: type[B],
) -> AnyRoute:
    return Route(
        method=method,
        path=path,
        scope=None,
        handler=handler,
        body=body,
        query=Nothing,
        answer=Done,
    )


def _status(code: str) -> int:
    return 404 if code in _MISSING else 403 if code in _FORBIDDEN else 409


def sentence(outcome: Outcome, language: str) -> str:
    """The outcome for a person; its code where the catalogue has no words for it.

    Only the command line asks for changes here: what to do next is said in its words.
    """
    own = f"cli.answer.{outcome.code}"
    key = own if own in catalogue(DEFAULT) else f"answer.{outcome.code}"
    try:
        return say(language, key, **outcome.data)
    except KeyError:
        return outcome.code
