"""Tables of what was said and what happened: messages, their names outside, events."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from bridge.domain.events import EventKind
from bridge.domain.message import Author, Receipt
from storage.tables.base import (
    At,
    Id,
    Json,
    Key,
    MaybeAt,
    MaybeRef,
    Row,
    Words,
    between,
    one_of,
)


class MessageRow(Row, table=True):
    """A line of a conversation."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("author", Author),
        between("receipt", min(Receipt), max(Receipt)),
        Index(None, "conversation", "id"),
    )

    id: Id
    conversation: int = Field(sa_type=BigInteger, foreign_key="conversation.id")
    at: At
    author: Words
    name: Words
    content: Json
    agent: MaybeRef
    internal: bool
    edited_at: MaybeAt
    deleted_at: MaybeAt
    receipt: int
    receipt_reason: Words


class MessageLinkRow(Row, table=True):
    """A message as one side knows it. An external id names one message for ever."""

    __tablename__ = "message_link"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Key
    external_id: Key
    message: int = Field(sa_type=BigInteger, foreign_key="message.id", index=True)
    conversation: int = Field(sa_type=BigInteger)
    part: int


class BilledRow(Row, table=True):
    """A message that its platform bills, once by its name there, however often it is told."""

    __tablename__ = "billed"
    __table_args__ = (Index(None, "conversation"), {"sqlite_with_rowid": False})

    channel: Key
    external_id: Key
    conversation: int = Field(sa_type=BigInteger)
    category: Words
    at: At


class EventRow(Row, table=True):
    """A fact of our history; nothing changes or removes one."""

    __tablename__ = "event"
    __table_args__ = (one_of("kind", EventKind), Index(None, "conversation", "id"))

    id: Id
    at: At
    kind: Words
    actor: Json
    conversation: MaybeRef
    agent: MaybeRef
    queue: MaybeRef
    cause: Words
    data: Json
