"""What a batch did is taken back when a row of it was known already, and then done again, whole."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.content import text_content
from bridge.domain.ids import Address, ExternalId, SourceKey
from bridge.domain.message import Author, Message, Receipt
from bridge.engine.state.table import Ledger, Undone
from bridge.ports.channel import ChannelEvent, MessageDeleted, MessageReceived, ReceiptChanged
from tests.fakes.office import Office

_STEPS = st.lists(st.tuples(st.integers(1, 3), st.none() | st.integers(1, 3)), max_size=12)


def _known(office: Office) -> MessageReceived:
    """The customer's line again."""
    assert office.last_line is not None
    return MessageReceived(
        channel=office.web,
        source=(SourceKey(f"in:{office.sources}"),),
        address=Address("addr-Alice"),
        external_id=office.last_line,
        content=text_content("again"),
        name="Alice",
    )


async def _together(office: Office, event: ChannelEvent) -> None:
    """Something new and something known, in one batch."""
    before = office.engine.stats.duplicates
    await asyncio.gather(office.customers.accept(event), office.customers.accept(_known(office)))
    await office.quiet()
    assert office.engine.stats.duplicates == before + 1


async def _line(office: Office, author: Author) -> Message:
    lines = await office.store.lines(office.conversation().id, None, 50)
    return next(line for line in reversed(lines) if line.author is author)


async def test_a_receipt_is_kept_beside_a_line_that_was_known(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.says("ana", "hello")

    read = ReceiptChanged(
        channel=office.web,
        source=(SourceKey("read"),),
        external_id=ExternalId(f"out-{len(office.channel.calls)}"),
        receipt=Receipt.READ,
    )
    await _together(office, read)

    assert (await _line(office, Author.AGENT)).receipt is Receipt.READ


async def test_a_line_is_taken_back_beside_a_line_that_was_known(office: Office) -> None:
    await office.agent("ana", "sales")
    await office.handed_over()
    await office.customer("a mistake")
    mistake = office.last_line
    await office.customer("better")
    assert mistake is not None

    gone = MessageDeleted(
        channel=office.web,
        source=(SourceKey("gone"),),
        address=Address("addr-Alice"),
        external_id=mistake,
    )
    await _together(office, gone)

    lines = await office.store.lines(office.conversation().id, None, 50)
    (deleted,) = [line for line in lines if line.deleted_at]
    assert deleted.content.words() == "a mistake"


@given(before=_STEPS, later=_STEPS)
def test_a_roll_back_gives_what_was_there(
    before: list[tuple[int, int | None]], later: list[tuple[int, int | None]]
) -> None:
    ledger = Ledger()
    lines: Undone[int, int] = Undone(ledger)
    _play(lines, before)
    ledger.commit()
    there = dict(lines)

    _play(lines, later)
    ledger.rollback()

    assert dict(lines) == there


def _play(lines: Undone[int, int], steps: list[tuple[int, int | None]]) -> None:
    for key, value in steps:
        if value is not None:
            lines[key] = value
        elif key in lines:
            del lines[key]
