"""Which changes of state are allowed, against the table written out by hand."""

from itertools import product

import pytest

from bridge.domain.conversation import State
from bridge.routing.transitions import BY_CAUSE, TRANSITIONS, Cause, IllegalTransition, check

ALLOWED = {
    Cause.FIRST_MESSAGE: "new>bot",
    Cause.HANDOFF: "bot>waiting",
    Cause.QUEUE_CLOSED: "bot>parked bot>bot bot>waiting",
    Cause.QUEUE_OPENED: "parked>waiting",
    Cause.MATCH: "waiting>assigned",
    Cause.STICKY: "waiting>assigned",
    Cause.PULL: "waiting>assigned",
    Cause.OFFER: "waiting>offered",
    Cause.ACCEPT: "offered>assigned",
    Cause.DECLINE: "offered>waiting",
    Cause.EXPIRY: "offered>waiting",
    Cause.WITHDRAWAL: "offered>waiting",
    Cause.TRANSFER_TO_AGENT: "assigned>assigned",
    Cause.TRANSFER_TO_QUEUE: "assigned>waiting assigned>assigned assigned>parked",
    Cause.RETURN_TO_BOT: "assigned>ended",
    Cause.OVERFLOW: "waiting>waiting",
    Cause.WAIT_EXPIRED: "waiting>bot waiting>ended",
    Cause.ABANDONED: "parked>ended waiting>ended offered>ended",
    Cause.PRIORITY: "bot>bot parked>parked waiting>waiting offered>offered assigned>assigned",
    Cause.NO_REPLY: "assigned>waiting",
    Cause.CUSTOMER_CLOSED: "bot>ended assigned>ended",
    Cause.CUSTOMER_BLOCKED: "bot>ended assigned>ended",
    Cause.INACTIVITY: "assigned>ended",
    Cause.STARVATION: "waiting>waiting",
    Cause.TAKE: "new>assigned bot>assigned parked>assigned waiting>assigned offered>assigned",
    Cause.TAKE_OVER: "assigned>assigned",
    Cause.PHONE: (
        "new>assigned bot>assigned parked>assigned waiting>assigned offered>assigned "
        "assigned>assigned"
    ),
    Cause.AGENT_GONE: "assigned>waiting",
    Cause.AGENT_HANDOVER: "assigned>waiting",
    Cause.BOT_CLOSED: "bot>ended",
}


def told(source: State | None, target: State, cause: Cause) -> bool:
    """True if the change is allowed."""
    try:
        check(source, target, cause)
    except IllegalTransition:
        return False
    return True


@pytest.mark.parametrize("cause", Cause)
def test_each_cause_allows_exactly_what_the_table_says(cause: Cause) -> None:
    every = product([None, *State], State)

    allowed = {
        f"{source or 'new'}>{target}" for source, target in every if told(source, target, cause)
    }

    assert allowed == set(ALLOWED[cause].split())


def test_what_has_ended_never_comes_back() -> None:
    assert not any(State.ENDED in transition.sources for transition in TRANSITIONS)


def test_every_cause_belongs_to_one_transition_and_every_transition_has_a_name() -> None:
    names = list(dict.fromkeys(transition.name for transition in TRANSITIONS))

    assert sum(len(transition.causes) for transition in TRANSITIONS) == len(Cause)
    assert set(BY_CAUSE) == set(Cause)
    assert names == [f"T{number}" for number in range(1, 21)] + ["A7", "A8", "B1"]


def test_a_refusal_names_the_cause_the_row_and_the_states() -> None:
    with pytest.raises(IllegalTransition, match=r"accept \(T7\): waiting to assigned"):
        check(State.WAITING, State.ASSIGNED, Cause.ACCEPT)
    with pytest.raises(IllegalTransition, match=r"handoff \(T2\): nothing to waiting"):
        check(None, State.WAITING, Cause.HANDOFF)
