"""The words of tickets and templates."""

import pytest

from bridge.commands.command import Wanted
from bridge.domain.ids import (
    Address,
    ChannelId,
    TicketId,
)
from bridge.domain.moves import (
    ChangeTicket,
    OpenTicket,
    Outcome,
    SendTemplate,
    StartConversation,
)
from bridge.ports.commands import ArgumentKind
from bridge.ports.queries import (
    Complete,
    ShowTickets,
)
from tests.unit.commands.desks import (
    CUSTOMER,
    HOURS,
    WEB,
    WELCOME,
    WHATSAPP,
    FakeDesk,
    asked,
    identified,
)
from tests.unit.commands.words import code, understood

HERE = identified(10)
NUMBER = Address("+5511912345678")


def opened(type_: str, status: str, description: str) -> OpenTicket:
    return OpenTicket(
        contact=CUSTOMER, conversation=HERE, type=type_, status=status, description=description
    )


def changed(number: int, **fields: str) -> ChangeTicket:
    return ChangeTicket(ticket=TicketId(number * 10), conversation=HERE, **fields)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ShowTickets(number=10)),
        ("list", ShowTickets(number=10)),
        ("listar", ShowTickets(number=10)),
        ("new it broke", opened("question", "open", "it broke")),
        ("new problem it broke", opened("problem", "open", "it broke")),
        ("new problem: it broke", opened("problem", "open", "it broke")),
        ("new In Progress problem it broke", opened("problem", "in progress", "it broke")),
        ("novo problem quebrou", opened("problem", "open", "quebrou")),
        ("new two\nlines", opened("question", "open", "two\nlines")),
        ("#10 new it broke", opened("question", "open", "it broke")),
        ("close", changed(7, status="closed")),
        ("close 7", changed(7, status="closed")),
        ("fechar T7", changed(7, status="closed")),
        ("edit 8 open", changed(8, status="open")),
        ("edit question", changed(7, type="question")),
        ("edit 7 in progress found it", changed(7, status="in progress", description="found it")),
    ],
)
def test_ticket(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("ticket", asked(desk, text, thread=10), desk) == wanted


def test_ticket_by_a_form(desk: FakeDesk) -> None:
    arguments = {"action": "new", "type": "Problem", "status": "open", "description": "broke"}

    wanted = understood("ticket", asked(desk, arguments=arguments, thread=10), desk)

    assert wanted == opened("problem", "open", "broke")


@pytest.mark.parametrize(
    ("text", "arguments", "answer"),
    [
        ("burn", {}, "bad_ticket_verb"),
        ("new", {}, "missing_description"),
        ("new problem", {}, "missing_description"),
        ("new " + "x" * 2001, {}, "too_long"),
        ("edit 7", {}, "nothing_to_change"),
        ("edit 99 open", {}, "unknown_ticket"),
        ("close 99", {}, "unknown_ticket"),
        ("close 7 now", {}, "unexpected_words"),
        ("new x", {"type": "song"}, "bad_type"),
        ("new x", {"status": "lost"}, "bad_status"),
    ],
)
def test_ticket_says_what_it_did_not_understand(
    desk: FakeDesk, text: str, arguments: dict[str, str], answer: str
) -> None:
    request = asked(desk, text, thread=10, arguments=arguments)

    assert code(understood("ticket", request, desk)) == answer


def test_closing_asks_which_ticket_when_several_are_open(desk: FakeDesk) -> None:
    del desk.by_ticket[TicketId(80)]
    second = desk.by_ticket[TicketId(70)]
    desk.by_ticket[TicketId(90)] = type(second)(
        **{name: getattr(second, name) for name in second.__struct_fields__}
        | {"id": TicketId(90), "number": 9}
    )

    answer = understood("ticket", asked(desk, "close", thread=10), desk)

    assert isinstance(answer, Outcome)
    assert answer.code == "which_ticket"
    assert [offer.arguments["ticket"] for offer in answer.offers] == ["7", "9"]


def test_without_an_open_ticket_there_is_none_to_close(desk: FakeDesk) -> None:
    del desk.by_ticket[TicketId(70)]

    assert code(understood("ticket", asked(desk, "close", thread=10), desk)) == "no_open_ticket"


FILLED = {"name": "Carla", "topic": "the card"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Complete(kind=ArgumentKind.TEMPLATE, number=10)),
        ("2a_hours", SendTemplate(conversation=HERE, template=HOURS)),
        (
            "welcome Carla the card",
            SendTemplate(conversation=HERE, template=WELCOME, values=FILLED),
        ),
        (
            "Welcome topic=card Carla",
            SendTemplate(
                conversation=HERE, template=WELCOME, values={"name": "Carla", "topic": "card"}
            ),
        ),
        (
            'welcome "Carla Dias" card',
            SendTemplate(
                conversation=HERE, template=WELCOME, values={"name": "Carla Dias", "topic": "card"}
            ),
        ),
    ],
)
def test_template_into_a_conversation(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("template", asked(desk, text, thread=10), desk) == wanted


def test_the_template_is_in_the_customers_language(desk: FakeDesk) -> None:
    desk.change(10, language="pt_BR")

    wanted = understood("template", asked(desk, "welcome Carla cartão", thread=10), desk)

    assert isinstance(wanted, SendTemplate)
    assert wanted.template == 2


@pytest.mark.parametrize(
    ("text", "channel", "address"),
    [
        ("+55 11 91234-5678 2a_hours", WHATSAPP, "+5511912345678"),
        ("+5511912345678 2a_hours", WHATSAPP, "+5511912345678"),
        ("(11) 91234-5678 2a_hours", WHATSAPP, "+5511912345678"),
        ("+1 212-555-0123 2a_hours", WHATSAPP, "+12125550123"),
        ("+visitor-42 2a_hours", WEB, "visitor-42"),
    ],
)
def test_template_to_somebody_new(
    desk: FakeDesk, text: str, channel: ChannelId, address: str
) -> None:
    wanted = understood("template", asked(desk, text), desk)

    assert wanted == StartConversation(channel=channel, address=Address(address), template=HOURS)


@pytest.mark.parametrize("number", ["+55 11 91234-5678", "(11) 91234-5678", "(11)"])
def test_without_a_channel_for_telephone_numbers_a_number_is_refused_with_what_is_taken(
    desk: FakeDesk, number: str
) -> None:
    del desk.places.channels[WHATSAPP]

    answer = understood("template", asked(desk, f"{number} 2a_hours"), desk)

    assert isinstance(answer, Outcome)
    assert (answer.code, answer.data) == ("no_phone_channel", {"channels": "Web chat"})


def test_a_customers_id_of_digits_that_is_no_telephone_number_is_an_id(desk: FakeDesk) -> None:
    del desk.places.channels[WHATSAPP]

    wanted = understood("template", asked(desk, "+4711 2a_hours"), desk)

    assert wanted == StartConversation(channel=WEB, address=Address("4711"), template=HOURS)


def test_template_by_a_form(desk: FakeDesk) -> None:
    arguments = {
        "address": "(11) 91234-5678",
        "template": "welcome",
        "value.name": "Carla",
        "value.topic": "the card",
        "name": "Carla Dias",
    }

    wanted = understood("template", asked(desk, arguments=arguments), desk)

    assert wanted == StartConversation(
        channel=WHATSAPP,
        address=NUMBER,
        template=WELCOME,
        values=FILLED,
        name="Carla Dias",
    )


@pytest.mark.parametrize("text", ["", "+55 11 91234-5678", "+visitor-42"])
def test_outside_a_thread_the_templates_are_shown_to_pick_from(desk: FakeDesk, text: str) -> None:
    wanted = understood("template", asked(desk, text), desk)

    assert wanted == Complete(kind=ArgumentKind.TEMPLATE)


def test_a_template_of_another_channel_is_not_there(desk: FakeDesk) -> None:
    here = understood("template", asked(desk, "receipt", thread=10), desk)
    there = understood("template", asked(desk, "+55 11 91234-5678 receipt"), desk)

    assert code(here) == "unknown_template"
    assert isinstance(there, StartConversation)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("welcom", "unknown_template_near"),
        ("xyzzy", "unknown_template"),
        ("promo", "template_not_approved"),
        ("2a_hours today", "unexpected_words"),
        ("welcome Carla " + "x" * 1001, "too_long"),
        ("+55 11 123 2a_hours", "bad_number"),
        ("(11) 2a_hours", "bad_number"),
        ("+", "bad_number"),
    ],
)
def test_template_says_what_it_did_not_understand(desk: FakeDesk, text: str, answer: str) -> None:
    assert code(understood("template", asked(desk, text, thread=10), desk)) == answer


def test_missing_values_are_asked_for_and_what_is_there_is_kept(desk: FakeDesk) -> None:
    answer = understood("template", asked(desk, "welcome Carla", thread=10), desk)

    assert isinstance(answer, Outcome)
    assert (answer.code, answer.data) == ("missing_params", {"names": "topic"})
    assert answer.offers[0].arguments == {
        "template": "welcome",
        "conversation": "10",
        "value.name": "Carla",
    }


def test_two_channels_that_could_are_asked_for(desk: FakeDesk) -> None:
    desk.places.channels[type(WEB)("wa2")] = desk.places.channels[WHATSAPP]

    answer = understood("template", asked(desk, "+5511912345678 2a_hours"), desk)
    chosen = understood(
        "template",
        asked(desk, "2a_hours", arguments={"address": "+5511912345678", "channel": "wa2"}),
        desk,
    )

    assert code(answer) == "which_channel"
    assert isinstance(chosen, StartConversation)
    assert chosen.channel == "wa2"


def test_without_a_channel_that_may_write_first_nobody_can(desk: FakeDesk) -> None:
    for channel in (WEB, WHATSAPP):
        del desk.places.channels[channel]

    assert code(understood("template", asked(desk, "+visitor x"), desk)) == "channel_unsupported"
