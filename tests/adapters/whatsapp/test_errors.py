"""Every refusal has plain words in both languages, with what to do next."""

import pytest

from bridge.adapters.channels.whatsapp.errors import EXPLAINED, GraphError, of_answer, reason
from bridge.domain.errors import (
    DeliveryRejected,
    OutcomeUnknown,
    TemporaryFailure,
    TokenRejected,
)
from bridge.locales import LANGUAGES, catalogue


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(EXPLAINED))
def test_a_code_we_know_has_words(code: int, language: str) -> None:
    key = reason(GraphError(code=code))

    assert f"cause.{key}" in catalogue(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_words_belong_to_a_code_we_know(language: str) -> None:
    keys = {key.removeprefix("cause.whatsapp_") for key in catalogue(language)}

    codes = {int(key) for key in keys if key.isdigit()}
    assert codes == EXPLAINED


def test_a_code_we_do_not_know_is_shown_with_metas_details() -> None:
    error = GraphError(code=7, title="T", message="M", error_data={"details": "D\n e"})

    assert reason(error) == "WhatsApp 7: D e"


def test_details_that_are_no_text_are_left_out() -> None:
    assert reason(GraphError(code=7, message="M", error_data={"details": {"x": 1}})) == (
        "WhatsApp 7: M"
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, TokenRejected),
        (404, DeliveryRejected),
        (429, TemporaryFailure),
        (500, OutcomeUnknown),
        (503, TemporaryFailure),
        (504, OutcomeUnknown),
    ],
)
def test_an_answer_without_graphs_json_is_judged_by_its_status(
    status: int, expected: type[Exception]
) -> None:
    assert type(of_answer(status, None)) is expected
