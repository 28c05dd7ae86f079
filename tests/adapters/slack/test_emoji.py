"""Emoji cross by their Unicode, whatever Slack calls them."""

import pytest

from bridge.adapters.workspaces.slack.text.emoji import name_of, unicode_of


@pytest.mark.parametrize(
    ("name", "emoji"),
    [
        ("+1", "👍"),
        ("thumbsup", "👍"),
        ("wave::skin-tone-3", "👋🏼"),
        ("point_up::skin-tone-6", "☝🏿"),
        ("female-detective::skin-tone-2", "🕵🏻‍♀️"),
        ("flag-br", "🇧🇷"),
        ("heart", "❤️"),
        ("#️⃣", None),
        ("hash", "#️⃣"),
        ("our-own-logo", None),
        ("", None),
        ("wave::skin-tone-9", None),
    ],
)
def test_a_name_gives_its_emoji(name: str, emoji: str | None) -> None:
    assert unicode_of(name) == emoji


@pytest.mark.parametrize(
    ("emoji", "name"),
    [
        ("👍", "+1"),
        ("❤", "heart"),
        ("❤️", "heart"),
        ("👋🏼", "wave::skin-tone-3"),
        ("🇧🇷", "flag-br"),
        ("🤷🏽‍♀️", "woman-shrugging::skin-tone-4"),
        ("a", None),
        ("", None),
        ("🏻🏻", None),
    ],
)
def test_an_emoji_has_a_name_that_slack_takes(emoji: str, name: str | None) -> None:
    assert name_of(emoji) == name


def test_every_name_leads_back_to_its_emoji() -> None:
    for emoji in ("😀", "🧑‍💻", "🏴‍☠️", "1️⃣", "☎️"):
        name = name_of(emoji)

        assert name is not None
        assert unicode_of(name) == emoji
