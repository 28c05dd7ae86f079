"""Templates are shown before they go out; nobody is written to twice."""

import pytest

from bridge.commands.understand import understand
from bridge.domain.ids import HOUR, Address, AgentId, Instant
from bridge.domain.moves import (
    SendTemplate,
    StartConversation,
)
from tests.unit.commands.asking import answer, pressed
from tests.unit.commands.desks import (
    ANA,
    BIA,
    HOURS,
    NOW,
    RITA,
    WEB,
    WELCOME,
    WHATSAPP,
    FakeDesk,
    asked,
    identified,
)


def test_a_template_is_shown_before_it_goes_out(desk: FakeDesk) -> None:
    outcome = answer(understand("template", asked(desk, "#10 welcome Carla card"), desk))

    assert outcome.code == "confirm_template"
    assert outcome.data["text"] == "Hi Carla, about card."
    assert pressed(desk, outcome, 0, ANA) == SendTemplate(
        conversation=identified(10), template=WELCOME, values={"name": "Carla", "topic": "card"}
    )


@pytest.mark.parametrize(
    ("last", "code", "left"),
    [
        (Instant(NOW - 2 * HOUR), "confirm_template_window", str(22 * HOUR)),
        (Instant(NOW - 24 * HOUR), "confirm_template_closed", None),
        (None, "confirm_template_closed", None),
    ],
)
def test_the_reply_window_is_shown_with_a_template(
    desk: FakeDesk, last: Instant | None, code: str, left: str | None
) -> None:
    desk.change(10, channel=WHATSAPP, last_customer_at=last)

    outcome = answer(understand("template", asked(desk, "#10 2a_hours"), desk))

    assert (outcome.code, outcome.data.get("window_left")) == (code, left)


@pytest.mark.parametrize(
    ("by", "number", "code"),
    [
        (BIA, 10, "not_holder"),
        (RITA, 10, "not_holder"),
        (ANA, 11, "nobody_holds"),
        (ANA, 14, "ended"),
    ],
)
def test_only_who_is_in_control_sends_a_template(
    desk: FakeDesk, by: AgentId, number: int, code: str
) -> None:
    outcome = answer(understand("template", asked(desk, f"#{number} 2a_hours", by=by), desk))

    assert outcome.code == code


def test_a_conversation_that_a_person_starts_is_confirmed(desk: FakeDesk) -> None:
    outcome = answer(understand("template", asked(desk, "(11) 91234-5678 2a_hours"), desk))

    assert outcome.code == "confirm_start"
    assert (outcome.data["address"], outcome.data["channel"]) == ("+5511912345678", "WhatsApp")
    assert pressed(desk, outcome, 0, ANA) == StartConversation(
        channel=WHATSAPP, address=Address("+5511912345678"), template=HOURS
    )


def test_a_new_web_visitor_is_written_to_by_the_button(desk: FakeDesk) -> None:
    outcome = answer(understand("template", asked(desk, "+vip-1 2a_hours"), desk))

    assert pressed(desk, outcome, 0, ANA) == StartConversation(
        channel=WEB, address=Address("vip-1"), template=HOURS
    )


@pytest.mark.parametrize(
    ("address", "code", "number"),
    [
        ("visitor10", "already_open_yours", "10"),
        ("visitor15", "already_open_held", "15"),
        ("visitor11", "already_open", "11"),
    ],
)
def test_a_customer_who_is_served_is_not_started_twice(
    desk: FakeDesk, address: str, code: str, number: str
) -> None:
    outcome = answer(understand("template", asked(desk, f"+{address} 2a_hours"), desk))

    assert (outcome.code, outcome.data["number"]) == (code, number)


def test_a_customer_who_is_with_the_bot_may_be_written_to(desk: FakeDesk) -> None:
    wanted = understand("template", asked(desk, "+visitor13 2a_hours", confirmed=True), desk)

    assert isinstance(wanted, StartConversation)


def test_after_the_end_a_customer_may_be_written_to_again(desk: FakeDesk) -> None:
    wanted = understand("template", asked(desk, "+visitor14 2a_hours", confirmed=True), desk)

    assert isinstance(wanted, StartConversation)
