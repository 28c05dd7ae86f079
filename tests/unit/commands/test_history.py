"""The history says what happened, by whom and why."""

import pytest

from bridge.commands.history import billed_words, sentence
from bridge.domain.events import SYSTEM, Actor, ActorKind, Event, EventKind
from bridge.domain.ids import EventId, Instant
from bridge.locales import LANGUAGES
from tests.unit.commands.desks import NOW, RITA


def happened(kind: EventKind, *, by: Actor = SYSTEM, cause: str = "", **data: str) -> Event:
    return Event(id=EventId(1), at=Instant(NOW), kind=kind, actor=by, cause=cause, data=data)


RITA_ACTS = Actor(kind=ActorKind.ADMIN, name="Rita", agent=RITA)


@pytest.mark.parametrize(
    ("event", "english", "portuguese"),
    [
        (
            happened(EventKind.ASSIGNED, cause="auto", agent_name="Ana", queue_title="Sales"),
            "Ana got it from Sales",
            "Ana recebeu da fila Sales",
        ),
        (
            happened(EventKind.ASSIGNED, by=RITA_ACTS, cause="take", agent_name="Rita"),
            "Rita took it",
            "Rita assumiu o controle",
        ),
        (
            happened(
                EventKind.PRIORITY_CHANGED,
                by=RITA_ACTS,
                from_priority="normal",
                to_priority="high",
            ),
            "Rita changed the priority from normal to high",
            "Rita mudou a prioridade de normal para alta",
        ),
        (
            happened(EventKind.ENDED, by=RITA_ACTS, cause="return_to_bot"),
            "Rita returned it to the bot",
            "Rita devolveu o controle ao bot",
        ),
        (
            happened(EventKind.QUEUED, cause="no_reply", queue_title="Sales"),
            "It waits in Sales (no reply in time)",
            "Espera na fila Sales (sem resposta a tempo)",
        ),
        (
            happened(EventKind.QUEUED, cause="wants a refund", queue_title="Sales"),
            "It waits in Sales (wants a refund)",
            "Espera na fila Sales (wants a refund)",
        ),
        (
            happened(EventKind.NOT_CROSSED, by=Actor(kind=ActorKind.GUEST), cause="not_an_agent"),
            "A line of a guest stayed inside (not an agent)",
            "Uma linha de um convidado ficou só na equipe (não é atendente)",
        ),
        (
            happened(EventKind.CONVERSATION_CREATED, by=Actor(kind=ActorKind.CUSTOMER)),
            "The customer began the conversation on –",
            "O cliente começou a conversa em –",
        ),
    ],
)
def test_an_event_is_a_sentence(event: Event, english: str, portuguese: str) -> None:
    assert sentence(event, "en") == english
    assert sentence(event, "pt_BR") == portuguese


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
@pytest.mark.parametrize("kind", EventKind)
def test_every_event_can_be_said_even_when_it_kept_nothing(kind: EventKind, language: str) -> None:
    text = sentence(happened(kind), language)

    assert text
    assert "{" not in text


def test_what_is_billed_is_said_by_category_and_one_that_is_new_as_the_platform_calls_it() -> None:
    billed = {"marketing": 1, "moon": 2}

    assert billed_words(billed, "en").endswith("3 messages (1 × marketing, 2 × moon)")
    assert "3 mensagens" in billed_words(billed, "pt_BR")
    assert billed_words({"service": 1}, "en").endswith("1 message (1 × service)")
    assert billed_words({}, "en") == ""
