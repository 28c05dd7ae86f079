"""Formatting both ways: entities, never markup; a person's own signs stay signs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.channels.telegram.marks import Entity, Words, units
from bridge.adapters.channels.telegram.parsing import parse
from bridge.adapters.channels.telegram.rendering import render
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
    to_plain,
)
from bridge.ports.markdown import parse as markdown
from bridge.simulators.telegram.entities import checked
from tests.contract.channel_contract import SIGNS

PAYLOADS = (Path(__file__).parents[2] / "payloads" / "xss.txt").read_text("utf-8").splitlines()
URL = "https://a.example/x"
A = Plain(text="a")


def spans(*found: Span) -> tuple[Block, ...]:
    return (Paragraph(spans=found),)


def mark(type_: str, offset: int, length: int, url: str = "") -> Entity:
    return Entity(type=type_, offset=offset, length=length, url=url)


BOTH_WAYS = [
    ("plain", plain("a\nb"), "a\nb", ()),
    ("bold", spans(Bold(spans=(A,))), "a", (mark("bold", 0, 1),)),
    ("italic", spans(Italic(spans=(A,))), "a", (mark("italic", 0, 1),)),
    ("struck", spans(Strike(spans=(A,))), "a", (mark("strikethrough", 0, 1),)),
    ("code", spans(Code(text="x=1")), "x=1", (mark("code", 0, 3),)),
    ("link", spans(Link(url=URL, spans=(A,))), "a", (mark("text_link", 0, 1, URL),)),
    (
        "one in another",
        spans(Bold(spans=(A, Italic(spans=(Plain(text="b"),))))),
        "ab",
        (mark("bold", 0, 2), mark("italic", 1, 1)),
    ),
    (
        "behind an emoji that counts twice",
        spans(Plain(text="👍🏽 "), Bold(spans=(A,))),
        "👍🏽 a",
        (mark("bold", 5, 1),),
    ),
    (
        "lines of code between words",
        (*plain("see"), CodeBlock(text="x\ny"), *plain("so")),
        "see\nx\ny\nso",
        (mark("pre", 4, 3),),
    ),
    (
        "a quote, and what is bold in it",
        (BlockQuote(blocks=spans(A, Bold(spans=(Plain(text="b"),)))), *plain("no")),
        "ab\nno",
        (mark("blockquote", 0, 2), mark("bold", 1, 1)),
    ),
]


@pytest.mark.parametrize(
    ("text", "words", "marks"),
    [case[1:] for case in BOTH_WAYS],
    ids=[case[0] for case in BOTH_WAYS],
)
def test_a_tree_is_words_and_entities_and_back(
    text: tuple[Block, ...], words: str, marks: tuple[Entity, ...]
) -> None:
    assert render(text) == Words(text=words, entities=marks)
    assert parse(words, marks) == text


@pytest.mark.parametrize(
    ("text", "words", "kinds"),
    [
        ((Bullets(items=(plain("a"), plain("b"))),), "- a\n- b", ()),
        ((Bullets(items=(plain("a"), plain("b")), ordered=True, start=3),), "3. a\n4. b", ()),
        (spans(Bold(spans=(A, Code(text="b"), A))), "aba", ("bold", "code", "bold")),
        (spans(Bold(spans=(Bold(spans=(A,)),))), "a", ("bold",)),
        (spans(Link(url=URL, spans=(Code(text="a"),))), "a", ("text_link",)),
        (spans(Link(url=URL, spans=())), URL, ()),
        (spans(Link(url="mailto:a@b.c", spans=(A,))), "a (mailto:a@b.c)", ()),
        (spans(Link(url="https://[", spans=(A,))), "a (https://[)", ()),
        ((BlockQuote(blocks=(BlockQuote(blocks=plain("a")),)),), "a", ("blockquote",)),
        ((BlockQuote(blocks=(CodeBlock(text="a"),)),), "a", ("blockquote",)),
        (spans(Bold(spans=(Plain(text=""),)), A), "a", ()),
    ],
)
def test_what_telegram_would_not_nest_is_shown_without_it(
    text: tuple[Block, ...], words: str, kinds: tuple[str, ...]
) -> None:
    written = render(text)

    assert written.text == words
    assert tuple(each.type for each in written.entities) == kinds


@pytest.mark.parametrize(
    "entity",
    [
        mark("url", 0, 3),
        mark("mention", 0, 3),
        mark("bot_command", 0, 3),
        mark("underline", 0, 3),
        mark("spoiler", 0, 3),
        mark("custom_emoji", 0, 3),
        mark("of_2030", 0, 3),
        mark("text_link", 0, 3, "tg://user?id=1"),
        mark("text_link", 0, 3, "javascript:alert(1)"),
        mark("text_link", 0, 3, "https://["),
        mark("bold", 50, 3),
        mark("bold", 0, 0),
        mark("bold", 2, -5),
        mark("bold", -10, 5),
    ],
)
def test_what_is_no_formatting_of_ours_stays_words(entity: Entity) -> None:
    assert parse("abc", (entity,)) == plain("abc")


@pytest.mark.parametrize("words", [SIGNS, *PAYLOADS])
def test_signs_and_mentions_activate_nothing(words: str) -> None:
    assert render(plain(words)) == Words(text=words)
    assert parse(words, ()) == plain(words)


@given(st.text(max_size=60))
def test_an_agents_markdown_never_leaves_entities_out_of_their_place(words: str) -> None:
    written = render(markdown(words))

    assert checked(written.text, [_json(each) for each in written.entities]) is not None


def _json(entity: Entity) -> dict[str, str | int]:
    said: dict[str, str | int] = {"type": entity.type}
    said |= {"offset": entity.offset, "length": entity.length}
    return {**said, "url": entity.url} if entity.url else said


# --- every tree -------------------------------------------------------------------------------

_words = st.text(alphabet="ab 👍é", min_size=1, max_size=5)
_leaf = st.builds(Plain, text=_words) | st.builds(Code, text=_words)


def _styled(inner: st.SearchStrategy[Span]) -> st.SearchStrategy[Span]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return (
        st.builds(Bold, spans=several)
        | st.builds(Italic, spans=several)
        | st.builds(Strike, spans=several)
        | st.builds(Link, url=st.just(URL), spans=several)
    )


_span: st.SearchStrategy[Span] = st.recursive(_leaf, _styled, max_leaves=6)
_paragraph = st.builds(Paragraph, spans=st.lists(_span, min_size=1, max_size=4).map(tuple))
_code = st.builds(CodeBlock, text=_words)
_quote = st.builds(BlockQuote, blocks=_paragraph.map(lambda each: (each,)))
_trees = st.lists(_paragraph | _code | _quote, max_size=4).map(tuple)


@given(_trees)
def test_a_tree_that_crossed_is_written_in_the_same_way_again(tree: tuple[Block, ...]) -> None:
    written = render(tree)

    again = render(parse(written.text, written.entities))

    assert again.text == written.text
    assert _marked(again) == _marked(written)


@given(_trees)
def test_every_tree_is_taken_and_no_longer_than_its_plain_words(tree: tuple[Block, ...]) -> None:
    written = render(tree)

    assert checked(written.text, [_json(each) for each in written.entities]) is not None
    assert units(written.text) <= units(to_plain(tree))


def _marked(words: Words) -> list[frozenset[tuple[str, str]]]:
    """What each code unit bears."""
    return [
        frozenset(
            (each.type, each.url)
            for each in words.entities
            if each.offset <= at < each.offset + each.length
        )
        for at in range(units(words.text))
    ]


@given(
    st.text(max_size=20),
    st.lists(
        st.builds(
            Entity,
            type=st.sampled_from(["bold", "code", "pre", "blockquote", "text_link", "spoiler"]),
            offset=st.integers(-3, 30),
            length=st.integers(-3, 30),
            url=st.sampled_from(["", URL, "x"]),
        ),
        max_size=6,
    ),
)
def test_whatever_places_come_no_word_is_lost(text: str, entities: list[Entity]) -> None:
    read = parse(text, entities)

    assert "".join(_words_of(read)).replace("\n", "") == text.replace("\n", "")


def _words_of(tree: Iterable[Block | Span]) -> Iterator[str]:
    """Everything that was written, without the addresses behind it."""
    for each in tree:
        match each:
            case Plain(text=text) | Code(text=text) | CodeBlock(text=text):
                yield text
            case BlockQuote(blocks=blocks):
                yield from _words_of(blocks)
            case Paragraph(spans=inner) | Bold(spans=inner) | Italic(spans=inner):
                yield from _words_of(inner)
            case Strike(spans=inner) | Link(spans=inner):
                yield from _words_of(inner)
            case Bullets():
                raise AssertionError("Telegram has no lists")
