"""The database as SQLModel tables, one set for SQLite and PostgreSQL."""

from sqlalchemy import MetaData, Table

from storage.tables.adapters import DocumentRow, FileRow, JournalRow, LifeRow
from storage.tables.arrivals import ArrivalRow
from storage.tables.base import Row
from storage.tables.conversations import BindingRow, ConversationRow, HeldReplyRow, HoldRow
from storage.tables.customers import AliasRow, ContactRow, IdentityRow, TicketRow
from storage.tables.erasures import ErasureRow
from storage.tables.leases import LeaseRow, WrittenRow
from storage.tables.lines import BilledRow, EventRow, MessageLinkRow, MessageRow
from storage.tables.people import (
    AgentIdentityRow,
    AgentRow,
    MembershipRow,
    QueueRow,
    RoomRow,
    TemplateRow,
)
from storage.tables.promises import DeliveryRow, DigestRow, InboxRow

metadata: MetaData = Row.metadata


def table_of(row: type[Row]) -> Table:
    """The Core table behind a row class."""
    return metadata.tables[str(row.__tablename__)]


agent = table_of(AgentRow)
agent_identity = table_of(AgentIdentityRow)
alias = table_of(AliasRow)
arrival = table_of(ArrivalRow)
billed = table_of(BilledRow)
binding = table_of(BindingRow)
contact = table_of(ContactRow)
conversation = table_of(ConversationRow)
delivery = table_of(DeliveryRow)
digest = table_of(DigestRow)
document = table_of(DocumentRow)
erasure = table_of(ErasureRow)
event = table_of(EventRow)
file = table_of(FileRow)
held_reply = table_of(HeldReplyRow)
hold = table_of(HoldRow)
identity = table_of(IdentityRow)
inbox = table_of(InboxRow)
journal = table_of(JournalRow)
lease = table_of(LeaseRow)
life = table_of(LifeRow)
membership = table_of(MembershipRow)
message = table_of(MessageRow)
message_link = table_of(MessageLinkRow)
queue = table_of(QueueRow)
room = table_of(RoomRow)
template = table_of(TemplateRow)
ticket = table_of(TicketRow)
written = table_of(WrittenRow)
