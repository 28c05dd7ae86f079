"""Rows of the customers: contacts, who they are on each channel, their cases."""

from bridge.domain.contact import Contact, Identity, Refuses
from bridge.domain.ticket import Ticket
from storage.mapping.folding import fold
from storage.mapping.row import Read, Row


def contact_row(contact: Contact) -> Row:
    """The row of a contact."""
    return (contact.id, contact.name, contact.created_at, fold(contact.name))


def contact(row: Read) -> Contact:
    """The contact of a row."""
    return Contact(id=row[0], name=row[1], created_at=row[2])


def identity_row(identity: Identity) -> Row:
    """The row of an identity."""
    return (
        identity.id,
        identity.contact,
        identity.channel,
        identity.address,
        identity.name,
        identity.language,
        identity.last_agent,
        identity.last_agent_at,
        identity.anonymous,
        _looked_for(identity),
        identity.certain,
        identity.heard_at,
        identity.merged,
        identity.refuses.value,
    )


TOUCHED = ("last_agent", "last_agent_at")
"""The columns that the end of a conversation changes of its customer."""


def touched_row(identity: Identity) -> Row:
    """Those columns, then the id."""
    return (identity.last_agent, identity.last_agent_at, identity.id)


def _looked_for(identity: Identity) -> str:
    """His name and what people know of his address."""
    known = "" if identity.anonymous else identity.address
    return f"{fold(identity.name)}\n{fold(known)}"


def identity(row: Read) -> Identity:
    """The identity of a row."""
    return Identity(
        id=row[0],
        contact=row[1],
        channel=row[2],
        address=row[3],
        name=row[4],
        language=row[5],
        last_agent=row[6],
        last_agent_at=row[7],
        anonymous=bool(row[8]),
        certain=row[10],
        heard_at=row[11],
        merged=row[12],
        refuses=Refuses(row[13]),
    )


def ticket_row(ticket: Ticket) -> Row:
    """The row of a ticket."""
    return (
        ticket.id,
        ticket.number,
        ticket.contact,
        ticket.conversation,
        ticket.type,
        ticket.status,
        ticket.description,
        ticket.opened_by,
        ticket.opened_at,
        ticket.changed_at,
        ticket.closed,
    )


def ticket(row: Read) -> Ticket:
    """The ticket of a row."""
    return Ticket(
        id=row[0],
        number=row[1],
        contact=row[2],
        conversation=row[3],
        type=row[4],
        status=row[5],
        description=row[6],
        opened_by=row[7],
        opened_at=row[8],
        changed_at=row[9],
        closed=bool(row[10]),
    )
