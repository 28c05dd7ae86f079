"""What an agent typed in Slack reaches a customer as words, never as Slack's own marks."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.adapters.workspaces.slack.receiving.payloads import Message, Payload, message_of
from bridge.adapters.workspaces.slack.text import mrkdwn
from bridge.adapters.workspaces.slack.text.links import Permalink, permalink
from bridge.adapters.workspaces.slack.text.markup import mentioned, to_text
from bridge.domain.text import (
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
    Strike,
    plain,
    to_plain,
)

NAMES = {"U1": "Ana", "C1": "sales", "S1": "helpers"}


def rich(*elements: Payload, text: str = "") -> Message:
    """A message as Slack's own clients make it."""
    message = message_of(
        {"type": "message", "text": text, "blocks": [{"type": "rich_text", "elements": elements}]}
    )
    assert message is not None
    return message


def section(*elements: Payload) -> Payload:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, **style: bool) -> Payload:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def list_of(*words: str, style: str = "bullet", **more: int) -> Payload:
    items = [section(text(word)) for word in words]
    return {"type": "rich_text_list", "style": style, "elements": items, **more}


def paragraph(words: str) -> Paragraph:
    return Paragraph(spans=(Plain(text=words),))


# --- blocks -----------------------------------------------------------------------------------


def test_styles_of_a_text_are_kept() -> None:
    message = rich(
        section(
            text("plain "),
            text("strong", bold=True),
            text("both", bold=True, italic=True),
            text("gone", strike=True),
            text("code", code=True),
        )
    )

    assert to_text(message, {}) == (
        Paragraph(
            spans=(
                Plain(text="plain "),
                Bold(spans=(Plain(text="strong"),)),
                Bold(spans=(Italic(spans=(Plain(text="both"),)),)),
                Strike(spans=(Plain(text="gone"),)),
                Code(text="code"),
            )
        ),
    )


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ({"type": "emoji", "name": "wave", "unicode": "1f44b"}, "👋"),
        ({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fc", "skin_tone": 3}, "👋🏼"),
        ({"type": "emoji", "name": "wave", "skin_tone": 3}, "👋🏼"),
        ({"type": "emoji", "name": "our-logo"}, ":our-logo:"),
        ({"type": "emoji", "name": "wave", "unicode": "no hex"}, "👋"),
        ({"type": "user", "user_id": "U1"}, "@Ana"),
        ({"type": "user", "user_id": "U404"}, "@U404"),
        ({"type": "channel", "channel_id": "C1"}, "#sales"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "@helpers"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "color", "value": "#00ff00"}, "#00ff00"),
        ({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 May"}, "1 May"),
        ({"type": "news-of-2030", "text": "words"}, "words"),
        ({"type": "link", "url": "https://a.b/c"}, "https://a.b/c"),
        ({"type": "link", "url": "https://a.b/c", "text": "here"}, "here (https://a.b/c)"),
        ({"type": "link", "url": "http://a.b", "text": "a.b"}, "a.b"),
        ({"type": "link", "url": "mailto:a@b.c", "text": "a@b.c"}, "a@b.c"),
        ({"type": "link", "url": "javascript:alert(1)", "text": "x"}, "x"),
        ({"type": "link", "url": "slack://channel?id=1"}, "slack://channel?id=1"),
    ],
)
def test_every_element_has_words_for_the_customer(element: Payload, words: str) -> None:
    assert to_plain(to_text(rich(section(element)), NAMES)) == words


def test_a_code_block_a_quote_and_a_list_stay_what_they_are() -> None:
    message = rich(
        section(text("before\n")),
        {"type": "rich_text_preformatted", "elements": [text("x = 1\ny = 2")]},
        {"type": "rich_text_quote", "elements": [text("said")]},
        list_of("one", "two"),
        section(text("after")),
    )

    assert to_text(message, {}) == (
        paragraph("before"),
        CodeBlock(text="x = 1\ny = 2"),
        BlockQuote(blocks=(paragraph("said"),)),
        Bullets(items=((paragraph("one"),), (paragraph("two"),))),
        paragraph("after"),
    )


def test_an_indented_list_hangs_under_its_item_and_numbers_go_on() -> None:
    message = rich(
        list_of("one", style="ordered"),
        list_of("deep", indent=1),
        list_of("two", style="ordered", offset=1),
    )

    inner = Bullets(items=((paragraph("deep"),),))
    assert to_text(message, {}) == (
        Bullets(items=((paragraph("one"), inner), (paragraph("two"),)), ordered=True),
    )


def test_a_list_of_another_kind_is_another_list() -> None:
    message = rich(list_of("a"), list_of("b", style="ordered", offset=4))

    assert to_text(message, {}) == (
        Bullets(items=((paragraph("a"),),)),
        Bullets(items=((paragraph("b"),),), ordered=True, start=5),
    )


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "other"}}],
        [{"type": "rich_text", "elements": "broken"}],
        [{"no": "type"}],
    ],
)
def test_without_whole_blocks_the_text_is_read(blocks: list[Payload]) -> None:
    message = message_of({"type": "message", "text": "*hello*", "blocks": blocks})

    assert message is not None
    assert to_text(message, {}) == (Paragraph(spans=(Bold(spans=(Plain(text="hello"),)),)),)


# --- mrkdwn -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("<@U1> in <#C1|old> with <!subteam^S1|@x>", "@Ana in #sales with @helpers"),
        ("<@U404|bob> <#C404|rooms> <!here>", "@bob #rooms @here"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("<https://a.b/?x=1&amp;y=2|label>", "label (https://a.b/?x=1&y=2)"),
        ("<https://a.b/?x=1&amp;y=2>", "https://a.b/?x=1&y=2"),
        (":smile: :nothing-here: 10:30:45", "😄 :nothing-here: 10:30:45"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("*bold* _it_ ~no~ `code <@U1>`", "bold it no code @Ana"),
        ("`a &amp;lt; b`", "a &lt; b"),
        ("```\nx &lt; y\n```", "x < y"),
        ("&gt; said\nanswer", "> said\nanswer"),
        ("", ""),
        ("*_~`<", "*_~`<"),
    ],
)
def test_marks_of_a_text_become_words(typed: str, words: str) -> None:
    assert to_plain(mrkdwn.parse(typed, NAMES)) == words


def test_a_link_in_a_text_is_a_link() -> None:
    [block] = mrkdwn.parse("<https://a.b|c>", {})

    assert block == Paragraph(spans=(Link(url="https://a.b", spans=(Plain(text="c"),)),))


@given(st.text(alphabet="*_~`<>|@#!&;:abz \n^"))
@example("<|>")
def test_any_text_is_read(typed: str) -> None:
    mrkdwn.parse(typed, {})


@given(st.text())
def test_words_without_marks_stay_as_they_were_typed(typed: str) -> None:
    plainly = "".join(letter for letter in typed if letter not in "*_~`<>&:\n")

    assert to_plain(mrkdwn.parse(plainly, {})) == plainly


@pytest.mark.parametrize("mark", ["*", "_", "~", "`", "<", ":", "```", "&gt; ", "*_", "<!"])
@pytest.mark.timeout(10)
def test_a_very_long_row_of_marks_is_read_in_no_time(mark: str) -> None:
    typed = mark * (100_000 // len(mark))

    mrkdwn.parse(typed, {})


# --- mentions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "<@U1>",
        "<@U1|ana>",
        "<@W1>",
        "<!here>",
        "<!channel>",
        "<!everyone>",
        "<!subteam^S1>",
        "<!subteam^S1|@x>",
        "<#C1>",
        "<#C1|sales>",
        "ask <@U1> please",
    ],
)
def test_a_token_in_the_text_mentions(typed: str) -> None:
    assert mentioned(Message(text=typed)).any


@pytest.mark.parametrize(
    "element",
    [
        {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "channel"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
    ],
)
def test_an_element_mentions_wherever_it_stands(element: dict[str, Any]) -> None:
    inner = {"type": "rich_text_list", "style": "bullet", "elements": [section(element)]}

    assert mentioned(rich(inner)).any


@pytest.mark.parametrize(
    "typed",
    [
        "&lt;@U1&gt;",
        "a@b.c",
        "@ana",
        "#sales",
        "<https://a.b|@U1>",
        "<!date^1^x|y>",
        "",
        "<mailto:a@b.c|x>",
    ],
)
def test_what_only_looks_like_a_mention_is_none(typed: str) -> None:
    assert not mentioned(Message(text=typed)).any


def test_a_mention_says_whom() -> None:
    found = mentioned(rich(section({"type": "user", "user_id": "U2"}), text="<@U1> <#C1>"))

    assert (found.users, found.rooms) == (frozenset({"U1", "U2"}), frozenset({"C1"}))


# --- links to messages ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://x.slack.com/archives/C1/p1700000000000200?thread_ts=1699999999.000100&cid=C1",
            Permalink(channel="C1", ts="1700000000.000200", root="1699999999.000100"),
        ),
        (
            "https://x.slack.com/archives/C1/p1700000000000200",
            Permalink(channel="C1", ts="1700000000.000200", root="1700000000.000200"),
        ),
        ("https://x.slack.com/archives/C1", None),
        ("https://example.org/p1700000000000200", None),
        ("https://[broken", None),
    ],
)
def test_slacks_own_link_leads_to_a_message(url: str, expected: Permalink | None) -> None:
    assert permalink(url) == expected


def test_plain_words_stay_one_plain_paragraph() -> None:
    hello: FormattedText = to_text(rich(section(text("hello"))), {})

    assert hello == plain("hello")
