"""Agents and bot files may write Markdown; no word they type is lost."""

import subprocess
import sys
from types import FrameType
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.text import (
    Block,
    BlockQuote,
    Bold,
    Bullets,
    Code,
    CodeBlock,
    FormattedText,
    Italic,
    Link,
    Paragraph,
    Plain,
    Span,
    Strike,
    plain,
    to_plain,
)
from bridge.ports.markdown import parse, render_plain
from bridge.ports.markdown_tree import DEEPEST, DEEPEST_STYLE

if TYPE_CHECKING:
    from _typeshed import TraceFunction

MARKS = "*_~`>-+[]()#\\!<1. \n\t"


def line(*spans: Span) -> FormattedText:
    return (Paragraph(spans=spans),)


def p(text: str) -> Plain:
    return Plain(text=text)


def letters(text: str) -> str:
    return "".join(each for each in text if each.isalpha())


def depth(blocks: FormattedText) -> int:
    return max((block_depth(block) for block in blocks), default=0)


def block_depth(block: Block) -> int:
    match block:
        case BlockQuote(blocks=inner):
            return 1 + depth(inner)
        case Bullets(items=items):
            return 2 + max(map(depth, items), default=0)
        case _:
            return 0


def style_depth(spans: tuple[Span, ...]) -> int:
    inner = [span.spans for span in spans if isinstance(span, Bold | Italic | Strike)]
    return 1 + max(map(style_depth, inner)) if inner else 0


# --- what is understood -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**bold**", line(Bold(spans=(p("bold"),)))),
        ("__bold__", line(Bold(spans=(p("bold"),)))),
        ("*italic* _too_", line(Italic(spans=(p("italic"),)), p(" "), Italic(spans=(p("too"),)))),
        ("~~struck~~", line(Strike(spans=(p("struck"),)))),
        ("a `b*c*` d", line(p("a "), Code(text="b*c*"), p(" d"))),
        ("**a *b***", line(Bold(spans=(p("a "), Italic(spans=(p("b"),)))))),
        ("[rules](https://a.bc/x)", line(Link(url="https://a.bc/x", spans=(p("rules"),)))),
        ("<https://a.bc>", line(Link(url="https://a.bc", spans=(p("https://a.bc"),)))),
        ("[me](mailto:a@b.cd)", line(Link(url="mailto:a@b.cd", spans=(p("me"),)))),
        ("[us](tel:+5511)", line(Link(url="tel:+5511", spans=(p("us"),)))),
        ("```py\na = 1\n```", (CodeBlock(text="a = 1"),)),
        ("~~~\na\n\n  b\n~~~", (CodeBlock(text="a\n\n  b"),)),
        ("> a\n> b", (BlockQuote(blocks=plain("a\nb")),)),
        ("- a\n- b", (Bullets(items=(plain("a"), plain("b"))),)),
        ("3. a\n4. b", (Bullets(items=(plain("a"), plain("b")), ordered=True, start=3),)),
        ("- a\n  - b", (Bullets(items=((*plain("a"), Bullets(items=(plain("b"),))),)),)),
        (r"\*not italic\*", plain("*not italic*")),
        ("**a**\nb", line(Bold(spans=(p("a"),)), p("\nb"))),
        ("**a**\n\n\nb", line(Bold(spans=(p("a"),)), p("\n\n\nb"))),
        ("a\n- b\n\nc", (*plain("a"), Bullets(items=(plain("b"),)), *plain("c"))),
    ],
    ids=lambda value: repr(value) if isinstance(value, str) else "",
)
def test_markdown_is_read(text: str, expected: FormattedText) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# Not a heading",
        "Not a heading\n---",
        "<b>not HTML</b> &amp; <script>",
        "| not | a table |\n| --- | --- |",
        "[x]: https://not.a/reference *",
        "[click](javascript:alert(1))",
        "[click](data:text/html,x) [file](file:///etc/passwd)",
        "[nowhere](https://) [bad](https://[)",
        "2 * 3 = 6 and 4*5",
        "snake_case_name",
        "R$ 10,00 - 5% <3",
        "#1042 is not a heading_",
        "    not code *",
        "-",
        "* * *",
        "1.",
        "- a\n-\n- b",
        "> ",
        "```",
        "```\n```",
    ],
)
def test_what_is_not_understood_stays_as_it_was_typed(text: str) -> None:
    assert render_plain(parse(text)).strip() == text.strip()


def test_the_line_below_a_quote_is_the_writers_own() -> None:
    assert parse("> Which one?\nThe *blue* one") == (
        BlockQuote(blocks=plain("Which one?")),
        *line(p("The "), Italic(spans=(p("blue"),)), p(" one")),
    )


def test_a_line_that_looks_quoted_inside_code_is_code() -> None:
    assert parse("```\n> a\nb\n```") == (CodeBlock(text="> a\nb"),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```select *\nfrom a```", "select *\nfrom a"),
        ("```\nselect *\nfrom a```", "select *\nfrom a"),
        ("```select * from a\n```", "select * from a"),
        ("```\nnever closed", "never closed"),
        ("```only\n```", "```only\n```"),
    ],
)
def test_code_typed_as_in_slack_is_whole(text: str, code: str) -> None:
    assert render_plain(parse(text)) == code


def test_a_windows_line_end_is_a_line_end() -> None:
    assert parse("**a**\r\nb") == line(Bold(spans=(p("a"),)), p("\nb"))


# --- for any text -------------------------------------------------------------------------------


@given(st.text() | st.text(MARKS + "ab:/@", max_size=200))
def test_no_text_is_refused(text: str) -> None:
    assert bool(parse(text)) == bool(text)


# Behind ``` stands the name of a language, which is not shown.
@given(st.text(MARKS.translate({ord("`"): None, ord("~"): None}) + "ab", max_size=200))
def test_no_word_is_lost_among_marks(text: str) -> None:
    assert letters(render_plain(parse(text))) == letters(text)


@given(st.text(st.characters(exclude_characters="*_~`[\\<>-+.)", exclude_categories=["Cs"])))
def test_a_text_without_marks_comes_back_as_it_is(text: str) -> None:
    assert render_plain(parse(text)) == text


@given(st.text(MARKS + "ab", max_size=300))
def test_nesting_has_an_end(text: str) -> None:
    blocks = parse(text)

    assert depth(blocks) <= DEEPEST + 1


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3_000 + "deep",
        "- " * 3_000 + "deep",
        "\n".join("  " * level + "- deep" for level in range(60)),
        "*" * 3_000 + "deep" + "*" * 3_000,
        "[" * 3_000 + "deep" + "](https://a.b)" * 3_000,
    ],
    ids=["quotes", "lists", "indented lists", "stars", "brackets"],
)
def test_a_text_that_is_too_deep_keeps_its_words(text: str) -> None:
    blocks = parse(text)

    assert "deep" in to_plain(blocks)
    assert depth(blocks) <= DEEPEST + 1


def test_styles_inside_styles_have_an_end() -> None:
    (paragraph,) = parse("**" * 100 + "deep" + "**" * 100)

    assert isinstance(paragraph, Paragraph)
    assert style_depth(paragraph.spans) == DEEPEST_STYLE
    assert render_plain((paragraph,)) == "deep"


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "*",
        "`",
        "a`",
        "*a_ ",
        "<",
        "[a](",
        "~~a",
        "**a",
        "![[",
        "\\",
        "- a\n",
        "**a**\n\n",
        "> ",
    ],
)
def test_twice_the_text_takes_about_twice_the_steps(unit: str) -> None:
    short, long = (steps(unit * (size // len(unit))) for size in (4_000, 8_000))

    assert long < 2.5 * short


def steps(text: str) -> int:
    """How many lines of Python parsing a text takes."""
    seen = 0

    def count(_frame: FrameType, event: str, _: object) -> "TraceFunction":
        nonlocal seen
        seen += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        parse(text)
    finally:
        sys.settrace(before)
    return seen


# --- cost ---------------------------------------------------------------------------------------


def test_plain_text_imports_no_parser() -> None:
    program = (
        "import sys; from bridge.ports.markdown import parse; parse('Olá! Tudo bem? (1 + 1)');"
        "print('markdown_it' in sys.modules)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ran.stdout.strip() == "False"
