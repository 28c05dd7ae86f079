"""What a form of a template asks for, and what it knows already."""

import pytest
from msgspec.structs import replace

from bridge.adapters.common.forms import chosen, values_of, variable_label
from bridge.domain.card import ConversationCard
from bridge.domain.conversation import State
from bridge.domain.ids import Language, TemplateId
from bridge.domain.template import Takes, Template, Variable
from bridge.locales import LANGUAGES
from bridge.ports.queries import Choices, Option

CARD = ConversationCard(
    number=7,
    state=State.ASSIGNED,
    customer="Bia Lima",
    channel="WhatsApp",
    language=Language("pt_BR"),
    agent="Ana",
    address="+5511912345678",
)
TEMPLATE = Template(
    id=TemplateId(1),
    name="sent",
    language="en",
    body="{{header_image}} {{1}} {{order_id}} {{button_1}}",
    special=(
        Variable(name="header_image", takes=Takes.IMAGE),
        Variable(name="button_1", takes=Takes.LINK_END, about="Track"),
    ),
)


def test_what_the_conversation_tells_is_filled_in_and_what_was_typed_stays() -> None:
    known = values_of({"value.nome": "Beatriz", "value.order": "7"}, CARD)

    assert known["nome"] == "Beatriz"
    assert known["order"] == "7"
    assert known["first_name"] == "Bia"
    assert known["telefone"] == "+5511912345678"
    assert known["atendente"] == "Ana"


@pytest.mark.parametrize("customer", ["+5511912345678", "Visitor 1234", "Visitante 1234"])
def test_a_customer_without_a_name_is_not_called_by_his_number(customer: str) -> None:
    known = values_of({}, replace(CARD, customer=customer))

    assert not known.keys() & {"name", "nome", "first_name"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("takes", Takes)
def test_everything_that_a_variable_takes_has_words(takes: Takes, language: str) -> None:
    made = replace(TEMPLATE, special=(Variable(name="1", takes=takes, about="Track"),))

    said = variable_label(made, "1", language, uploads=False)

    assert said
    assert takes.value not in said or takes in (Takes.VIDEO, Takes.TEXT)
    assert ("https://" in said) is takes.is_file


def test_a_field_says_what_goes_into_it() -> None:
    labels = {
        name: variable_label(TEMPLATE, name, "en", uploads=True) for name in TEMPLATE.variables()
    }

    assert labels == {
        "header_image": "Picture (JPEG or PNG)",
        "1": "Value 1",
        "order_id": "Order id",
        "button_1": "End of the link of “Track”",
    }


def test_the_template_of_an_option_is_the_one_that_was_offered() -> None:
    other = replace(TEMPLATE, language="pt_BR")
    options = (Option(value="sent", label=""), Option(value="sent:en", label=""))
    choices = Choices(options=options, templates=(other, TEMPLATE))

    assert chosen(choices, "sent") is other
    assert chosen(choices, "sent:en") is TEMPLATE
    assert chosen(choices, "sent:pt_BR") is other
    assert chosen(choices, "none") is None
