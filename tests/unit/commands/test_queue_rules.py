"""Every rule of a queue is set by words, and said in words that would set it."""

import pytest

from bridge.commands.command import Wanted
from bridge.commands.queue_rules import RULES, changed, said
from bridge.commands.understand import understand
from bridge.domain.conversation import Priority
from bridge.domain.hours import read_hours
from bridge.domain.ids import HOUR, MINUTE, SECOND
from bridge.domain.moves import ChangeQueue, Outcome
from bridge.domain.queue import Alert, AlertTo, ClosedPolicy, Order, OverflowEnd, Queue
from tests.unit.commands.desks import CLOSED, RITA, SALES, SUPPORT, FakeDesk, asked
from tests.unit.commands.words import code

WEEK = "mon-fri 08:00-18:00, sat 09:00-13:00, 2026-12-24 closed, America/Sao_Paulo, BR-SP"

CHANGED = Queue(
    id=SALES,
    name="sales",
    title="Sales and more",
    order=Order.TARGET,
    targets={Priority.HIGH: 90 * SECOND},
    specialist_first=False,
    require_connected=True,
    escalate_after=2 * MINUTE,
    sticky_wait=MINUTE,
    offer_timeout=45 * SECOND,
    max_waiting=50,
    max_wait=5 * MINUTE,
    overflow=(SUPPORT, CLOSED),
    overflow_end=OverflowEnd.BOT,
    hours=read_hours(WEEK),
    closed_policy=ClosedPolicy.OVERFLOW,
    wait_target=10 * MINUTE,
    reply_target=HOUR,
    alerts=(Alert(percent=80, to=AlertTo.QUEUE),),
    tell_waiting=30 * SECOND,
    starvation=0,
)


def set_rule(desk: FakeDesk, words: str) -> Wanted:
    return understand("queues", asked(desk, f"set sales {words}", by=RITA), desk)


@pytest.mark.parametrize("name", RULES)
def test_what_is_said_of_a_rule_sets_it_so(desk: FakeDesk, name: str) -> None:
    value = dict(said(CHANGED, desk))[name]

    move = changed(CHANGED, name, value, desk)

    field = RULES[name].field
    wanted = getattr(CHANGED, field)
    if field == "targets":
        wanted = {Priority.URGENT: 0, Priority.NORMAL: 10 * MINUTE, Priority.LOW: 30 * MINUTE}
        wanted |= CHANGED.targets
    assert getattr(move, field) == wanted


def test_every_field_of_a_queue_that_may_change_has_a_rule() -> None:
    fields = set(ChangeQueue.__struct_fields__) - {"queue", "always_open"}

    assert {rule.field for rule in RULES.values()} == fields


@pytest.mark.parametrize(
    ("words", "move"),
    [
        ("hours always", ChangeQueue(queue=SALES, always_open=True)),
        ("hours 24h", ChangeQueue(queue=SALES, always_open=True)),
        ("hours sempre", ChangeQueue(queue=SALES, always_open=True)),
        ("hours " + WEEK, ChangeQueue(queue=SALES, hours=read_hours(WEEK))),
        (
            "hours seg-sex 8h-18h, sab 9h-13h, 2026-12-24 fechado, BR-SP, America/Sao_Paulo",
            ChangeQueue(queue=SALES, hours=read_hours(WEEK)),
        ),
        ("overflow support, night", ChangeQueue(queue=SALES, overflow=(SUPPORT, CLOSED))),
        ("overflow support night", ChangeQueue(queue=SALES, overflow=(SUPPORT, CLOSED))),
        ("overflow off", ChangeQueue(queue=SALES, overflow=())),
        (
            "alerts admins 150%, agente 75",
            ChangeQueue(
                queue=SALES,
                alerts=(
                    Alert(percent=75, to=AlertTo.AGENT),
                    Alert(percent=150, to=AlertTo.ADMINS),
                ),
            ),
        ),
        ("alerts off", ChangeQueue(queue=SALES, alerts=())),
        ("targets alta 90s", ChangeQueue(queue=SALES, targets={Priority.HIGH: 90 * SECOND})),
        ("closed overflow", ChangeQueue(queue=SALES, closed_policy=ClosedPolicy.OVERFLOW)),
        ("offer off", ChangeQueue(queue=SALES, offer_timeout=0)),
    ],
)
def test_words_become_the_rule(desk: FakeDesk, words: str, move: ChangeQueue) -> None:
    assert set_rule(desk, words) == move


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("hours mon-fri 8-18", "hours_no_zone"),
        ("hours someday 8-18, America/Sao_Paulo", "hours_no_day"),
        ("hours mon-fri early, America/Sao_Paulo", "hours_no_span"),
        ("hours mon-fri 8-25, America/Sao_Paulo", "hours_no_hour"),
        ("hours mon-fri 8-18, America/Sao_Paulo, XX", "hours_no_country"),
        ("overflow sales", "overflow_itself"),
        ("overflow suport", "unknown_queue_near"),
        ("alerts boss 75", "bad_rule_value"),
        ("alerts agent soon", "bad_rule_value"),
        ("alerts agent 0", "bad_percent"),
        ("alerts agent 1001", "bad_percent"),
        ("targets soon 2m", "bad_rule_value"),
        ("targets high soon", "bad_rule_value"),
        ("order best", "bad_rule_value"),
        ("max_wait 999999d", "bad_rule_value"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(desk: FakeDesk, words: str, answer: str) -> None:
    assert code(set_rule(desk, words)) == answer


def test_an_overflow_that_leads_back_is_refused_with_the_way_it_goes(desk: FakeDesk) -> None:
    desk.change_queue(SUPPORT, overflow=(CLOSED,))
    desk.change_queue(CLOSED, overflow=(SALES,))

    refusal = set_rule(desk, "overflow support")

    assert isinstance(refusal, Outcome)
    assert refusal.code == "overflow_cycle"
    assert refusal.data["path"] == "sales → support → night → sales"


def test_a_cycle_among_others_does_not_stand_in_the_way(desk: FakeDesk) -> None:
    desk.change_queue(SUPPORT, overflow=(CLOSED,))
    desk.change_queue(CLOSED, overflow=(SUPPORT,))

    assert set_rule(desk, "overflow support") == ChangeQueue(queue=SALES, overflow=(SUPPORT,))


def test_without_a_rule_all_are_shown(desk: FakeDesk) -> None:
    shown = understand("queues", asked(desk, "set sales", by=RITA), desk)

    assert isinstance(shown, Outcome)
    assert shown.code == "queue_rules"
    assert {line.split(" ")[0] for line in shown.data["rules"].splitlines()} == set(RULES)
