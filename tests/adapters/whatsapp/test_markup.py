"""Formatting as WhatsApp writes it; a person's own signs stay signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.whatsapp.markup import JOINER, literal, render
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
    plain,
)
from tests.adapters.whatsapp.rig import as_read


def spans(*found: Span) -> tuple[Block, ...]:
    return (Paragraph(spans=found),)


A = Plain(text="a b")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (spans(Bold(spans=(A,))), "*a b*"),
        (spans(Italic(spans=(A,))), "_a b_"),
        (spans(Strike(spans=(A,))), "~a b~"),
        (spans(Code(text="x=1")), "`x=1`"),
        (spans(Bold(spans=(Italic(spans=(A,)),))), "*_a b_*"),
        (spans(Bold(spans=(Plain(text=" a\nb "),))), " *a*\n*b* "),
        ((CodeBlock(text="x = 1\ny"),), "```x = 1\ny```"),
        ((BlockQuote(blocks=plain("a\nb")),), "> a\n> b"),
        ((Bullets(items=(plain("a"), plain("b"))),), "- a\n- b"),
        ((Bullets(items=(plain("a"), plain("b")), ordered=True, start=3),), "3. a\n4. b"),
        (
            spans(Link(url="https://a.example", spans=(Plain(text="here"),))),
            "here (https://a.example)",
        ),
        (spans(Link(url="https://a.example", spans=())), "https://a.example"),
    ],
)
def test_a_tree_is_written_with_whatsapps_signs(text: tuple[Block, ...], written: str) -> None:
    assert render(text) == written


@pytest.mark.parametrize("code", ["*123#", "2 * 3 * 4", "snake_case_name", "a~b", "2**3", "5*5=25"])
def test_what_would_not_be_formatting_is_not_touched(code: str) -> None:
    assert literal(code) == code


@pytest.mark.parametrize("words", ["*bold*", "_it_", "~no~", "`code`", "say *this*, and _that_!"])
def test_what_would_be_formatting_is_kept_apart_invisibly(words: str) -> None:
    assert literal(words) != words
    assert literal(words).replace(JOINER, "") == words


@given(st.text(alphabet="ab *_~`\n", max_size=40))
def test_a_persons_words_are_read_as_they_were_written(words: str) -> None:
    if "```" not in words:
        assert as_read(render(plain(words))) == words
