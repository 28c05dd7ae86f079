"""What platforms say of a line may come twice and in any order: the best of it stays."""

from functools import reduce
from itertools import permutations

import pytest

from bridge.domain.message import Receipt, merge_receipt

NONE, ACCEPTED, DELIVERED = Receipt.NONE, Receipt.ACCEPTED, Receipt.DELIVERED
READ, UNKNOWN, FAILED = Receipt.READ, Receipt.UNKNOWN, Receipt.FAILED


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ((ACCEPTED, DELIVERED, READ), READ),
        ((ACCEPTED, DELIVERED, DELIVERED), DELIVERED),
        ((ACCEPTED, ACCEPTED, READ), READ),
        ((ACCEPTED, ACCEPTED, FAILED), FAILED),
        ((UNKNOWN, ACCEPTED, DELIVERED), DELIVERED),
        ((UNKNOWN, ACCEPTED, FAILED), FAILED),
    ],
)
def test_the_order_in_which_statuses_come_changes_nothing(
    told: tuple[Receipt, ...], shown: Receipt
) -> None:
    seen = {reduce(merge_receipt, order, NONE) for order in permutations(told)}

    assert seen == {shown}


@pytest.mark.parametrize("old", [DELIVERED, READ])
def test_what_arrived_cannot_fail_or_be_unknown_any_more(old: Receipt) -> None:
    assert merge_receipt(old, FAILED) is old
    assert merge_receipt(old, UNKNOWN) is old


@pytest.mark.parametrize("new", Receipt)
def test_the_same_again_changes_nothing(new: Receipt) -> None:
    once = merge_receipt(NONE, new)

    assert merge_receipt(once, new) is once


@pytest.mark.parametrize("late", [NONE, ACCEPTED, DELIVERED, READ, UNKNOWN])
def test_what_failed_stays_failed(late: Receipt) -> None:
    assert merge_receipt(FAILED, late) is FAILED


@pytest.mark.parametrize("evidence", [ACCEPTED, DELIVERED, READ, FAILED])
def test_any_evidence_settles_a_doubt(evidence: Receipt) -> None:
    assert merge_receipt(UNKNOWN, evidence) is evidence
