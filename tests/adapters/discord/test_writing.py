"""Text that is written for Discord reads there as it was meant, and calls nobody."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.workspaces.discord.text.writing import literal, write, written
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
    Strike,
    plain,
)
from tests.adapters.discord.corpus import mentions
from tests.adapters.discord.rig import as_read

SIGNS = "\\*_~`|<>[]()#-+.:@!1 \n"


@given(st.text(alphabet=SIGNS + "ab é", max_size=60))
def test_every_sign_is_read_as_it_was_typed(text: str) -> None:
    assert as_read(literal(text)) == text


@given(st.text(alphabet=SIGNS, max_size=60))
def test_nothing_that_means_something_is_left_bare(text: str) -> None:
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "x", literal(text))

    assert not re.search(r"[*_~`|<\[\]]", bare)
    assert not re.search(r"^[ \t]*(?:>|#|-|\+|\d+[.)])", bare, re.MULTILINE)


def test_no_text_of_a_customer_names_anybody_in_the_source() -> None:
    sources = [literal(text) for text in mentions("123", "456", "789")]

    calls = re.compile(r"<(?:@[!&]?|#)\d+>|@(?:everyone|here)\b")
    assert [source for source in sources if calls.search(source)] == []


def test_no_text_of_a_customer_hides_where_it_leads() -> None:
    sources = [literal(text) for text in mentions("123", "456", "789")]

    assert [source for source in sources if re.search(r"(?<!\\)\]\(", source)] == []


def test_an_address_stays_whole_so_that_it_can_be_opened() -> None:
    text = "see https://x.example/a_b*c~d?e=(f) and *this*"

    assert literal(text) == "see https://x.example/a_b*c~d?e=(f) and \\*this\\*"


def test_what_stands_close_behind_an_address_is_no_part_of_it() -> None:
    assert literal("[https://a.b](https://c.d)||") == ("\\[<https://a.b>\\](<https://c.d)>\\|\\|")


def test_what_could_call_everybody_looks_as_it_was_typed() -> None:
    source = literal("@everyone and @here")

    assert "@everyone" not in source
    assert as_read(source) == "@everyone and @here"


@pytest.mark.parametrize(
    ("block", "source"),
    [
        (Paragraph(spans=(Bold(spans=(Plain(text="a*b"),)),)), "**a\\*b**"),
        (Paragraph(spans=(Italic(spans=(Plain(text="a"),)),)), "*a*"),
        (Paragraph(spans=(Strike(spans=(Plain(text="a"),)),)), "~~a~~"),
        (Paragraph(spans=(Bold(spans=(Italic(spans=(Plain(text="a"),)),)),)), "**_a_**"),
        (Paragraph(spans=(Bold(spans=(Plain(text=" a "),)),)), " **a** "),
        (Paragraph(spans=(Bold(spans=(Plain(text="  "),)),)), "  "),
        (Paragraph(spans=(Code(text="a*b"),)), "`a*b`"),
        (Paragraph(spans=(Code(text="a`b"),)), "`` a`b ``"),
        (Paragraph(spans=(Code(text="a``b"),)), "a\\`\\`b"),
        (CodeBlock(text="x = 1"), "```\nx = 1\n```"),
        (BlockQuote(blocks=plain("a\nb")), "> a\n> b"),
        (Bullets(items=(plain("a"), plain("b\nc"))), "- a\n- b\n  c"),
        (Bullets(items=(plain("a"), plain("b")), ordered=True, start=9), "9. a\n10. b"),
        (
            Paragraph(spans=(Link(url="https://a.b/c", spans=(Plain(text="here"),)),)),
            "here (<https://a.b/c>)",
        ),
        (Paragraph(spans=(Link(url="https://a.b", spans=()),)), "<https://a.b>"),
        (Paragraph(spans=(Link(url="tel:+551", spans=(Plain(text="call"),)),)), "call (tel:+551)"),
    ],
)
def test_formatting_is_discords_own(block: Block, source: str) -> None:
    assert write((block,)) == source


def test_a_code_block_cannot_be_left_from_within() -> None:
    source = write((CodeBlock(text="```\n@everyone"),))

    assert source.count("```") == 2


def test_formatting_gives_way_where_it_alone_makes_a_text_too_long() -> None:
    text = (Paragraph(spans=tuple(Bold(spans=(Plain(text="a"),)) for _ in range(100))),)

    assert written(text, 1_000) == "**a**" * 100
    assert written(text, 200) == "a" * 100
