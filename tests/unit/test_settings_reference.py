"""The page that lists every setting."""

from pathlib import Path

from bridge.settings.reference import page

COMMITTED = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_committed_page_is_what_the_code_says() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == page(), "run: python -m tests.docs"


def test_every_setting_has_a_meaning() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]

    assert len(rows) > 30
    assert [row for row in rows if not row.rstrip(" |").count("|") >= 4] == []
