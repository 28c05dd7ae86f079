"""Every refusal has words in each language; what we do not know is told as Telegram said it."""

import pytest

from bridge.adapters.channels.telegram import errors
from bridge.adapters.channels.telegram.errors import Answer, Conflict, Parameters, of_answer
from bridge.domain.errors import (
    DeliveryRejected,
    DeskbridgeError,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)
from bridge.locales import LANGUAGES, catalogue


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    codes = {*errors.KNOWN.values(), "telegram_not_private", "telegram_too_large", "file_gone"}

    assert {f"cause.{code}" for code in codes} <= catalogue(language).keys()


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, Answer(error_code=400, description="Bad Request: chat not found"), DeliveryRejected),
        (400, Answer(), DeliveryRejected),
        (401, Answer(error_code=401, description="Unauthorized"), TokenRejected),
        (404, None, TokenRejected),
        (409, Answer(error_code=409, description="Conflict: x"), Conflict),
        (429, Answer(error_code=429, description="Too Many Requests"), TemporaryFailure),
        (429, None, TemporaryFailure),
        (503, None, TemporaryFailure),
        (502, None, OutcomeUnknown),
        (500, Answer(error_code=500, description="Internal Server Error"), OutcomeUnknown),
        (413, None, DeliveryRejected),
        (302, None, DeliveryRejected),
        (
            400,
            Answer(error_code=400, parameters=Parameters(migrate_to_chat_id=-100)),
            DeliveryRejected,
        ),
    ],
)
def test_an_answer_says_what_to_do_next(
    status: int, answer: Answer | None, kind: type[DeskbridgeError]
) -> None:
    assert isinstance(of_answer(status, answer), kind)


def test_a_pause_is_as_long_as_telegram_says() -> None:
    error = of_answer(429, Answer(error_code=429, parameters=Parameters(retry_after=35)))

    assert isinstance(error, TemporaryFailure)
    assert error.retry_after == 35


@pytest.mark.parametrize(
    ("description", "webhook"),
    [
        ("Conflict: terminated by other getUpdates request", False),
        ("Conflict: can't use getUpdates method while webhook is active", True),
    ],
)
def test_two_kinds_of_conflict_are_told_apart(description: str, webhook: bool) -> None:
    error = of_answer(409, Answer(error_code=409, description=description))

    assert isinstance(error, Conflict)
    assert error.webhook is webhook


def test_what_we_do_not_know_is_told_in_telegrams_words_in_one_line() -> None:
    error = of_answer(400, Answer(error_code=400, description="Bad Request:\n  SOMETHING_NEW"))

    assert isinstance(error, DeliveryRejected)
    assert error.code == "Telegram: Bad Request: SOMETHING_NEW"
