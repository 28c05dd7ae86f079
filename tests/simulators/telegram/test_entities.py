"""Entities are counted in UTF-16 code units, and lie within each other or apart."""

from typing import Any

import pytest

from bridge.simulators.telegram.entities import checked, found, part, with_found
from bridge.simulators.telegram.errors import TelegramRefused

TEXT = "🎉 hello, Bia"


def _span(type_: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": type_, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [_span("bold", 0, 13)],
        [_span("bold", 0, 2), _span("italic", 2, 3)],
        [_span("bold", 3, 6), _span("italic", 3, 5), _span("underline", 4, 2)],
        [_span("blockquote", 0, 13), _span("bold", 3, 5)],
        [_span("bold", 0, 13), _span("text_link", 3, 5, url="https://a.example")],
        [_span("code", 3, 5), _span("code", 10, 3)],
    ],
    ids=lambda spans: "+".join(one["type"] for one in spans) or "none",
)
def test_what_lies_apart_or_within_is_taken(spans: list[Any]) -> None:
    assert checked(TEXT, spans[::-1]) == spans


@pytest.mark.parametrize(
    "spans",
    [
        [_span("bold", 0, 14)],
        [_span("bold", 12, 0)],
        [_span("bold", -1, 3)],
        [_span("bold", 1, 3)],
        [_span("shouting", 0, 2)],
        [_span("text_link", 3, 5)],
        [_span("bold", 0, 5), _span("italic", 3, 5)],
        [_span("bold", 0, 13), _span("code", 3, 5)],
        [_span("pre", 0, 13), _span("italic", 3, 5)],
        [_span("blockquote", 0, 13), _span("expandable_blockquote", 3, 5)],
        [_span("url", 0, 13), _span("mention", 3, 5)],
    ],
    ids=[
        "beyond", "empty", "before", "half", "unknown", "nowhere", "across", "in_bold", "in_pre",
        "quotes", "links",
    ],
)  # fmt: skip
def test_what_overlaps_or_is_nowhere_is_refused(spans: list[Any]) -> None:
    with pytest.raises(TelegramRefused):
        checked(TEXT, spans)


def test_telegram_finds_links_mentions_and_commands() -> None:
    text = "🎉 /help@acme_bot: https://a.example/x?y=1. @bia_x me@a.example #já 1/2 a@b"

    names = {one["type"]: part(text, one["offset"], one["length"]) for one in _found(text)}

    assert names == {
        "bot_command": "/help@acme_bot",
        "url": "https://a.example/x?y=1",
        "mention": "@bia_x",
        "email": "me@a.example",
        "hashtag": "#já",
    }


def test_what_was_given_is_not_found_again() -> None:
    text = "see https://a.example"
    given = [_span("bold", 0, 3), _span("text_link", 4, 17, url="https://b.example")]

    assert with_found(text, given) == given


def _found(text: str) -> list[Any]:
    return list(found(text))
