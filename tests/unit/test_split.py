"""Long text is cut where its reader minds least, and nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.text import (
    BlockQuote,
    Bold,
    Bullets,
    CodeBlock,
    FormattedText,
    Link,
    Paragraph,
    Plain,
    plain,
    to_plain,
)
from bridge.ports.split import split
from tests.unit.contents import leaves, texts


def pieces(text: str, limit: int) -> list[str]:
    return [to_plain(piece) for piece in split(plain(text), limit)]


@given(texts, st.integers(1, 100))
def test_no_piece_is_longer_than_the_limit(text: FormattedText, limit: int) -> None:
    assert all(len(to_plain(piece)) <= limit for piece in split(text, limit))


@given(texts, st.integers(1, 100))
def test_the_pieces_have_all_the_words_in_order(text: FormattedText, limit: int) -> None:
    assert "".join(map(leaves, split(text, limit))) == leaves(text)


@given(texts, st.integers(1, 100))
def test_a_piece_is_not_cut_again(text: FormattedText, limit: int) -> None:
    assert all(split(piece, limit) == (piece,) for piece in split(text, limit))


@given(st.lists(st.text("abc", min_size=1, max_size=10), min_size=1), st.integers(10, 60))
def test_no_word_is_cut_that_fits(words: list[str], limit: int) -> None:
    assert " ".join(pieces(" ".join(words), limit)).split() == words


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One two.\n\nThree\nfour five", 16, ["One two.", "Three\nfour five"]),
        ("One two three\nfour five six", 18, ["One two three", "four five six"]),
        ("One two three. Four five", 20, ["One two three.", "Four five"]),
        ('He said "one two." Four five', 22, ['He said "one two."', "Four five"]),
        ("A. Two three four five six", 20, ["A. Two three four", "five six"]),
        ("R$ 1.234,56 e mais nada", 12, ["R$ 1.234,56", "e mais nada"]),
        ("about 100\xa0km away", 10, ["about", "100\xa0km", "away"]),
        ("exactly ten", 7, ["exactly", "ten"]),
        ("wide gap      here", 8, ["wide gap", "here"]),
        ("one two three\n    four five", 18, ["one two three", "    four five"]),
        ("e\n- ??", 3, ["e", "-", "??"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
    ids=lambda value: repr(value) if isinstance(value, str) else "",
)
def test_the_best_border_is_taken(text: str, limit: int, expected: list[str]) -> None:
    assert pieces(text, limit) == expected


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301",
        "👍🏽",
        "👩\u200d👩\u200d👧",
        "🇧🇷",
        "1\ufe0f\u20e3",
        "\u1112\u1161\u11ab",
        "한\u11ab",
    ],
    ids=["accent", "tone", "family", "flag", "keycap", "jamo", "syllable"],
)
def test_what_looks_like_one_character_stays_one(character: str) -> None:
    limit = 3 * len(character) - 1

    assert pieces(character * 6, limit) == [character * 2] * 3


def test_a_character_longer_than_any_is_cut_after_all() -> None:
    zalgo = "e" + "\u0301" * 500

    assert "".join(pieces(zalgo, 100)) == zalgo


def test_a_style_goes_on_in_the_next_piece() -> None:
    text = (Paragraph(spans=(Bold(spans=(Plain(text="one two three four"),)),)),)

    assert split(text, 10) == (
        (Paragraph(spans=(Bold(spans=(Plain(text="one two"),)),)),),
        (Paragraph(spans=(Bold(spans=(Plain(text="three four"),)),)),),
    )


def test_a_quote_goes_on_in_the_next_piece() -> None:
    text = (BlockQuote(blocks=plain("one two three four")),)

    assert [to_plain(piece) for piece in split(text, 12)] == ["> one two", "> three four"]


def test_a_numbered_list_goes_on_counting() -> None:
    items = tuple(plain(words) for words in ("one", "two", "three", "four"))
    text = (Bullets(items=items, ordered=True, start=2),)

    assert [to_plain(piece) for piece in split(text, 13)] == [
        "2. one\n3. two",
        "4. three",
        "5. four",
    ]


def test_an_item_goes_on_without_a_second_number() -> None:
    items = (plain("one two three"), plain("four"))
    text = (Bullets(items=items, ordered=True),)

    assert [to_plain(piece) for piece in split(text, 12)] == ["1. one two", "three", "2. four"]


def test_code_is_cut_at_line_ends_and_keeps_its_blanks() -> None:
    text = (CodeBlock(text="if a:\n    b()\n\n    c()"),)

    assert [to_plain(piece) for piece in split(text, 14)] == ["if a:\n    b()\n", "    c()"]


def test_a_link_stays_whole() -> None:
    link = Link(url="https://example.org", spans=(Plain(text="our house rules"),))
    text = (Paragraph(spans=(Plain(text="Please read "), link, Plain(text=" first"))),)

    assert split(text, 40) == (
        (Paragraph(spans=(Plain(text="Please read "),)),),
        (Paragraph(spans=(link,)),),
        plain("first"),
    )


def test_a_link_longer_than_a_piece_is_shown_as_text() -> None:
    link = Link(url="https://example.org/" + "x" * 50, spans=(Plain(text="rules"),))

    parts = split((Paragraph(spans=(link,)),), 40)

    assert "".join(map(to_plain, parts)) == f"rules({link.url})"


def test_a_text_of_nothing_but_blanks_has_no_pieces() -> None:
    assert split(plain(" " * 50), 10) == ()


def test_a_megabyte_is_cut_in_a_moment() -> None:
    words = "palavra " * 125_000

    assert len(split(plain(words), 4_000)) == 250
