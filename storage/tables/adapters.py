"""Tables that adapters write through their own store, files, and the desk's sign of life."""

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from bridge.domain.content import FileKind
from storage.tables.base import At, Bytes, Id, Key, Row, Words, between, one_of, only


class JournalRow(Row, table=True):
    """An entry of an adapter's journal.

    A key is there once, but for entries that were handed in with an event: that is there once.
    """

    __tablename__ = "journal"
    __table_args__ = (
        only("one_entry_per_key", "adapter", "journal", "key", where="NOT handed_in"),
        Index(None, "adapter", "journal", "seq"),
    )

    seq: Id
    adapter: Words
    journal: Words
    key: Words
    body: Bytes
    handed_in: bool


class DocumentRow(Row, table=True):
    """A document of an adapter's collection."""

    __tablename__ = "document"
    __table_args__ = ({"sqlite_with_rowid": False},)

    adapter: Key
    collection: Key
    key: Key
    body: Bytes


class FileRow(Row, table=True):
    """A stored file; its bytes lie under its id."""

    __tablename__ = "file"
    __table_args__ = (one_of("kind", FileKind),)

    id: Key
    kind: Words
    mime: Words
    size: int = Field(sa_type=BigInteger)
    name: Words
    created_at: At


class LifeRow(Row, table=True):
    """One row: when the desk was last known to run."""

    __tablename__ = "life"
    __table_args__ = (between("id", 1, 1),)

    id: Id
    seen_at: At
