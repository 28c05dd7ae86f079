"""Tables of the team: agents, queues, rooms and prepared texts."""

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from bridge.domain.agent import Role
from bridge.domain.queue import (
    ClosedPolicy,
    NamePolicy,
    Order,
    OverflowEnd,
    Strategy,
    Visibility,
)
from storage.tables.base import Id, Json, Key, MaybeAt, MaybeWords, Row, Words, one_of, only


class AgentRow(Row, table=True):
    """An agent. Load is never stored: it is the count of open holds."""

    __tablename__ = "agent"
    __table_args__ = (
        UniqueConstraint("handle"),
        one_of("role", Role),
        CheckConstraint("capacity >= 0", name="capacity"),
    )

    id: Id
    handle: Words
    name: Words
    role: Words
    email: Words
    alias: Words
    active: bool
    available: bool
    reason: Words
    capacity: int
    language: Words
    available_since: MaybeAt
    last_seen: MaybeAt
    idle_since: MaybeAt
    last_seq: int = Field(sa_type=BigInteger)
    missed: int
    cool_until: MaybeAt


class AgentIdentityRow(Row, table=True):
    """A workspace's user; at most one agent is behind him."""

    __tablename__ = "agent_identity"

    workspace: Key
    user: Key
    agent: int = Field(sa_type=BigInteger, foreign_key="agent.id", index=True)


class QueueRow(Row, table=True):
    """A queue; its name is its word in commands. Times are milliseconds."""

    __tablename__ = "queue"
    __table_args__ = (
        UniqueConstraint("name"),
        one_of("strategy", Strategy),
        one_of("visibility", Visibility),
        one_of("names", NamePolicy),
        one_of("ordered_by", Order),
        one_of("overflow_end", OverflowEnd),
        one_of("closed_policy", ClosedPolicy),
    )

    id: Id
    name: Words
    title: Words
    active: bool
    strategy: Words
    visibility: Words
    names: Words
    first_reply_timeout: int = Field(sa_type=BigInteger)
    notify_after: int = Field(sa_type=BigInteger)
    inactivity_timeout: int = Field(sa_type=BigInteger)
    sticky_window: int = Field(sa_type=BigInteger)
    starvation: int = Field(sa_type=BigInteger)
    max_waiting: int
    max_transfers: int
    ordered_by: Words
    specialist_first: bool
    require_connected: bool
    sticky_wait: int = Field(sa_type=BigInteger)
    escalate_after: int = Field(sa_type=BigInteger)
    offer_timeout: int = Field(sa_type=BigInteger)
    max_wait: int = Field(sa_type=BigInteger)
    overflow: Json
    overflow_end: Words
    hours: MaybeWords
    closed_policy: Words
    wait_target: int = Field(sa_type=BigInteger)
    reply_target: int = Field(sa_type=BigInteger)
    alerts: Json
    tell_waiting: int = Field(sa_type=BigInteger)
    targets: Json


class MembershipRow(Row, table=True):
    """An agent answers a queue."""

    __tablename__ = "membership"

    agent: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="agent.id")
    queue: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="queue.id")
    level: int
    last_seq: int = Field(sa_type=BigInteger)
    position: int = Field(sa_column_kwargs={"server_default": "0"})


class RoomRow(Row, table=True):
    """A room of a workspace, bound to a queue or, without one, for the monitor's cards."""

    __tablename__ = "room"

    workspace: Key
    ref: Key
    title: Words
    queue: int | None = Field(sa_type=BigInteger, foreign_key="queue.id", default=None)


class TemplateRow(Row, table=True):
    """A prepared text. A name and language are there once per channel, or once for all."""

    __tablename__ = "template"
    __table_args__ = (
        only("one_local_template", "name", "language", where="channel IS NULL"),
        only(
            "one_template_per_channel",
            "channel",
            "name",
            "language",
            where="channel IS NOT NULL",
        ),
    )

    id: Id
    name: Words
    language: Words
    body: Words
    channel: MaybeWords
    category: Words
    approved: bool
    special: str = Field(sa_type=Text, sa_column_kwargs={"server_default": "[]"})
