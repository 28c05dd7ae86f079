"""A thread's title says who, where and which; it has room, and no character is broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.cards.titles import MAX_TITLE, fitting, title
from tests.contract.workspace_contract import CARD

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
FLAG = "🇧🇷"
WAVE = "👋🏽"


def test_a_title_says_who_where_and_which() -> None:
    card = replace(CARD, customer="Alice", channel="WhatsApp", number=1042)

    assert title(card) == "Alice · WhatsApp · #1042"


@pytest.mark.parametrize("sign", ["a", "é", "e\u0301", FAMILY, FLAG, WAVE, "ส"])
def test_a_name_that_is_too_long_ends_between_two_characters(sign: str) -> None:
    made = fitting(sign * 200, MAX_TITLE)

    assert made.endswith("…")
    assert made[:-1] == sign * ((len(made) - 1) // len(sign))


@given(customer=st.text(max_size=200), channel=st.text(max_size=80), number=st.integers(1, 10**9))
def test_a_title_always_has_room_and_always_its_number(
    customer: str, channel: str, number: int
) -> None:
    made = title(replace(CARD, customer=customer, channel=channel, number=number))

    assert len(made.encode("utf-16-le")) // 2 <= MAX_TITLE
    assert made.endswith(f"#{number}")


def test_names_that_no_platform_forbids_stay_as_they_are() -> None:
    for name in ("Discord Bob", "clyde", "@everyone", "＠everyone"):
        assert title(replace(CARD, customer=name)).startswith(f"{name} · ")
