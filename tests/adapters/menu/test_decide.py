"""What the menu bot decides: never silence, whatever a customer or an operator does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.bots.menu.decide import ASKED, NOT_UNDERSTOOD, decide
from bridge.adapters.bots.menu.memory import remember
from bridge.adapters.bots.menu.words import consists_of, contains, words_of
from bridge.domain.content import Content, text_content
from bridge.domain.conversation import Priority
from bridge.domain.delivery import BotEventKind
from bridge.locales import LANGUAGES, catalogue
from bridge.ports.bot import Handoff
from tests.adapters.menu.customer import SALES, SHOP, SUPPORT, Customer, call, script
from tests.unit.contents import contents

MINIMAL = """
[menus.main]
text = "How can we help?"
choices = [{ id = "bye", label = "Nothing, thanks", close = true }]
"""
STAY = 'when_nobody = "stay"\n' + MINIMAL
PATIENT = "misunderstandings = 4\n" + MINIMAL
NOBODY = tuple(
    type(queue)(name=queue.name, title=queue.title, available=0, waiting=9)
    for queue in (SALES, SUPPORT)
)


# --- for any text -------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6), st.sampled_from(["en", "pt_BR"]))
def test_any_text_gets_an_answer(lines: list[str], language: str) -> None:
    customer = Customer(SHOP, language)

    answers = [customer.says(line) for line in lines]

    assert all(answers)
    assert all(line.strip() for answer in answers for line in answer)


@given(st.lists(contents, max_size=6))
def test_any_content_gets_an_answer(lines: list[Content]) -> None:
    customer = Customer(SHOP)

    assert all(customer.says(line) for line in lines)


@given(st.text(max_size=60))
def test_a_memory_that_means_nothing_begins_again(memory: str) -> None:
    reply = decide(SHOP, memory, call(text_content("1")))

    assert reply.messages


def test_the_memory_stays_small() -> None:
    customer = Customer(SHOP)
    customer.says("1")
    for _ in range(100):
        customer.presses("payment")

    assert len(customer.memory) < 150


@given(st.text(max_size=40), st.sampled_from(BotEventKind))
def test_the_same_call_has_the_same_answer(text: str, kind: BotEventKind) -> None:
    event = call(text_content(text), kind=kind)

    assert decide(SHOP, "", event) == decide(SHOP, "", event)


# --- what a script may say ----------------------------------------------------------------------


def test_a_script_of_four_lines_is_enough() -> None:
    assert Customer(script(MINIMAL), "pt_BR").says("oi") == [
        "Olá!",
        "How can we help?\n1. Nothing, thanks\n2. Falar com atendente",
    ]


def test_a_conversation_may_be_closed() -> None:
    customer = Customer(script(MINIMAL))
    customer.says("hi")

    assert customer.says("1") == ["Thank you, and goodbye!"]
    assert customer.reply.close


def test_a_closing_word_of_its_own_is_the_last() -> None:
    own = MINIMAL.replace("close = true", 'close = true, say = "See you!"')

    assert Customer(script(own)).says("1") == ["Hello!", "See you!"]


def test_a_hand_over_may_leave_the_queue_to_the_desk() -> None:
    customer = Customer(script(MINIMAL))
    customer.says("human please")

    assert customer.reply.handoff == Handoff(queue=None, reason="asked")


def test_the_way_to_a_person_may_have_its_own_queue_words_and_priority() -> None:
    own = '[person]\nqueue = "sales"\npriority = "urgent"\nlabel = "Call Ana"\nkeywords = ["ana"]\n'
    customer = Customer(script(own + MINIMAL))

    shown = customer.says("hi")
    customer.says("is Ana there?")

    assert shown[1].endswith("2. Call Ana")
    assert customer.reply.handoff == Handoff(
        queue="sales", reason="asked", priority=Priority.URGENT
    )


@pytest.mark.parametrize(
    "said",
    [
        "person please",
        "a person",
        "Could I speak with a person?",
        "I want to talk to someone, please",
        "someone?",
        "agent",
        "get me a human",
        "customer service",
        "is anybody there?",
        "humano",
        "atendente",
        "Uma pessoa, por favor",
        "quero falar com alguém",
        "preciso de ajuda de uma pessoa",
        "oi, quero uma pessoa",
        "me passa pra um atendente",
        "falar com gente",
        "tem alguém aí?",
        "atendimento",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_for_a_person_is_understood(said: str, language: str) -> None:
    customer = Customer(SHOP, language)
    customer.says("hi")

    customer.says(said)

    assert customer.reply.handoff is not None
    assert customer.reply.handoff.reason == ASKED


@pytest.mark.parametrize(
    "said",
    ["a gift for one person", "can I pay in person", "pessoa física", "é para alguém especial"],
)
def test_a_person_who_is_only_mentioned_is_not_called(said: str) -> None:
    customer = Customer(SHOP)
    customer.says("hi")

    customer.says(said)

    assert customer.reply.handoff is None


def test_after_a_goodbye_a_question_is_greeted_not_misunderstood() -> None:
    customer = Customer(SHOP)
    customer.says("hi")
    customer.comes_back()

    lines = customer.says("do you sell lamps for gardens")

    assert lines[0] == "Hello! You are talking to the assistant of Loja."
    assert lines[1].startswith("How can we help you?")


def test_a_question_that_waits_at_the_return_is_not_called_misunderstood() -> None:
    lines = Customer(SHOP).comes_back(text_content("do you sell lamps for gardens"))

    assert lines[1].startswith("How can we help you?")


def test_a_patient_bot_asks_more_often() -> None:
    customer = Customer(script(PATIENT))
    customer.says("hi")

    handed_over = []
    for _ in range(4):
        customer.says("lorem")
        handed_over.append(customer.reply.handoff is not None)

    assert handed_over == [False, False, False, True]


def test_nobody_there_may_keep_the_customer_with_the_bot() -> None:
    customer = Customer(script(STAY), queues=NOBODY)
    customer.says("hi")

    assert customer.says("2") == [
        "Nobody is free right now. Please try again later, or choose one of these:\n"
        "1. Nothing, thanks\n2. Talk to a person"
    ]
    assert customer.reply.handoff is None


def test_nobody_there_is_not_said_of_a_desk_that_we_know_nothing_of() -> None:
    customer = Customer(script(STAY), queues=())
    customer.says("a human, please")

    assert customer.reply.handoff is not None


def test_a_queue_that_the_desk_does_not_have_is_judged_by_the_others() -> None:
    own = STAY + '[person]\nqueue = "gone"\n'
    customer = Customer(script(own), queues=NOBODY)
    customer.says("a human, please")

    assert customer.reply.handoff is None


def test_a_bot_that_was_given_no_word_for_a_return_says_nothing() -> None:
    assert Customer(script(MINIMAL)).comes_back() == []


def test_what_nobody_answered_is_answered_at_the_return() -> None:
    customer = Customer(SHOP)

    lines = customer.comes_back(text_content("and your opening hours?"))

    assert lines[1] == "We are here Monday to Friday from 9 to 18 and on Saturday from 9 to 13."


def test_a_menu_that_left_the_script_is_the_beginning() -> None:
    old = remember('{"menu":"gone","way":["sales"]}', SHOP)

    assert old.menu == "main"


def test_any_answer_forgives_what_was_not_understood_before() -> None:
    customer = Customer(SHOP)
    for line in ("hi", "lorem", "thanks", "ipsum"):
        customer.says(line)

    assert customer.reply.handoff is None


def test_a_label_means_the_choice_on_his_menu() -> None:
    own = """
[menus.main]
text = "?"
choices = [{ id = "one", label = "Other", say = "one" }, { id = "go", label = "Go", menu = "b" }]
[menus.b]
text = "??"
choices = [{ id = "two", label = "Other", say = "two" }]
"""
    customer = Customer(script(own))
    customer.presses("go")

    assert customer.says("other")[0] == "two"


def test_of_equal_keywords_the_first_in_the_file_wins() -> None:
    own = MINIMAL + (
        "[[answers]]\nkeywords = ['gift']\nsay = 'one'\n"
        "[[answers]]\nkeywords = ['card']\nsay = 'two'\n"
    )

    assert Customer(script(own)).says("a card for a gift")[1] == "one"


def test_the_longest_keyword_wins() -> None:
    own = MINIMAL + (
        "[[answers]]\nkeywords = ['gift']\nsay = 'one'\n"
        "[[answers]]\nkeywords = ['gift card']\nsay = 'two'\n"
    )

    assert Customer(script(own)).says("a Gift-Card, please")[1] == "two"


@pytest.mark.parametrize("reason", [ASKED, NOT_UNDERSTOOD])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_team_reads_why_in_its_language(reason: str, language: str) -> None:
    assert f"cause.{reason}" in catalogue(language)


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Olá, AÇÃO!", ("ola", "acao")),
        ("  it's_fine  ", ("it", "s", "fine")),
        ("1️⃣", ("1",)),
        ("Straße", ("strasse",)),
        ("👍🏽", ()),
        ("２", ("2",)),
    ],
)
def test_words_are_compared_without_case_accents_and_signs(
    text: str, words: tuple[str, ...]
) -> None:
    assert words_of(text) == words


def test_a_phrase_is_found_by_whole_words_only() -> None:
    said = words_of("where is my new order")

    assert contains(said, ("my", "new"))
    assert not contains(said, ("my", "order"))
    assert not contains(said, ("ord",))


def test_a_greeting_is_nothing_but_greetings() -> None:
    assert consists_of(words_of("Oi! Bom dia"), SHOP.beginnings)
    assert not consists_of(words_of("quero meu dinheiro de volta"), SHOP.beginnings)
    assert not consists_of((), SHOP.beginnings)
