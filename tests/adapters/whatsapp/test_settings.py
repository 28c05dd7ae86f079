"""A number is set up whole, or the desk does not start."""

import pytest
from pydantic import ValidationError

from bridge.adapters.channels.whatsapp.settings import WhatsAppSettings

GOOD = {
    "phone_number_id": "106540352242922",
    "business_account_id": "102290129340398",
    "access_token": "EAA" + "0" * 40,
    "app_secret": "0123456789abcdef0123456789abcdef",
    "verify_token": "a word that nobody guesses",
}


def test_ids_and_secrets_are_enough() -> None:
    settings = WhatsAppSettings.model_validate(GOOD)

    assert settings.graph_url == "https://graph.facebook.com"


@pytest.mark.parametrize("name", GOOD)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        WhatsAppSettings.model_validate({each: GOOD[each] for each in GOOD if each != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_secret", ""),
        ("verify_token", "short"),
        ("access_token", " "),
        ("phone_number_id", "+55 11 91234-5678"),
        ("graph_url", "graph.facebook.com"),
        ("graph_url", "https://graph.facebook.com/v23.0"),
        ("graph_version", "23"),
        ("apps_secret", "x"),
    ],
)
def test_what_cannot_be_right_is_named(name: str, value: str) -> None:
    with pytest.raises(ValidationError, match=name):
        WhatsAppSettings.model_validate({**GOOD, name: value})


def test_no_secret_is_shown() -> None:
    shown = repr(WhatsAppSettings.model_validate(GOOD))

    for name in ("access_token", "app_secret", "verify_token"):
        assert GOOD[name] not in shown
