"""What a platform bills is counted for the conversation that it was said in."""

from bridge.domain.ids import ExternalId, SourceKey
from bridge.domain.message import Receipt
from bridge.ports.channel import ReceiptChanged
from tests.fakes.office import Office


async def told(office: Office, line: str, receipt: Receipt, billed: str) -> None:
    """The platform says what became of a line, and whether it bills it."""
    await office.customers.accept(
        ReceiptChanged(
            channel=office.web,
            source=(SourceKey(f"{line}:{receipt.name}"),),
            external_id=ExternalId(line),
            receipt=receipt,
            billed=billed,
        )
    )
    await office.quiet()


async def test_each_line_is_billed_once_whatever_is_told_and_in_whatever_order(
    office: Office,
) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "one")
    await office.says("ana", "two")
    first, second = (f"out-{number}" for number in range(1, len(office.channel.calls) + 1))

    for receipt in (Receipt.READ, Receipt.DELIVERED, Receipt.ACCEPTED):
        await told(office, first, receipt, "service")
    await told(office, second, Receipt.DELIVERED, "")
    await told(office, "somebody else's", Receipt.DELIVERED, "service")

    assert await office.store.billed(office.conversation().id) == {"service": 1}
