"""Lines, cards and private answers: everything is shown as it was written, nothing is active."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bridge.adapters.workspaces.slack.blocks.actions import read_action
from bridge.adapters.workspaces.slack.blocks.cards import Frame, card_message, digest
from bridge.adapters.workspaces.slack.blocks.outbound import Line, message, private_answer, speaker
from bridge.adapters.workspaces.slack.client import Json
from bridge.domain.card import CardAction, CardLine, ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import (
    AgentId,
    ContactId,
    ConversationId,
    Instant,
    Language,
    TicketId,
    WorkspaceUserId,
)
from bridge.domain.message import Author, Receipt
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
from bridge.domain.ticket import Ticket
from bridge.simulators.slack.kit.blocks import check_blocks
from bridge.simulators.slack.pings import Reader
from tests.adapters.slack.corpus import MENTIONS
from tests.adapters.slack.rig import words_of

NAMES = {"ana": "U0ANA", "bo": "U0BO"}
ROOMS = {"general": "C0GENERAL", "support": "C0SUPPORT"}
# Even a Slack that looks for bare names finds none: so the fallback is read in that way, too.
READERS = (
    Reader(names=NAMES, rooms={}, finds_names=False),
    Reader(names={}, rooms={}, finds_names=True),
)
ACTIVE = ("user", "usergroup", "broadcast", "channel", "date")

signs = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(MENTIONS), min_size=1, max_size=4).map(" ".join),
    st.lists(st.sampled_from([*"<>&@#!|^:*_~`\\ \n", "here", "U0ANA", "amp;", "lt;"])).map("".join),
)
leaves = st.one_of(st.builds(Plain, text=signs), st.builds(Code, text=signs))


def _wider(inner: st.SearchStrategy[Span]) -> st.SearchStrategy[Span]:
    spans = st.lists(inner, max_size=3).map(tuple)
    urls = signs.map(lambda text: f"https://x.example/{text}")
    return st.one_of(
        *(st.builds(kind, spans=spans) for kind in (Bold, Italic, Strike)),
        st.builds(Link, url=urls, spans=spans),
    )


spans = st.lists(st.recursive(leaves, _wider, max_leaves=4), max_size=3).map(tuple)
flat = st.one_of(st.builds(Paragraph, spans=spans), st.builds(CodeBlock, text=signs))


def _deeper(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(inner, max_size=3).map(tuple)
    items = st.lists(blocks, max_size=3).map(tuple)
    return st.one_of(
        st.builds(BlockQuote, blocks=blocks),
        st.builds(Bullets, items=items, ordered=st.booleans(), start=st.integers(1, 5)),
    )


texts = st.lists(st.recursive(flat, _deeper, max_leaves=5), max_size=3).map(tuple)


def active(shown: Json) -> list[tuple[str, str]]:
    """What Slack would bring to life in it, links apart."""
    return [
        (one.kind, one.target)
        for reader in READERS
        for one in reader.read(shown["text"], shown["blocks"], ())
        if one.kind in ACTIVE
    ]


def strings(node: object) -> Iterator[str]:
    match node:
        case str():
            yield node
        case dict():
            for each in node.values():
                yield from strings(each)
        case list():
            for each in node:
                yield from strings(each)
        case _:
            return


# --- nothing is active ----------------------------------------------------------------------


@given(text=texts, name=signs)
def test_no_line_brings_anything_to_life(text: FormattedText, name: str) -> None:
    for customised in (False, True):
        shown = message(Line(text=text, name=name, customised=customised))

        assert active(shown) == []


def test_no_known_trick_works_in_a_line_a_name_or_a_private_answer() -> None:
    shown = [each for sign in MENTIONS for each in _told(sign)]

    assert [found for each in shown if (found := active(each))] == []


def _told(sign: str) -> Iterator[Json]:
    name = speaker(Author.CUSTOMER, sign, sign)
    offer = OfferedCommand(command="take", label=sign, arguments={"x": _writable(sign)})
    yield message(Line(text=plain(sign), name=name))
    yield message(Line(text=plain(sign), name=name, customised=True))
    yield private_answer(plain(sign), (offer,), (sign,), 7)


def test_no_known_trick_works_in_a_card() -> None:
    shown = [card_message(full_card(sign), Frame(language="en")) for sign in MENTIONS]

    assert {kind for each in shown for kind, _ in active(each)} == {"date"}


@given(texts)
def test_an_edit_says_too_that_nothing_is_to_be_parsed(text: FormattedText) -> None:
    shown = message(Line(text=text))

    assert (shown["parse"], shown["link_names"]) == ("none", False)
    assert (shown["unfurl_links"], shown["unfurl_media"]) == (False, False)
    assert "mrkdwn" not in strings(shown["blocks"])


def test_only_the_people_of_the_call_are_mentioned() -> None:
    line = Line(
        text=plain("Yours now: <@U0BO> @bo"),
        mentions=(WorkspaceUserId("U0ANA"), WorkspaceUserId("!channel")),
    )

    shown = message(line)

    assert active(shown) == [("user", "U0ANA")] * len(READERS)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Ana is in control now.", "@U0ANA is in control now."),
        ("Now it is Ana, not Ana's bot.", "Now it is @U0ANA, not Ana's bot."),
        ("The wind: who?", "@U0ANA The wind: who?"),
    ],
)
def test_a_mention_stands_where_the_text_names_him(said: str, shown: str) -> None:
    line = Line(text=plain(said), mentions=(WorkspaceUserId("U0ANA"),), called="Ana")

    assert words_of(message(line)["blocks"]) == shown


# --- everything is there --------------------------------------------------------------------


@given(signs)
def test_plain_words_are_shown_as_they_were_typed(text: str) -> None:
    shown = message(Line(text=plain(text)))

    assert words_of(shown["blocks"]).strip() == _writable(text).strip()


@given(st.text(alphabet="abc <&\n", min_size=1, max_size=40).map(lambda part: part * 300))
def test_a_long_text_loses_nothing_but_blanks(text: str) -> None:
    shown = message(Line(text=plain(text)))

    assert "".join(words_of(shown["blocks"]).split()) == "".join(text.split())
    assert all(len(words_of([block])) <= 3_000 for block in shown["blocks"])


@given(texts, signs)
def test_slack_takes_every_line(text: FormattedText, name: str) -> None:
    shown = message(Line(text=text, name=name))

    assert check_blocks(shown["blocks"], "message") == []
    assert 0 < len(shown["text"].encode()) <= 4_000


def test_formatting_becomes_slacks_own() -> None:
    text: FormattedText = (
        Paragraph(spans=(Plain(text="a "), Bold(spans=(Italic(spans=(Plain(text="b"),)),)))),
        Bullets(items=(plain("one"), plain("two")), ordered=True, start=3),
        CodeBlock(text="x = 1"),
        BlockQuote(blocks=plain("said")),
    )

    [block] = message(Line(text=text))["blocks"]

    section, bullets, code, quote = block["elements"]
    assert section["elements"][1] == {
        "type": "text",
        "text": "b",
        "style": {"bold": True, "italic": True},
    }
    assert (bullets["style"], bullets["offset"], len(bullets["elements"])) == ("ordered", 2, 2)
    assert (code["type"], quote["type"]) == ("rich_text_preformatted", "rich_text_quote")


def test_a_list_in_a_list_stands_further_to_the_right_and_the_outer_one_counts_on() -> None:
    inner = Bullets(items=(plain("deep"),))
    outer = Bullets(items=((*plain("one"), inner), plain("two")), ordered=True)

    [block] = message(Line(text=(outer,)))["blocks"]

    shape = [(each["style"], each["indent"], each.get("offset", 0)) for each in block["elements"]]
    assert shape == [("ordered", 0, 0), ("bullet", 1, 0), ("ordered", 0, 1)]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://a.example/x?y=1, please", ["https://a.example/x?y=1"]),
        ("(http://a.example)", ["http://a.example"]),
        ("https://a.example|evil", ["https://a.example"]),
        ("javascript:alert(1) file:///etc/passwd", []),
    ],
)
def test_web_addresses_in_plain_words_can_be_followed(text: str, urls: list[str]) -> None:
    blocks = message(Line(text=plain(text)))["blocks"]

    elements = [each for block in blocks for run in block["elements"] for each in run["elements"]]
    assert [each["url"] for each in elements if each["type"] == "link"] == urls
    assert words_of(blocks) == text


def test_a_link_shows_where_it_leads() -> None:
    link = Link(url="https://evil.example/", spans=(Plain(text="https://bank.example"),))
    text: FormattedText = (Paragraph(spans=(link,)),)

    shown = words_of(message(Line(text=text))["blocks"])

    assert shown == to_plain(text) == "https://bank.example (https://evil.example/)"


def test_a_note_looks_like_one() -> None:
    shown = message(Line(text=plain("call her"), name="Bia", note=True))

    assert words_of(shown["blocks"]).startswith(":memo: Bia")


# --- who speaks -----------------------------------------------------------------------------


@given(signs, signs)
def test_no_customers_name_is_that_of_an_agent(name: str, agent: str) -> None:
    customer = speaker(Author.CUSTOMER, name, "WhatsApp")

    assert customer.endswith(" (WhatsApp)")
    assert len(customer) <= 80
    assert not set(customer) & set("<>\n\r\u202e\u2066\u200b")


@pytest.mark.parametrize("name", ["Alice", "Alice (WhatsApp)"])
def test_a_customers_channel_is_said_once(name: str) -> None:
    assert speaker(Author.CUSTOMER, name, "WhatsApp") == "Alice (WhatsApp)"


def test_the_house_speaks_without_a_name() -> None:
    assert speaker(Author.SYSTEM, "Acme", "WhatsApp") == ""


# --- cards ----------------------------------------------------------------------------------


def full_card(sign: str = "x", **more: object) -> ConversationCard:
    ticket = Ticket(
        id=TicketId(1),
        number=3,
        contact=ContactId(1),
        conversation=ConversationId(1),
        type=sign,
        status=sign,
        description=sign,
        opened_by=AgentId(1),
        opened_at=Instant(0),
        changed_at=Instant(0),
    )
    actions = ("transfer", "priority", "ticket", "template", "return-to-bot", "events")
    return ConversationCard(
        number=7,
        state=State.ASSIGNED,
        customer=sign,
        channel=sign,
        language=Language("en"),
        queue=sign,
        agent=sign,
        priority=Priority.URGENT,
        waiting_since=Instant(1_700_000_000_000),
        window_until=Instant(1_700_086_400_000),
        reason=sign,
        summary=sign * 50,
        lines=(CardLine(author=Author.CUSTOMER, name=sign, excerpt=sign),),
        tickets=(ticket,) * 12,
        receipt=Receipt.READ,
        moved_to=sign,
        actions=tuple(
            CardAction(
                command=word, primary=word == "return-to-bot", arguments={"x": _writable(sign)}
            )
            for word in actions
        ),
    )


@given(signs)
def test_slack_takes_every_card(sign: str) -> None:
    shown = card_message(full_card(sign), Frame(language="pt_BR"))

    assert check_blocks(shown["blocks"], "message") == []


def test_a_card_says_everything_that_it_knows() -> None:
    card = full_card("Maria")

    shown = words_of(card_message(card, Frame(language="en"))["blocks"])

    for fact in ("#7", "Maria", "urgent", "With Maria", "read", "T3", "and 2 more"):
        assert fact in shown


def test_a_card_of_which_little_is_known_is_one_that_slack_takes() -> None:
    bare = replace(card_of(State.WAITING), waiting_since=Instant(1_700_000_000_000))

    shown = card_message(bare, Frame(language="en"))

    assert check_blocks(shown["blocks"], "message") == []
    assert words_of(shown["blocks"]).count("Waiting") == 1


def test_a_card_has_a_note_for_who_is_in_control_and_for_nobody_else() -> None:
    held = card_of(
        State.ASSIGNED, *(CardAction(command=each) for each in ("return-to-bot", "events"))
    )
    over = card_of(State.ENDED, *(CardAction(command=each) for each in ("events", "ticket")))

    commands = [
        [
            each["action_id"]
            for each in card_message(card, Frame(language="en"))["blocks"][-1]["elements"]
        ]
        for card in (held, over)
    ]

    assert commands == [
        ["run:return-to-bot", "run:note:1", "run:events:2"],
        ["run:events", "run:ticket:1"],
    ]


def test_an_active_card_is_green_and_an_ended_one_brown() -> None:
    states = (State.WAITING, State.ENDED)

    heads = [
        words_of(card_message(card_of(state), Frame(language="en"))["blocks"]) for state in states
    ]

    assert [head.split(" ")[0] for head in heads] == [
        ":large_green_circle:",
        ":large_brown_circle:",
    ]


def card_of(state: State, *actions: CardAction) -> ConversationCard:
    return ConversationCard(
        number=7,
        state=state,
        customer="Maria",
        channel="Web chat",
        language=Language("en"),
        actions=actions,
    )


def test_the_main_button_comes_first_and_what_has_no_room_is_in_the_menu() -> None:
    blocks = card_message(full_card(), Frame(language="en"))["blocks"]

    *buttons, menu = blocks[-1]["elements"]
    assert buttons[0]["action_id"] == "run:return-to-bot"
    assert buttons[0]["style"] == "primary"
    commands = [read_action(menu["action_id"], each["value"]) for each in menu["options"]]
    assert [each and each.command for each in commands] == ["template", "note", "events"]
    assert len(buttons) == 4


def test_cards_that_look_the_same_have_the_same_digest() -> None:
    one, same, other = (
        card_message(card_of(state), Frame(language="en"))
        for state in (State.WAITING, State.WAITING, State.ENDED)
    )

    assert digest(one) == digest(same) != digest(other)


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")
