"""Rows of the team: agents, queues, rooms and prepared texts."""

import msgspec

from bridge.domain.agent import Agent, AgentIdentity, Membership, Role
from bridge.domain.conversation import Priority
from bridge.domain.hours import Hours
from bridge.domain.ids import QueueId
from bridge.domain.queue import (
    Alert,
    ClosedPolicy,
    NamePolicy,
    Order,
    OverflowEnd,
    Queue,
    Room,
    Strategy,
    Visibility,
)
from bridge.domain.template import Template, Variable
from storage.mapping.row import Read, Row

_encode = msgspec.json.Encoder().encode
_alerts = msgspec.json.Decoder(tuple[Alert, ...]).decode
_hours = msgspec.json.Decoder(Hours).decode
_overflow = msgspec.json.Decoder(tuple[QueueId, ...]).decode
_special = msgspec.json.Decoder(tuple[Variable, ...]).decode
_targets = msgspec.json.Decoder(dict[Priority, int], strict=False).decode


def agent_row(agent: Agent) -> Row:
    """The row of an agent."""
    return (
        agent.id,
        agent.handle,
        agent.name,
        agent.role._value_,
        agent.email,
        agent.alias,
        agent.active,
        agent.available,
        agent.reason,
        agent.capacity,
        agent.language,
        agent.available_since,
        agent.last_seen,
        agent.idle_since,
        agent.last_seq,
        agent.missed,
        agent.cool_until,
    )


AGENT_TOUCHED = ("idle_since", "last_seq")
"""The columns that distribution changes of an agent."""


def touched_agent_row(agent: Agent) -> Row:
    """Those columns, then the id."""
    return (agent.idle_since, agent.last_seq, agent.id)


def agent(row: Read) -> Agent:
    """The agent of a row."""
    return Agent(
        id=row[0],
        handle=row[1],
        name=row[2],
        role=Role(row[3]),
        email=row[4],
        alias=row[5],
        active=bool(row[6]),
        available=bool(row[7]),
        reason=row[8],
        capacity=row[9],
        language=row[10],
        available_since=row[11],
        last_seen=row[12],
        idle_since=row[13],
        last_seq=row[14],
        missed=row[15],
        cool_until=row[16],
    )


def agent_identity_row(identity: AgentIdentity) -> Row:
    """The row of an agent's workspace user."""
    return (identity.workspace, identity.user, identity.agent)


def agent_identity(row: Read) -> AgentIdentity:
    """The workspace user of a row."""
    return AgentIdentity(workspace=row[0], user=row[1], agent=row[2])


def queue_row(queue: Queue) -> Row:
    """The row of a queue."""
    return (
        queue.id,
        queue.name,
        queue.title,
        queue.active,
        queue.strategy._value_,
        queue.visibility._value_,
        queue.names._value_,
        queue.first_reply_timeout,
        queue.notify_after,
        queue.inactivity_timeout,
        queue.sticky_window,
        queue.starvation,
        queue.max_waiting,
        queue.max_transfers,
        queue.order._value_,
        queue.specialist_first,
        queue.require_connected,
        queue.sticky_wait,
        queue.escalate_after,
        queue.offer_timeout,
        queue.max_wait,
        _encode(queue.overflow).decode(),
        queue.overflow_end._value_,
        None if queue.hours is None else _encode(queue.hours).decode(),
        queue.closed_policy._value_,
        queue.wait_target,
        queue.reply_target,
        _encode(queue.alerts).decode(),
        queue.tell_waiting,
        _encode(queue.targets).decode(),
    )


def queue(row: Read) -> Queue:
    """The queue of a row."""
    return Queue(
        id=row[0],
        name=row[1],
        title=row[2],
        active=bool(row[3]),
        strategy=Strategy(row[4]),
        visibility=Visibility(row[5]),
        names=NamePolicy(row[6]),
        first_reply_timeout=row[7],
        notify_after=row[8],
        inactivity_timeout=row[9],
        sticky_window=row[10],
        starvation=row[11],
        max_waiting=row[12],
        max_transfers=row[13],
        order=Order(row[14]),
        specialist_first=bool(row[15]),
        require_connected=bool(row[16]),
        sticky_wait=row[17],
        escalate_after=row[18],
        offer_timeout=row[19],
        max_wait=row[20],
        overflow=_overflow(row[21]),
        overflow_end=OverflowEnd(row[22]),
        hours=None if row[23] is None else _hours(row[23]),
        closed_policy=ClosedPolicy(row[24]),
        wait_target=row[25],
        reply_target=row[26],
        alerts=_alerts(row[27]),
        tell_waiting=row[28],
        targets=_targets(row[29]),
    )


def membership_row(membership: Membership) -> Row:
    """The row of a membership."""
    m = membership
    return (m.agent, m.queue, m.level, m.last_seq, m.position)


MEMBERSHIP_TOUCHED = ("last_seq",)
"""The column that distribution changes of a membership."""


def touched_membership_row(membership: Membership) -> Row:
    """That column, then the key."""
    return (membership.last_seq, membership.agent, membership.queue)


def membership(row: Read) -> Membership:
    """The membership of a row."""
    return Membership(agent=row[0], queue=row[1], level=row[2], last_seq=row[3], position=row[4])


def room_row(room: Room) -> Row:
    """The row of a room."""
    return (room.workspace, room.ref, room.title, room.queue)


def room(row: Read) -> Room:
    """The room of a row."""
    return Room(workspace=row[0], ref=row[1], title=row[2], queue=row[3])


def template_row(template: Template) -> Row:
    """The row of a template."""
    return (
        template.id,
        template.name,
        template.language,
        template.body,
        template.channel,
        template.category,
        template.approved,
        _encode(template.special).decode(),
    )


def template(row: Read) -> Template:
    """The template of a row."""
    return Template(
        id=row[0],
        name=row[1],
        language=row[2],
        body=row[3],
        channel=row[4],
        category=row[5],
        approved=bool(row[6]),
        special=_special(row[7]),
    )
