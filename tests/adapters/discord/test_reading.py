"""What agents type in Discord is read as they see it, and nothing of it is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.adapters.workspaces.discord.text.reading import Names, mentioned, to_text
from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    Italic,
    Link,
    Paragraph,
    Plain,
    Span,
    Strike,
    to_plain,
)

NAMES = Names(users={"1": "Ana"}, roles={"2": "Team"}, rooms={"3": "sales"})


def paragraph(*spans: Span) -> tuple[Block, ...]:
    return (Paragraph(spans=spans),)


def words(text: str) -> str:
    return to_plain(to_text(text, NAMES))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("**b**", Bold(spans=(Plain(text="b"),))),
        ("*i*", Italic(spans=(Plain(text="i"),))),
        ("_i_", Italic(spans=(Plain(text="i"),))),
        ("~~s~~", Strike(spans=(Plain(text="s"),))),
        ("***both***", Bold(spans=(Italic(spans=(Plain(text="both"),)),))),
        ("**a _b_**", Bold(spans=(Plain(text="a "), Italic(spans=(Plain(text="b"),))))),
        ("`x * y`", Code(text="x * y")),
        ("`` a`b ``", Code(text="a`b")),
        ("||spoiler||", Plain(text="spoiler")),
        ("__under__", Plain(text="under")),
        ("[here](https://a.b)", Link(url="https://a.b", spans=(Plain(text="here"),))),
        ("[a.b](<https://a.b>)", Plain(text="https://a.b")),
    ],
)
def test_marks_become_what_they_mean(typed: str, seen: Span) -> None:
    assert to_text(typed, NAMES) == paragraph(seen)


@pytest.mark.parametrize(
    "typed",
    [
        "2 * 3 * 4",
        "snake_case_word",
        "**never closed",
        "a ~ b",
        "||",
        "[no link]",
        "5 > 3",
        "#hashtag",
        "1.5 litres",
        "https://example.org/_a_b_?q=**x**",
    ],
)
def test_what_is_no_mark_stays_as_it_was_typed(typed: str) -> None:
    assert to_text(typed, NAMES) == paragraph(Plain(text=typed))


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        (r"\*no\*", "*no*"),
        (r"¯\_(ツ)_/¯ **", r"¯\_(ツ)_/¯ **"),
        (r"¯\_(ツ)\_/¯", "¯_(ツ)_/¯"),
        ("<https://quiet.example>", "https://quiet.example"),
        ("[click](javascript:alert(1))", "click (javascript:alert(1))"),
        ("<:party:123> <a:blob:456> 👋", ":party: :blob: 👋"),
        ("<t:1700000000:R>", "2023-11-14 22:13 UTC"),
        ("<t:99999999999999:R>", "<t:99999999999999:R>"),
        ("</take:55> in <id:guide>", "/take in #guide"),
        ("<@1> <@!1> <@9>", "@Ana @Ana @9"),
        ("<@&2> <@&9> <#3> <#9>", "@Team @9 #sales #9"),
        ("-# small print", "small print"),
    ],
)
def test_tokens_are_read_as_people_see_them(typed: str, seen: str) -> None:
    assert words(typed) == seen


def test_blocks_are_blocks() -> None:
    text = to_text("# Head\n> quoted\n> twice\n- one\n  - inner\n- two\n3. three\nend", NAMES)

    head, quote, bullets, numbers, end = text
    assert head == Paragraph(spans=(Bold(spans=(Plain(text="Head"),)),))
    assert quote == BlockQuote(blocks=paragraph(Plain(text="quoted\ntwice")))
    assert bullets == Bullets(
        items=(
            (*paragraph(Plain(text="one")), Bullets(items=(paragraph(Plain(text="inner")),))),
            paragraph(Plain(text="two")),
        )
    )
    assert numbers == Bullets(items=(paragraph(Plain(text="three")),), ordered=True, start=3)
    assert end == Paragraph(spans=(Plain(text="end"),))


def test_a_fence_keeps_every_character_and_drops_its_language() -> None:
    text = to_text("so:\n```py\nx = '<@1> **'\n```\nthere", NAMES)

    assert text[1] == CodeBlock(text="x = '<@1> **'")
    assert to_plain(text) == "so:\nx = '<@1> **'\nthere"


def test_three_signs_quote_the_whole_rest() -> None:
    text = to_text("before\n>>> all\nof it", NAMES)

    assert text[1] == BlockQuote(blocks=paragraph(Plain(text="all\nof it")))


@pytest.mark.parametrize(
    ("typed", "names_somebody"),
    [
        ("ask <@1>", True),
        ("ask <@!1>", True),
        ("ask <@&2>", True),
        ("see <#3>", True),
        ("@everyone look", True),
        ("(@here)", True),
        ("write to me@here.com", False),
        ("@everyoneelse", False),
        ("＠everyone", False),
        ("<t:1:R> <:wave:1> </take:1>", False),
    ],
)
def test_a_mention_is_what_discord_takes_for_one(typed: str, names_somebody: bool) -> None:
    assert mentioned(typed).any is names_somebody


_MARKS = ("**a", "_a", "||", "`", "[", "[a](", "* ", "<", "__a", "~~a", "***", "``a", "\\", "> ")
_MORE = (">>> ", "- ", " - ", "https://(", "[x]((", "*a ", "```", "<@", "# ", "1. ", "-# ", "\n")


@given(st.text(alphabet="ab \n*_~|>@#!&:/\\[]().-1", max_size=200))
@settings(deadline=None)
def test_no_letter_is_ever_lost(typed: str) -> None:
    letters = [letter for letter in words(typed) if letter in "ab"]

    assert letters == [letter for letter in typed if letter in "ab"]


@pytest.mark.parametrize("mark", [*_MARKS, *_MORE])
def test_a_text_of_nothing_but_marks_is_read_and_keeps_its_words(mark: str) -> None:
    text = to_text((mark * 4_000)[:4_000] + " word", NAMES)

    assert to_plain(text).rstrip().endswith("word")
