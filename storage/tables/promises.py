"""Tables of what came in and of what we promised to do: inbox, digests, deliveries."""

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from bridge.domain.delivery import DeliveryState, Side
from storage.tables.base import (
    At,
    Bytes,
    Id,
    Json,
    MaybeAt,
    MaybeRef,
    Ref,
    Row,
    Words,
    one_of,
)

_OPEN = text("state IN ('pending', 'sending')")
_BAD = text("state IN ('unknown', 'dead')")


class InboxRow(Row, table=True):
    """Something that came in, as it was accepted."""

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint("state IN ('done', 'dead')", name="state"),
        Index(
            "dead_letters",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
    )

    id: Id
    at: At
    kind: Words
    body: Bytes
    state: Words
    error: Words


class DigestRow(Row, table=True):
    """What makes an inbox row unique at its source; 16 bytes, known for ever."""

    __tablename__ = "inbox_digest"
    __table_args__ = ({"sqlite_with_rowid": False},)

    digest: Bytes = Field(primary_key=True)


class DeliveryRow(Row, table=True):
    """A promised call. `changed_at` is when its state was last written."""

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("side", Side),
        one_of("state", DeliveryState),
        Index("open_deliveries", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("bad_deliveries", "id", sqlite_where=_BAD, postgresql_where=_BAD),
    )

    id: Id
    lane: Words
    side: Words
    place: Words
    conversation: Ref
    body: Json
    created_at: At
    identity: MaybeRef
    binding: MaybeRef
    agent: MaybeRef
    state: Words
    attempts: int
    due_at: MaybeAt
    error: Words
    changed_at: At
