"""What a desk does that was put back from a backup: nothing is sent before somebody has decided.

What was open when the backup was made may have been sent since. `reconcile` treats all of it as a
call whose answer was lost: the platforms are asked where they can be, else the agent is told.
`discard` sends none of it; each is listed as failed, and can be sent again by hand.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.errors import InvalidSettings
from bridge.domain.ids import Instant
from bridge.domain.message import Message, Receipt
from bridge.ports.failpoints import failpoint
from bridge.ports.store import Changes, DeliveryMark, DocumentWrite, Entity, Needs
from storage import RESTORED, Database

_ADAPTER, _COLLECTION, _KEY = RESTORED
_DISCARDED = "discarded after the desk was restored"


async def copied_at(database: Database) -> str | None:
    """When the backup was made that this database is, in ISO 8601; None: it is in use."""
    found = await database.adapter_store(_ADAPTER).get(_COLLECTION, _KEY)
    return None if found is None else found.decode()


async def refuse_to_send(database: Database) -> None:
    """Raise `InvalidSettings` while nobody has decided about what was open."""
    moment = await copied_at(database)
    if moment is None:
        return
    count = len(await database.store.open_deliveries())
    raise InvalidSettings(
        f"this desk was put back from its backup of {moment}, when {count} deliveries were open; "
        "some may have been sent since. Decide first: deskbridge db reconcile asks the platforms "
        "and sends the rest, deskbridge db discard sends none of them"
    )


async def reconcile(database: Database, now: Instant) -> int:
    """Have what was open looked for at the next start; gives how much that is."""
    opened = await database.store.open_deliveries()
    marks = [
        _mark(each, DeliveryState.SENDING, now)
        for each in opened
        if each.state is DeliveryState.PENDING
    ]
    await _decided(database, marks)
    return len(opened)


async def discard(database: Database, now: Instant) -> int:
    """Have nothing sent that was open; gives how much that is."""
    opened = await database.store.open_deliveries()
    marks = [_mark(each, DeliveryState.DEAD, now, _DISCARDED) for each in opened]
    lines = frozenset(
        each.body.message
        for each in opened
        if each.side is Side.CHANNEL and isinstance(each.body, PostLine)
    )
    known = await database.store.load(Needs(messages=lines))
    failed = [
        replace(line, receipt=Receipt.FAILED, receipt_reason=_DISCARDED) for line in known.messages
    ]
    await _decided(database, marks, failed)
    return len(opened)


def _mark(delivery: Delivery, state: DeliveryState, now: Instant, error: str = "") -> DeliveryMark:
    return DeliveryMark(
        id=delivery.id,
        when=(DeliveryState.PENDING, DeliveryState.SENDING),
        state=state,
        at=now,
        attempts=max(1, delivery.attempts),
        error=error,
    )


async def _decided(
    database: Database, marks: Sequence[DeliveryMark], lines: Sequence[Message] = ()
) -> None:
    """All of it and the decision itself in one transaction."""
    done = DocumentWrite(adapter=_ADAPTER, collection=_COLLECTION, key=_KEY, body=None)
    changed: dict[tuple[type, object], Entity] = {(Message, line.id): line for line in lines}
    failpoint("restore.deciding")
    await database.store.commit(Changes(marks=list(marks), documents=[done], puts=changed))
    failpoint("restore.decided")
