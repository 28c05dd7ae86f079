"""Tables of the customers: contacts, who they are on each channel, their cases."""

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from bridge.domain.contact import Refuses
from storage.tables.base import At, Id, Key, MaybeAt, MaybeRef, MaybeWords, Ref, Row, Words, one_of


class ContactRow(Row, table=True):
    """A customer. `search` is his name as it is looked for: no case, no accents."""

    __tablename__ = "contact"

    id: Id
    name: Words
    created_at: At
    search: Words


class IdentityRow(Row, table=True):
    """A contact on one channel. `search` is his name there and, where people know it, his address.

    Both are folded.
    """

    __tablename__ = "identity"
    __table_args__ = (one_of("refuses", Refuses),)

    id: Id
    contact: int = Field(sa_type=BigInteger, foreign_key="contact.id", index=True)
    channel: Words
    address: Words
    name: Words
    language: MaybeWords
    last_agent: MaybeRef
    last_agent_at: MaybeAt
    anonymous: bool
    search: Words
    certain: MaybeWords
    heard_at: MaybeAt
    merged: MaybeRef
    refuses: str = Field(sa_type=Text, sa_column_kwargs={"server_default": "nothing"})


class AliasRow(Row, table=True):
    """Every address that leads to an identity, the present one among them."""

    __tablename__ = "alias"
    __table_args__ = ({"sqlite_with_rowid": False},)

    channel: Key
    address: Key
    identity: int = Field(sa_type=BigInteger, foreign_key="identity.id", index=True)


class TicketRow(Row, table=True):
    """A contact's case."""

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("number"), Index(None, "contact", "id"))

    id: Id
    number: int
    contact: int = Field(sa_type=BigInteger, foreign_key="contact.id")
    conversation: MaybeRef
    type: Words
    status: Words
    description: Words
    opened_by: Ref
    opened_at: At
    changed_at: At
    closed: bool
