"""Moves on the desk itself: queues, members, rooms, agents, local templates."""

from typing import Any

from msgspec.structs import replace

from bridge.domain.agent import Agent, AgentIdentity, Membership
from bridge.domain.events import Actor, EventKind
from bridge.domain.ids import AgentId, Language, QueueId, RoomRef, TemplateId
from bridge.domain.moves import (
    BindRoom,
    ChangeAgent,
    ChangeQueue,
    CreateAgent,
    CreateQueue,
    CreateTemplate,
    LinkAgent,
    Outcome,
    SetMember,
    UnbindRoom,
    done,
    refused,
)
from bridge.domain.queue import MONITOR_ROOM, Queue, Room
from bridge.domain.template import Template
from bridge.domain.value import Value
from bridge.engine.control import offers, presence
from bridge.engine.step import Step
from bridge.locales import LANGUAGES


def create_queue(step: Step, move: CreateQueue, actor: Actor) -> Outcome:
    """A new queue, with its room in every workspace whose rooms follow the queues."""
    name = move.name.strip().lower()
    if not name or name == MONITOR_ROOM or not name.replace("-", "").isalnum():
        return refused("bad_name", name=move.name)
    if step.desk.queue_by_name(name) is not None:
        return refused("name_taken", name=name)
    queue = step.desk.queues.put(
        Queue(id=QueueId(step.new_id()), name=name, title=move.title.strip() or name)
    )
    follow_queue(step, queue)
    step.rules_changed = True
    step.event(EventKind.QUEUE_CREATED, actor, queue=queue.id, queue_title=queue.title)
    step.hint("queues")
    return done("queue_created", queue=queue.title, name=queue.name)


def follow_queue(step: Step, queue: Queue) -> None:
    """Give a queue its room wherever rooms follow the queues."""
    for place in step.desk.places.workspaces.values():
        ref = RoomRef(queue.name)
        if place.capabilities.rooms_follow_queues and (place.id, ref) not in step.desk.rooms:
            step.desk.rooms.put(
                Room(workspace=place.id, ref=ref, title=queue.title, queue=queue.id)
            )


class DeskStarted(Value, tag="desk_started"):
    """The engine begins to decide."""


def desk_started(step: Step, event: DeskStarted) -> None:
    """Rooms for queues that came before their workspace, the monitor rooms, and a first fill."""
    step.shifted.update(dict.fromkeys(agent.id for agent in step.desk.agents))
    for queue in step.desk.queues:
        follow_queue(step, queue)
    for place in step.desk.places.workspaces.values():
        follows = place.capabilities.rooms_follow_queues
        if follows and (place.id, MONITOR_ROOM) not in step.desk.rooms:
            step.desk.rooms.put(
                Room(workspace=place.id, ref=MONITOR_ROOM, title="Monitor", queue=None)
            )


def change_queue(step: Step, move: ChangeQueue, actor: Actor) -> Outcome:
    """Change a queue's rules; a queue with somebody waiting is not closed."""
    queue = step.desk.queues.get(move.queue)
    if queue is None:
        return refused("unknown_queue")
    given = _given(move, "queue")
    if move.always_open:
        given["hours"] = None
    if move.targets is not None:
        given["targets"] = {**queue.targets, **move.targets}
    queue = step.desk.queues.put(replace(queue, **given))
    step.event(
        EventKind.QUEUE_CHANGED,
        actor,
        queue=queue.id,
        queue_title=queue.title,
        changed=", ".join(sorted(given)),
    )
    step.rules_changed = True
    step.hint("queues")
    return done("queue_changed", queue=queue.title)


def set_member(step: Step, move: SetMember, actor: Actor) -> Outcome:
    """Add an agent to a queue or take him out; what he holds he keeps."""
    queue, agent = step.desk.queues.get(move.queue), step.desk.agents.get(move.agent)
    if queue is None or agent is None:
        return refused("unknown_queue" if queue is None else "unknown_target")
    key = (agent.id, queue.id)
    member = step.desk.members.get(key)
    if move.level is None:
        if member is not None:
            step.desk.members.remove(key)
            offers.withdraw(step, agent.id, actor, queue.id)
    else:
        before = member or Membership(agent=agent.id, queue=queue.id)
        position = before.position if move.position is None else move.position
        step.desk.members.put(replace(before, level=move.level, position=position))
    step.event(
        EventKind.MEMBERSHIP_CHANGED,
        actor,
        agent=agent.id,
        queue=queue.id,
        agent_name=agent.name,
        queue_title=queue.title,
        cause="removed" if move.level is None else "added",
    )
    step.shift(agent.id)
    code = "member_removed" if move.level is None else "member_added"
    return done(code, agent=agent.name, queue=queue.title)


def bind_room(step: Step, move: BindRoom, actor: Actor) -> Outcome:
    """A queue's threads appear in this room from now on."""
    if move.workspace not in step.desk.places.workspaces:
        return refused("unknown_workspace")
    queue = None if move.queue is None else step.desk.queues.get(move.queue)
    if move.queue is not None and queue is None:
        return refused("unknown_queue")
    step.desk.rooms.put(
        Room(workspace=move.workspace, ref=move.room, title=move.title, queue=move.queue)
    )
    step.event(EventKind.ROOM_BOUND, actor, queue=move.queue, room=move.title)
    step.hint("queues")
    return done("room_bound", room=move.title, queue="" if queue is None else queue.title)


def unbind_room(step: Step, move: UnbindRoom, actor: Actor) -> Outcome:
    """The room is used no more; threads that are open in it stay."""
    room = step.desk.rooms.get((move.workspace, move.room))
    if room is None:
        return refused("unknown_room")
    step.desk.rooms.remove((move.workspace, move.room))
    step.event(EventKind.ROOM_UNBOUND, actor, queue=room.queue, room=room.title)
    return done("room_unbound", room=room.title)


def create_agent(step: Step, move: CreateAgent, actor: Actor) -> Outcome:
    """A new agent, unavailable until he says otherwise."""
    handle = move.handle.strip().lower().removeprefix("@")
    if not handle or not handle.replace(".", "").replace("-", "").replace("_", "").isalnum():
        return refused("bad_name", name=move.handle)
    if any(agent.handle == handle for agent in step.desk.agents):
        return refused("name_taken", name=handle)
    agent = step.desk.agents.put(
        Agent(
            id=AgentId(step.new_id()),
            handle=handle,
            name=move.name.strip() or handle,
            role=move.role,
            email=move.email,
            capacity=max(0, move.capacity),
            language=Language(move.language if move.language in LANGUAGES else "en"),
        )
    )
    if move.workspace is not None and move.user is not None:
        step.desk.agent_identities.put(
            AgentIdentity(workspace=move.workspace, user=move.user, agent=agent.id)
        )
    step.event(EventKind.AGENT_CREATED, actor, agent=agent.id, agent_name=agent.name)
    step.shift(agent.id)
    return done("agent_created", agent=agent.name, handle=agent.handle, id=str(agent.id))


def change_agent(step: Step, move: ChangeAgent, actor: Actor) -> Outcome:
    """Change an agent; a lower capacity takes nothing away."""
    agent = step.desk.agents.get(move.agent)
    if agent is None:
        return refused("unknown_target")
    if move.active is False and agent.active:
        presence.remove(step, agent, actor, "removed")
        return done("agent_removed", agent=agent.name)
    given = _given(move, "agent")
    agent = step.desk.agents.put(replace(agent, **given))
    step.event(
        EventKind.AGENT_CHANGED,
        actor,
        agent=agent.id,
        agent_name=agent.name,
        changed=", ".join(sorted(given)),
    )
    step.shift(agent.id)
    return done("agent_changed", agent=agent.name)


def link_agent(step: Step, move: LinkAgent, actor: Actor) -> Outcome:
    """Say which agent a workspace user is; one who had left is back, unavailable."""
    agent = step.desk.agents.get(move.agent)
    if agent is None:
        return refused("unknown_target")
    if not agent.active:
        agent = step.desk.agents.put(replace(agent, active=True, available=False, reason=""))
        step.shift(agent.id)
    step.desk.agent_identities.put(
        AgentIdentity(workspace=move.workspace, user=move.user, agent=agent.id)
    )
    step.event(
        EventKind.AGENT_CHANGED, actor, agent=agent.id, agent_name=agent.name, changed="identity"
    )
    return done("agent_linked", agent=agent.name)


def create_template(step: Step, move: CreateTemplate, actor: Actor) -> Outcome:
    """A local template that every channel may send; the same name again replaces it."""
    name = move.name.strip().lower()
    if not name or not move.body.strip():
        return refused("bad_name", name=move.name)
    same = (t for t in step.desk.template_table if (t.name, t.language) == (name, move.language))
    known = next((t for t in same if t.channel is None), None)
    step.desk.template_table.put(
        Template(
            id=known.id if known else TemplateId(step.new_id()),
            name=name,
            language=move.language,
            body=move.body,
        )
    )
    return done("template_created", template=name)


def _given(move: ChangeQueue | ChangeAgent, of: str) -> dict[str, Any]:
    """The fields that a move changes. Any: each has its own type, as the value it goes to."""
    names = (name for name in move.__struct_fields__ if name not in (of, "always_open"))
    return {name: value for name in names if (value := getattr(move, name)) is not None}
