"""Who writes, and what he has written lately; only PostgreSQL's tables have rows."""

from storage.tables.base import At, Id, Key, Ref, Row, Words


class LeaseRow(Row, table=True):
    """A name, who holds it, the how-manieth holder that is, and until when, by the database."""

    __tablename__ = "lease"

    name: Key
    holder: Words
    epoch: Ref
    until: At


class WrittenRow(Row, table=True):
    """The mark of a transaction: it is here when the transaction was committed, else it was not.

    The server's own word is not enough: after a crash it gives the number of a transaction that
    was lost to another one.
    """

    __tablename__ = "written"

    id: Id
