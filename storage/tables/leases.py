"""The table of names that one process at a time holds; only PostgreSQL's has rows."""

from storage.tables.base import At, Key, Ref, Row, Words


class LeaseRow(Row, table=True):
    """A name, who holds it, the how-manieth holder that is, and until when, by the database."""

    __tablename__ = "lease"

    name: Key
    holder: Words
    epoch: Ref
    until: At
