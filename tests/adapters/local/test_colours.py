"""Every word can be read: text stands out from what it is on, in light and in dark."""

import re
from itertools import pairwise

import pytest

from bridge.adapters.workspaces.local.render import ASSETS

TOKENS = (ASSETS / "tokens.css").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(:root[^{]*)\{([^}]*)\}", TOKENS)

PAIRS = [
    ("text", "surface"), ("text", "bg"), ("text", "bubble-in"), ("text", "bubble-out"),
    ("text", "bubble-bot"), ("text", "hover"), ("text", "pressed"), ("text", "amber-soft"),
    ("muted", "surface"), ("muted", "bg"), ("muted", "sunken"), ("muted", "raised"),
    ("faint", "surface"), ("faint", "bg"), ("on-accent", "accent"), ("on-accent", "accent-hover"),
    ("accent-text", "surface"), ("accent-text", "accent-soft"), ("accent-text", "bg"),
    ("green-text", "green-soft"), ("amber-text", "amber-soft"), ("amber-text", "surface"),
    ("amber-text", "bg"), ("red-text", "red-soft"), ("red-text", "surface"), ("red-text", "bg"),
]  # fmt: skip


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block))


LIGHT, *DARKS = (tokens(block) for _, block in BLOCKS)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARKS[0]], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


def test_dark_is_the_same_whether_the_system_or_the_person_wants_it() -> None:
    assert len(DARKS) == 2
    assert all(one == other for one, other in pairwise(DARKS))
    assert LIGHT.keys() == DARKS[0].keys()
