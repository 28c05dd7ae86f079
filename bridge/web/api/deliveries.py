"""Operations of the operator on what did not reach a customer, or perhaps did not."""

from datetime import datetime

from bridge.domain.delivery import Delivery, DeliveryState, PostLine, Side
from bridge.domain.ids import MessageId
from bridge.domain.message import Message, Receipt
from bridge.domain.moves import RetryLine
from bridge.engine.engine import Engine
from bridge.ports.store import Reads
from bridge.web.api.fields import Nothing, Shape, moment
from bridge.web.api.route import AnyRoute, Call, Route
from bridge.web.problems import Refused
from bridge.web.tokens import entry_point

_MOST = 1_000
_BAD = (DeliveryState.UNKNOWN, DeliveryState.DEAD)
_NOT_THERE = (Receipt.FAILED, Receipt.UNKNOWN)


class FailedDelivery(Shape):
    """A line that did not reach its customer (`dead`), or perhaps did not (`unknown`)."""

    id: str
    state: str
    channel: str
    conversation: str
    error: str
    at: datetime


class FailedDeliveries(Shape):
    """Newest first."""

    deliveries: tuple[FailedDelivery, ...]


class Deliveries:
    """Lists them, and has them sent again. What somebody has sent again meanwhile is not there."""

    def __init__(self, engine: Engine, reads: Reads) -> None:
        """Of this desk."""
        self._engine = engine
        self._reads = reads

    def routes(self) -> list[AnyRoute]:
        """Both operations."""
        return [
            Route(
                method="GET",
                path="/v1/deliveries/failed",
                scope=None,
                handler=self._failed,
                body=Nothing,
                query=Nothing,
                answer=FailedDeliveries,
            ),
            Route(
                method="POST",
                path="/v1/deliveries/{delivery}/retry",
                scope=None,
                handler=self._retry,
                body=Nothing,
                query=Nothing,
                status=204,
            ),
        ]

    async def _failed(self, _call: Call[Nothing, Nothing]) -> FailedDeliveries:
        """List what did not reach a customer, or perhaps did not."""
        return FailedDeliveries(
            deliveries=tuple([await self._shape(each) for each, _ in await self._open()])
        )

    async def _shape(self, delivery: Delivery) -> FailedDelivery:
        about = await self._reads.find(delivery.conversation)
        return FailedDelivery(
            id=str(delivery.id),
            state=delivery.state.value,
            channel=delivery.place,
            conversation="" if about is None else str(about.number),
            error=delivery.error,
            at=moment(delivery.created_at),
        )

    async def _retry(self, call: Call[Nothing, Nothing]) -> None:
        """Send it again, at the end of what its customer is sent."""
        for delivery, line in await self._open():
            if str(delivery.id) != call.path["delivery"]:
                continue
            move = RetryLine(message=line.id)
            outcome = await self._engine.carry_out(move, call.actor, entry_point(call.actor))
            if not outcome.ok:
                raise Refused(409, outcome.code, "Its conversation has ended.")
            return
        raise Refused(404, "not_found", "There is no such failed delivery.")

    async def _open(self) -> list[tuple[Delivery, Message]]:
        """Those whose line has not arrived in another way since, each line once."""
        found: dict[MessageId, tuple[Delivery, Message]] = {}
        for delivery in await self._reads.deliveries(_BAD, _MOST):
            if delivery.side is not Side.CHANNEL or not isinstance(delivery.body, PostLine):
                continue
            line = await self._line(delivery, delivery.body.message)
            if line is not None and line.receipt in _NOT_THERE:
                found.setdefault(line.id, (delivery, line))
        return list(found.values())

    async def _line(self, delivery: Delivery, message: MessageId) -> Message | None:
        after = MessageId(message + 1)
        lines = await self._reads.lines(delivery.conversation, after, 1)
        return lines[-1] if lines and lines[-1].id == message else None
