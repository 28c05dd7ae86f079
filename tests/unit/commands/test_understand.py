"""What stands in the way of a move is said, with what can be done instead."""

import pytest

from bridge.commands import note
from bridge.commands.authorize import EntryPoint
from bridge.commands.command import Command
from bridge.commands.request import Request
from bridge.commands.understand import run, understand
from bridge.domain.conversation import Priority, State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import AgentId
from bridge.domain.moves import (
    Outcome,
    ReturnToBot,
    SetMember,
    SetPresence,
    SetPriority,
    Take,
    TransferToAgent,
    TransferToQueue,
)
from bridge.ports.queries import ListConversations, ShowQueues
from tests.unit.commands.asking import answer, labels, pressed
from tests.unit.commands.desks import (
    ANA,
    BIA,
    DAN,
    EVA,
    NOW,
    RITA,
    SALES,
    SUPPORT,
    FakeDesk,
    asked,
    identified,
)

# --- take ---------------------------------------------------------------------------------------


def test_an_agent_takes_what_waits_in_his_queue(desk: FakeDesk) -> None:
    assert understand("take", asked(desk, "#11"), desk) == Take(conversation=identified(11))


@pytest.mark.parametrize(
    ("text", "code", "ok"),
    [
        ("#10", "already_yours", True),
        ("#12", "not_member", False),
        ("#13", "with_bot", False),
        ("#14", "ended", False),
        ("#15", "already_taken", False),
    ],
)
def test_an_agent_does_not_take(desk: FakeDesk, text: str, code: str, ok: bool) -> None:
    outcome = answer(understand("take", asked(desk, text), desk))

    assert (outcome.code, outcome.ok) == (code, ok)


def test_who_comes_second_is_told_who_won(desk: FakeDesk) -> None:
    outcome = answer(understand("take", asked(desk, "#15"), desk))

    assert outcome.data["agent"] == "Bia"


def test_an_unavailable_agent_is_offered_to_become_available(desk: FakeDesk) -> None:
    outcome = answer(understand("take", asked(desk, "#11", by=DAN), desk))

    assert outcome.code == "unavailable_agent"
    assert pressed(desk, outcome, 0, DAN) == SetPresence(agent=DAN, available=True)


def test_a_full_agent_takes_no_more(desk: FakeDesk) -> None:
    desk.change_agent(ANA, capacity=1)

    outcome = answer(understand("take", asked(desk, "#11"), desk))

    assert (outcome.code, outcome.offers) == ("at_capacity", ())


def test_a_full_admin_may_force_it(desk: FakeDesk) -> None:
    desk.change_agent(RITA, capacity=0)

    outcome = answer(understand("take", asked(desk, "#11", by=RITA), desk))

    assert outcome.code == "at_capacity"
    assert pressed(desk, outcome, 0, RITA) == Take(conversation=identified(11), force=True)


def test_an_admin_who_holds_it_already_is_told(desk: FakeDesk) -> None:
    desk.change(10, agent=RITA)

    outcome = answer(understand("take", asked(desk, "#10", by=RITA), desk))

    assert (outcome.code, outcome.ok) == ("already_yours", True)


def test_force_in_the_hands_of_an_agent_is_refused(desk: FakeDesk) -> None:
    request = asked(desk, arguments={"conversation": "11", "force": "yes"})

    assert answer(understand("take", request, desk)).code == "forbidden"


@pytest.mark.parametrize("number", [11, 12, 13, 15])
def test_an_admin_takes_any_open_one_even_unavailable(desk: FakeDesk, number: int) -> None:
    wanted = understand("take", asked(desk, f"#{number}", by=RITA), desk)

    assert wanted == Take(conversation=identified(number))


# --- transfer -----------------------------------------------------------------------------------


def test_a_holder_transfers(desk: FakeDesk) -> None:
    to_queue = understand("transfer", asked(desk, "support", thread=10), desk)
    to_agent = understand("transfer", asked(desk, "@eva", thread=10), desk)

    assert to_queue == TransferToQueue(conversation=identified(10), queue=SUPPORT)
    assert to_agent == TransferToAgent(conversation=identified(10), agent=EVA)


@pytest.mark.parametrize(
    ("by", "text", "code"),
    [
        (BIA, "#10 sales", "not_holder"),
        (ANA, "#11 support", "nobody_holds"),
        (RITA, "#11 support", "not_assigned"),
        (RITA, "#14 support", "ended"),
        (ANA, "#10 @ana", "same_target"),
        (ANA, "#10 sales", "same_target"),
        (ANA, "#10 night", "queue_closed"),
    ],
)
def test_a_transfer_is_refused(desk: FakeDesk, by: AgentId, text: str, code: str) -> None:
    assert answer(understand("transfer", asked(desk, text, by=by), desk)).code == code


def test_a_full_target_is_refused_with_his_queue_instead(desk: FakeDesk) -> None:
    outcome = answer(understand("transfer", asked(desk, "#10 @bia hello"), desk))

    assert outcome.code == "target_full"
    assert labels(outcome) == ["button.queue_instead"]
    assert pressed(desk, outcome, 0, ANA) == TransferToQueue(
        conversation=identified(10), queue=SUPPORT, note="hello", prefer=BIA
    )


def test_an_unavailable_target_is_refused_and_an_admin_may_force_it(desk: FakeDesk) -> None:
    outcome = answer(understand("transfer", asked(desk, "#10 @dan hello", by=RITA), desk))

    assert outcome.code == "target_unavailable"
    assert labels(outcome) == ["button.force"]
    assert pressed(desk, outcome, 0, RITA) == TransferToAgent(
        conversation=identified(10), agent=DAN, note="hello", force=True
    )


def test_a_force_button_that_somebody_else_presses_does_nothing(desk: FakeDesk) -> None:
    outcome = answer(understand("transfer", asked(desk, "#10 @dan", by=RITA), desk))

    assert answer(pressed(desk, outcome, 0, ANA)).code == "forbidden"


def test_a_conversation_is_not_passed_around_for_ever(desk: FakeDesk) -> None:
    desk.change(10, transfers=10)

    assert answer(understand("transfer", asked(desk, "#10 @eva"), desk)).code == (
        "too_many_transfers"
    )


def test_a_full_queue_takes_no_transfer(desk: FakeDesk) -> None:
    desk.change_queue(SUPPORT, max_waiting=1)

    assert answer(understand("transfer", asked(desk, "#10 support"), desk)).code == "queue_full"


# --- priority, return ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", [10, 11])
def test_holder_and_members_set_the_priority(desk: FakeDesk, number: int) -> None:
    wanted = understand("priority", asked(desk, f"#{number} high"), desk)

    assert wanted == SetPriority(conversation=identified(number), priority=Priority.HIGH)


@pytest.mark.parametrize(
    ("text", "code", "ok"),
    [
        ("#12 high", "not_member", False),
        ("#13 high", "not_member", False),
        ("#14 high", "ended", False),
        ("#10 normal", "already_priority", True),
    ],
)
def test_the_priority_is_not_set(desk: FakeDesk, text: str, code: str, ok: bool) -> None:
    outcome = answer(understand("priority", asked(desk, text), desk))

    assert (outcome.code, outcome.ok) == (code, ok)


def test_the_holder_returns_to_the_bot(desk: FakeDesk) -> None:
    wanted = understand("return-to-bot", asked(desk, "done", thread=10), desk)

    assert wanted == ReturnToBot(conversation=identified(10), summary="done")


def test_a_customer_who_wrote_last_is_not_returned_without_asking(desk: FakeDesk) -> None:
    desk.change(10, last_our_at=None)

    outcome = answer(understand("return-to-bot", asked(desk, "done", thread=10), desk))

    assert outcome.code == "confirm_return"
    assert pressed(desk, outcome, 0, ANA) == ReturnToBot(
        conversation=identified(10), summary="done", confirmed=True
    )


def test_a_customer_who_never_wrote_is_returned_without_asking(desk: FakeDesk) -> None:
    desk.change(10, last_our_at=None, last_customer_at=None)

    wanted = understand("return-to-bot", asked(desk, thread=10), desk)

    assert isinstance(wanted, ReturnToBot)


def test_an_answer_in_the_same_moment_is_an_answer(desk: FakeDesk) -> None:
    desk.change(10, last_our_at=NOW, last_customer_at=NOW)

    wanted = understand("return-to-bot", asked(desk, thread=10), desk)

    assert isinstance(wanted, ReturnToBot)


def test_a_question_is_not_asked_of_who_may_not_answer_it(desk: FakeDesk) -> None:
    desk.change(10, last_our_at=None)

    outcome = answer(understand("return-to-bot", asked(desk, "#10", by=BIA), desk))

    assert outcome.code == "not_holder"


@pytest.mark.parametrize(
    ("by", "number", "code", "ok"),
    [
        (ANA, 11, "nobody_holds", False),
        (RITA, 11, "not_assigned", False),
        (ANA, 14, "already_ended", True),
        (RITA, 14, "already_ended", True),
    ],
)
def test_nothing_to_return(desk: FakeDesk, by: AgentId, number: int, code: str, ok: bool) -> None:
    outcome = answer(understand("return-to-bot", asked(desk, f"#{number}", by=by), desk))

    assert (outcome.code, outcome.ok) == (code, ok)


# --- presence -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "text", "code", "ok"),
    [
        (ANA, "on", "already_available", True),
        (DAN, "off", "already_unavailable", True),
        (EVA, "off", None, True),
        (RITA, "on", "no_queue", False),
        (ANA, "@dan on", "forbidden", False),
        (RITA, "@gus on", "unknown_target", False),
    ],
)
def test_presence(desk: FakeDesk, by: AgentId, text: str, code: str | None, ok: bool) -> None:
    wanted = understand("available", asked(desk, text, by=by), desk)

    if code is None:
        assert isinstance(wanted, SetPresence)
    else:
        assert (answer(wanted).code, answer(wanted).ok) == (code, ok)


def test_a_closed_queue_is_no_reason_to_become_available(desk: FakeDesk) -> None:
    desk.change_queue(SALES, active=False)

    assert answer(understand("available", asked(desk, "on", by=DAN), desk)).code == "no_queue"


def test_an_admin_sets_the_presence_of_others(desk: FakeDesk) -> None:
    wanted = understand("available", asked(desk, "@dan on", by=RITA), desk)

    assert wanted == SetPresence(agent=DAN, available=True)


def test_a_new_reason_is_a_change(desk: FakeDesk) -> None:
    wanted = understand("available", asked(desk, "off lunch", by=DAN), desk)

    assert wanted == SetPresence(agent=DAN, available=False, reason="lunch")


def test_handing_over_what_one_holds_is_asked_once(desk: FakeDesk) -> None:
    outcome = answer(understand("available", asked(desk, "handover lunch"), desk))

    assert (outcome.code, outcome.data["count"]) == ("confirm_handover", "1")
    assert pressed(desk, outcome, 0, ANA) == SetPresence(
        agent=ANA, available=False, reason="lunch", handover=True
    )


def test_with_nothing_to_hand_over_nothing_is_asked(desk: FakeDesk) -> None:
    wanted = understand("available", asked(desk, "handover", by=EVA), desk)

    assert wanted == SetPresence(agent=EVA, available=False, handover=True)


def test_handing_over_is_possible_when_unavailable_already(desk: FakeDesk) -> None:
    desk.change_agent(ANA, available=False)

    wanted = understand("available", asked(desk, "handover", confirmed=True), desk)

    assert wanted == SetPresence(agent=ANA, available=False, handover=True)


# --- queues -------------------------------------------------------------------------------------


def test_an_agent_sees_his_own_queues(desk: FakeDesk) -> None:
    assert understand("queues", asked(desk), desk) == ShowQueues()
    assert understand("queues", asked(desk, "sales"), desk) == ShowQueues(queue="sales")
    assert answer(understand("queues", asked(desk, "support"), desk)).code == "not_member"


@pytest.mark.parametrize(
    "text",
    ["create vip", "add sales @eva", "capacity @ana 9", "bind sales #x", "set sales active off"],
)
def test_an_agent_sets_nothing_up(desk: FakeDesk, text: str) -> None:
    assert answer(understand("queues", asked(desk, text), desk)).code == "forbidden"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("create sales", "name_taken"),
        ("set sales active off", "queue_not_empty"),
        ("remove support @ana", "not_in_queue"),
    ],
)
def test_what_an_admin_cannot_set_up(desk: FakeDesk, text: str, code: str) -> None:
    assert answer(understand("queues", asked(desk, text, by=RITA), desk)).code == code


def test_an_admin_adds_a_member(desk: FakeDesk) -> None:
    wanted = understand("queues", asked(desk, "add sales @eva", by=RITA), desk)

    assert wanted == SetMember(queue=SALES, agent=EVA)


def test_a_queue_with_waiting_customers_may_be_changed(desk: FakeDesk) -> None:
    wanted = understand("queues", asked(desk, "set sales title Vendas", by=RITA), desk)

    assert not isinstance(wanted, Outcome)


def test_an_empty_queue_may_be_closed(desk: FakeDesk) -> None:
    desk.change(11, state=State.ENDED)

    wanted = understand("queues", asked(desk, "set sales active off", by=RITA), desk)

    assert not isinstance(wanted, Outcome)


# --- who asks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ActorKind.MEMBER, "not_an_agent"),
        (ActorKind.GUEST, "guests_cannot"),
        (ActorKind.EXTERNAL, "guests_cannot"),
        (ActorKind.OTHER_BOT, "forbidden"),
        (ActorKind.CUSTOMER, "forbidden"),
        (ActorKind.AGENT, "not_an_agent"),
    ],
)
@pytest.mark.parametrize("text", ["#99", "#10", "@nobody"])
def test_a_stranger_learns_nothing_of_what_exists(
    desk: FakeDesk, kind: ActorKind, code: str, text: str
) -> None:
    request = Request(actor=Actor(kind=kind, name="?"), now=NOW, text=text)

    assert answer(understand("transfer", request, desk)).code == code


def test_a_command_gets_no_more_than_it_says_it_may_need(desk: FakeDesk) -> None:
    sly = Command(
        spec=note.COMMAND.spec,
        actions=note.COMMAND.actions,
        parse=lambda request, desk: Take(conversation=identified(11)),
    )

    wanted = run(sly, asked(desk, by=RITA), desk, via=EntryPoint.COMMAND)

    assert answer(wanted).code == "forbidden"


def test_an_unknown_command_names_the_nearest(desk: FakeDesk) -> None:
    outcome = answer(understand("/tranfer", asked(desk), desk))

    assert outcome.code == "unknown_command"
    assert outcome.data == {"word": "tranfer", "nearest": "transfer"}


def test_commands_of_people_do_not_come_by_http(desk: FakeDesk) -> None:
    wanted = understand("take", asked(desk, "#11"), desk, via=EntryPoint.HTTP)

    assert answer(wanted).code == "forbidden"


def test_the_list_of_conversations_is_everybodys(desk: FakeDesk) -> None:
    assert understand("conversations", asked(desk), desk) == ListConversations()
