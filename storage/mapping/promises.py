"""Rows of what came in and of what we promised to do: inbox, deliveries."""

import msgspec

from bridge.domain.delivery import Body, Delivery, DeliveryState, Side
from bridge.ports.store import InboxRow
from storage.mapping.row import Read, Row

_encode = msgspec.json.Encoder().encode
_body: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)


def inbox_row(inbox: InboxRow) -> Row:
    """The row of what came in."""
    return (inbox.id, inbox.at, inbox.kind, inbox.body, inbox.state, inbox.error)


def delivery_row(delivery: Delivery) -> Row:
    """The row of a new delivery."""
    return (
        delivery.id,
        delivery.lane,
        delivery.side._value_,
        delivery.place,
        delivery.conversation,
        _encode(delivery.body).decode(),
        delivery.created_at,
        delivery.identity,
        delivery.binding,
        delivery.agent,
        delivery.state._value_,
        delivery.attempts,
        delivery.due_at,
        delivery.error,
        delivery.created_at,
    )


def delivery(row: Read) -> Delivery:
    """The delivery of a row."""
    return Delivery(
        id=row[0],
        lane=row[1],
        side=Side(row[2]),
        place=row[3],
        conversation=row[4],
        body=_body.decode(row[5]),
        created_at=row[6],
        identity=row[7],
        binding=row[8],
        agent=row[9],
        state=DeliveryState(row[10]),
        attempts=row[11],
        due_at=row[12],
        error=row[13],
    )
