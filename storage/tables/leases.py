"""Who writes, and what he has written lately; only PostgreSQL's tables have rows."""

from sqlalchemy import false
from sqlmodel import Field

from storage.tables.base import At, Id, Key, Ref, Row, Words


class LeaseRow(Row, table=True):
    """A name, who holds it, the how-manieth holder that is, and until when, by the database."""

    __tablename__ = "lease"

    name: Key
    holder: Words
    epoch: Ref
    until: At


class WrittenRow(Row, table=True):
    """The mark of a transaction: it is here when the transaction was committed.

    Who did not hear what became of one leaves its mark himself, as `lost`, unless it is here: then
    it was not committed, and never will be. The server's own word is not enough: after a crash it
    gives the number of a transaction that was lost to another one.
    """

    __tablename__ = "written"

    id: Id
    lost: bool = Field(sa_column_kwargs={"server_default": false()})
