"""What Meta says became of our messages, told to the desk; and what it says they cost."""

from collections import Counter

from bridge.adapters.channels.whatsapp.addresses import names
from bridge.adapters.channels.whatsapp.errors import NO_MARKETING, GraphError, reason
from bridge.adapters.channels.whatsapp.outcomes import Outcomes
from bridge.adapters.channels.whatsapp.wire import Status
from bridge.adapters.common.recent import Recent
from bridge.domain.contact import Refuses
from bridge.domain.ids import ChannelId, ExternalId, SourceKey
from bridge.domain.message import Receipt
from bridge.ports.channel import ChannelSink, ReceiptChanged, WishesChanged

_RECEIPTS = {
    "sent": Receipt.ACCEPTED,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.READ,
    "played": Receipt.READ,
    "failed": Receipt.FAILED,
}


class Receipts:
    """Tells of statuses; the desk merges them, so their order does not matter."""

    def __init__(self, channel: ChannelId, outcomes: Outcomes, sink: ChannelSink) -> None:
        """Nothing was told yet."""
        self._channel = channel
        self._outcomes = outcomes
        self._sink = sink
        self._counted: Recent[bool] = Recent()
        self.billable: Counter[str] = Counter()
        """Messages that Meta calls billable, by its category."""

    async def tell(self, statuses: list[Status]) -> None:
        """Statuses of one message, in the order in which they came. Raises as the desk does."""
        for status in statuses:
            receipt = _RECEIPTS.get(status.status)
            if receipt is None:
                continue
            message = ExternalId(status.id)
            await self._outcomes.status(status.biz_opaque_callback_data, message)
            accepted = await self._sink.accept(
                ReceiptChanged(
                    channel=self._channel,
                    source=(SourceKey(f"status:{status.id}:{status.status}"),),
                    external_id=message,
                    receipt=receipt,
                    reason=_reason(status),
                    key=status.biz_opaque_callback_data,
                    billed=_billed(status),
                )
            )
            if not accepted.duplicate:
                self._count(status)
            await self._heed(status)

    async def _heed(self, status: Status) -> None:
        """Who wants no marketing says so by this refusal, too."""
        who = names(status.recipient_id, status.recipient_user_id)
        if who is None or not any(error.code == NO_MARKETING for error in status.errors):
            return
        await self._sink.accept(
            WishesChanged(
                channel=self._channel,
                source=(SourceKey(f"status:{status.id}:no_marketing"),),
                address=who.address,
                refuses=Refuses.MARKETING,
            )
        )

    def _count(self, status: Status) -> None:
        """Each message once, however many of its statuses say so."""
        category = _billed(status)
        if category and not self._counted.get(status.id):
            self._counted.put(status.id, True)
            self.billable[category] += 1


def _billed(status: Status) -> str:
    """Meta's category, if it says that the message is billed."""
    pricing = status.pricing
    if pricing is None or not pricing.billable:
        return ""
    return pricing.category[:40] if pricing.category.isidentifier() else "other"


def _reason(status: Status) -> str:
    if status.status != "failed":
        return ""
    return reason(status.errors[0] if status.errors else GraphError(title="it failed"))
