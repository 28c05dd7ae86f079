"""Outcomes and lengths of time in the reader's own words."""

from string import Formatter

import pytest

from bridge.commands.answers import labelled, word
from bridge.commands.command import button
from bridge.commands.speech import length, our_word
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import DAY, HOUR, MINUTE, SECOND
from bridge.domain.moves import Outcome, done, refused
from bridge.domain.text import to_plain
from bridge.locales import LANGUAGES, catalogue


def said(outcome: Outcome, language: str) -> str:
    return to_plain(word(outcome, language).text)


@pytest.mark.parametrize(
    ("outcome", "language", "text"),
    [
        (
            done("taken", number="12", customer="Carla"),
            "en",
            "#12 is yours. Carla reads what you write in its thread.",
        ),
        (
            refused("already_taken", number="12", agent="Bia", queue=""),
            "pt_BR",
            "Bia chegou antes: #12 já está em atendimento.",
        ),
        (
            done("priority_set", number="12", priority="high"),
            "pt_BR",
            "A prioridade de #12 agora é alta.",
        ),
        (
            refused("confirm_handover", agent="Ana", count="1"),
            "en",
            "Ana holds 1 conversation. Put it back in the queue for somebody else?",
        ),
        (
            refused("confirm_handover", agent="Ana", count="3"),
            "en",
            "Ana holds 3 conversations. Put them back in their queues for somebody else?",
        ),
        (
            refused("confirm_template_window", number="1", text="Hi!", window_left=str(5 * HOUR)),
            "en",
            "This goes to the customer of #1:\nHi!\nA free reply is possible for another 5 h.",
        ),
    ],
)
def test_an_outcome_is_said_in_the_readers_language(
    outcome: Outcome, language: str, text: str
) -> None:
    assert said(outcome, language) == text


def test_what_people_wrote_is_never_read_as_a_template() -> None:
    outcome = refused("confirm_template", number="1", text="{number} {secret} {0}")

    assert "{number} {secret} {0}" in said(outcome, "en")


def test_an_answer_keeps_its_code_and_its_buttons_say_what_they_do() -> None:
    offer = button("transfer", "queue_instead", conversation="10", target="support", note="")

    answer = word(refused("target_full", offer, agent="Bia", capacity="1"), "pt_BR")

    assert (answer.ok, answer.code) == (False, "target_full")
    assert [each.label for each in answer.offers] == ["Usar a fila support"]
    assert answer.offers[0].arguments == offer.arguments


def test_a_button_of_a_whisper_is_labelled_the_same_way() -> None:
    assert labelled(button("retry", "retry", message="5"), "pt_BR").label == "Tentar de novo"


@pytest.mark.parametrize(
    ("millis", "text"),
    [
        (-5, "0 s"),
        (999, "0 s"),
        (40 * SECOND, "40 s"),
        (59 * MINUTE + 59 * SECOND, "59 min"),
        (2 * HOUR, "2 h"),
        (2 * HOUR + 5 * MINUTE + 9 * SECOND, "2 h 5 min"),
        (3 * DAY + 4 * HOUR + MINUTE, "3 d 4 h"),
        (3 * DAY + 4 * MINUTE, "3 d"),
    ],
)
def test_a_length_of_time_is_said_in_its_largest_units(millis: int, text: str) -> None:
    assert length(millis, "en") == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_priority_has_a_word(language: str) -> None:
    words = [our_word("state", state.value, language) for state in State]
    words += [our_word("priority", priority.word, language) for priority in Priority]

    assert len(set(words)) == len(State) + len(Priority)
    assert our_word("state", "unheard of", language) == "unheard of"


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_short(language: str) -> None:
    """A sentence or two, not a page: what is filled in comes on top."""
    long = {
        key: len(text)
        for key, text in catalogue(language).items()
        if key.startswith(("answer.", "event.")) and len(text) > 160
    }

    assert long == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_fills_in_more_than_plain_names(language: str) -> None:
    """`{agent.password}` or `{0}` in a catalogue would reach into values."""
    for key, text in catalogue(language).items():
        for _, name, formatting, conversion in Formatter().parse(text):
            assert name is None or (name.isidentifier() and not formatting and not conversion), key
