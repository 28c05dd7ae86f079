"""What a person types becomes what Slack's composer makes of it."""

import pytest

from bridge.simulators.common.wire import Json
from bridge.simulators.slack.acts.typed import typed


def parts(line: str) -> list[tuple[Json, Json]]:
    """Each run with its style; a mention by whom it mentions."""
    [block] = typed(line, {"ana": "U1"}, {}).blocks
    assert isinstance(block, dict)
    [section] = block["elements"]
    return [
        (each.get("text") or each.get("url") or each["user_id"], each.get("style"))
        for each in section["elements"]
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("so *bold* it is", [("so ", None), ("bold", {"bold": True}), (" it is", None)]),
        ("_soft_ ~gone~", [("soft", {"italic": True}), (" ", None), ("gone", {"strike": True})]),
        ("*a _b_*", [("a ", {"bold": True}), ("b", {"bold": True, "italic": True})]),
        ("`*as it is* @ana`", [("*as it is* @ana", {"code": True})]),
        ("*hey @ana*", [("hey ", {"bold": True}), ("U1", {"bold": True})]),
        ("https://x.example/_a_*b*", [("https://x.example/_a_*b*", None)]),
        ("2*3*4 a_b_c * no *", [("2*3*4 a_b_c * no *", None)]),
    ],
)
def test_signs_around_words_are_a_style(line: str, expected: list[tuple[Json, Json]]) -> None:
    assert parts(line) == expected


def test_the_text_keeps_the_signs() -> None:
    assert typed("*a* & `b`", {}, {}).text == "*a* &amp; `b`"
