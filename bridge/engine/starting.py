"""Reads the desk at the start: what is open, what is kept back, what was on its way."""

from collections.abc import Sequence

from bridge.domain.delivery import Delivery, PostLine, Side
from bridge.engine.fresh_ids import FreshIds
from bridge.engine.state.desk import Desk
from bridge.engine.state.downtime import Downtime
from bridge.ports.clock import Clock
from bridge.ports.store import Needs, Store


async def read_desk(store: Store, desk: Desk, ids: FreshIds, clock: Clock) -> Sequence[Delivery]:
    """Fill the desk; gives the deliveries that were open before. Raises `StorageUnavailable`."""
    rows = await store.open_desk()
    now = clock.now()
    ids.go_on_after(rows.last_id, now)
    desk.open(rows)
    desk.erased.add(rows.erased)
    desk.downtime = Downtime(since=rows.last_seen, until=max(now, rows.last_seen))
    await _keep_held_lines(store, desk)
    open_deliveries = await store.open_deliveries()
    _remember_flights(desk, open_deliveries)
    for queue in desk.queues:  # holidays take long to load: not at somebody's first line
        desk.calendars.opens_at(queue, now)
    return open_deliveries


async def _keep_held_lines(store: Store, desk: Desk) -> None:
    wanted = frozenset(reply.message for reply in desk.held)
    if wanted:
        facts = await store.load(Needs(messages=wanted))
        desk.kept.update({message.id: message for message in facts.messages})


def _remember_flights(desk: Desk, deliveries: Sequence[Delivery]) -> None:
    for delivery in deliveries:
        if delivery.side is Side.CHANNEL and isinstance(delivery.body, PostLine):
            flights = desk.in_flight.setdefault(delivery.body.message, set())
            flights.add(delivery.id)
