"""Tables of what goes on: conversations, holds, thread bindings, replies kept back."""

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, TextClause, UniqueConstraint, text
from sqlmodel import Field

from bridge.domain.binding import Purpose
from bridge.domain.conversation import HoldKind, Priority, State
from storage.tables.base import (
    At,
    Id,
    Json,
    MaybeAt,
    MaybeRef,
    MaybeWords,
    Ref,
    Row,
    Words,
    between,
    one_of,
    only,
)

_OPEN = text("state <> 'ended'")
_ENDED = text("state = 'ended'")
_HAS_END = text("ended_at IS NOT NULL")


def _in_order(name: str, *columns: str, where: TextClause) -> Index:
    """Ended conversations in the order of their list, by these columns."""
    newest = (text("ended_at DESC"), text("id DESC"))
    return Index(name, *columns, "priority", *newest, sqlite_where=where, postgresql_where=where)


class ConversationRow(Row, table=True):
    """A conversation. Of one identity at most one is open."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("state", State),
        between("priority", min(Priority), max(Priority)),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="end"),
        only("one_open_conversation", "identity", where="state <> 'ended'"),
        Index("open_conversations", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        _in_order("ended_conversations", where=_ENDED),
        # Said in another way, so that PostgreSQL cannot take the index above for them: it would,
        # as it thinks of every queue and channel as one of few.
        _in_order("ended_of_queue", "queue", where=_HAS_END),
        _in_order("ended_of_channel", "channel", where=_HAS_END),
    )

    id: Id
    number: int
    public_id: Words
    identity: int = Field(sa_type=BigInteger, foreign_key="identity.id")
    contact: int = Field(sa_type=BigInteger, foreign_key="contact.id")
    channel: Words
    opened_at: At
    state: Words
    queue: MaybeRef
    agent: MaybeRef
    priority: int
    epoch: int
    since: MaybeAt
    assigned_at: MaybeAt
    replied_at: MaybeAt
    last_customer_at: MaybeAt
    last_our_at: MaybeAt
    bot_due: MaybeAt
    bot_memory: Words
    reason: Words
    summary: Words
    language: Words
    started_by: MaybeRef
    skips: Json
    requeues: int
    transfers: int
    notified: bool
    warned: bool
    escalated: bool
    ended_at: MaybeAt
    end_cause: Words
    # Later columns have a default, so that adding them writes no row of a long history anew.
    widened: str = Field(sa_type=Text, sa_column_kwargs={"server_default": "[]"})
    alerts: int = Field(sa_column_kwargs={"server_default": "0"})
    told_place: int = Field(sa_column_kwargs={"server_default": "0"})
    told_at: MaybeAt
    answered_at: MaybeAt


class HoldRow(Row, table=True):
    """Who has or was offered a conversation. A slot is a number, so that an index counts."""

    __tablename__ = "hold"
    __table_args__ = (
        one_of("kind", HoldKind),
        CheckConstraint("slot IS NULL OR slot BETWEEN 1 AND capacity_at", name="slot"),
        only("one_open_hold_per_conversation", "conversation", where="ended_at IS NULL"),
        only("one_open_hold_per_slot", "agent", "slot", where="ended_at IS NULL"),
        Index(None, "conversation"),
    )

    id: Id
    conversation: int = Field(sa_type=BigInteger, foreign_key="conversation.id")
    agent: int = Field(sa_type=BigInteger, foreign_key="agent.id")
    kind: Words
    cause: Words
    started_at: At
    slot: int | None
    capacity_at: int
    expires_at: MaybeAt
    ended_at: MaybeAt
    end_cause: Words


class BindingRow(Row, table=True):
    """A thread of a conversation. One is open per purpose; waiting cards one per room."""

    __tablename__ = "binding"
    __table_args__ = (
        one_of("purpose", Purpose),
        only(
            "one_open_binding",
            "conversation",
            "workspace",
            "purpose",
            where="closed_at IS NULL AND purpose <> 'waiting'",
        ),
        only(
            "one_waiting_card_per_room",
            "conversation",
            "workspace",
            "room",
            where="closed_at IS NULL AND purpose = 'waiting'",
        ),
        Index("ix_binding_thread", "thread", "workspace"),
        Index(None, "conversation"),
    )

    id: Id
    conversation: int = Field(sa_type=BigInteger, foreign_key="conversation.id")
    workspace: Words
    room: Words
    purpose: Words
    opened_at: At
    thread: MaybeWords
    private_to: MaybeRef
    mirrors: bool
    closed_at: MaybeAt
    close_cause: Words


class HeldReplyRow(Row, table=True):
    """A reply that is kept back until `due_at`."""

    __tablename__ = "held_reply"

    message: Id
    conversation: Ref
    due_at: At
