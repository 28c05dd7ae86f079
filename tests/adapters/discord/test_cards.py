"""A card says everything an agent needs, and nothing that people wrote means anything in it."""

import re

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.discord.cards import layout
from bridge.adapters.workspaces.discord.cards.cards import Frame, card_message, digest
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import read_custom_id
from bridge.domain.card import CardAction, CardLine
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import AgentId, ContactId, ConversationId, Instant, TicketId
from bridge.domain.message import Author, Receipt
from bridge.domain.ticket import Ticket
from tests.adapters.discord.corpus import mentions
from tests.adapters.discord.rig import texts
from tests.contract.workspace_contract import CARD

NOW = Instant(1_763_800_000_000)
FRAME = Frame(language="en", guild="77", now=NOW)
ACTIONS = (
    CardAction(command="transfer"),
    CardAction(command="take", primary=True),
    CardAction(command="events"),
)


def ticket(number: int, description: str = "broken lamp", closed: bool = False) -> Ticket:
    return Ticket(
        id=TicketId(number), number=number, contact=ContactId(1), conversation=ConversationId(1),
        type="complaint", status="open", description=description, opened_by=AgentId(1),
        opened_at=NOW, changed_at=NOW, closed=closed,
    )  # fmt: skip


def words(card: Json) -> str:
    return "\n".join(texts(card["components"]))


def buttons(card: Json) -> list[Json]:
    rows = [part for part in card["components"] if part["type"] == 1]
    return [button for row in rows for button in row["components"]]


def test_a_card_says_who_where_which_and_how_it_stands() -> None:
    card = replace(CARD, queue="Sales", agent="Ana", receipt=Receipt.READ, number=1042)

    said = words(card_message(card, FRAME))

    for part in ("Maria", "Web chat", "#1042", "Waiting", "Sales", "Ana", "read"):
        assert part in said


@pytest.mark.parametrize(
    ("state", "dot", "color"), [(State.ASSIGNED, "🟢", 0x2ECC71), (State.ENDED, "🟤", 0x8B5A2B)]
)
def test_green_is_active_and_brown_is_over(state: State, dot: str, color: int) -> None:
    made = card_message(replace(CARD, state=state), FRAME)

    assert made["components"][0]["accent_color"] == color
    assert dot in words(made)


def test_moments_are_those_of_whoever_reads_them() -> None:
    card = replace(CARD, waiting_since=NOW, window_until=Instant(NOW + 60_000))

    said = words(card_message(card, FRAME))

    assert "<t:1763800000:R>" in said
    assert "Free replies until <t:1763800060:f>" in said


def test_a_window_that_is_over_says_so() -> None:
    card = replace(CARD, window_until=Instant(NOW - 60_000))

    assert "Free replies ended" in words(card_message(card, FRAME))


def test_the_main_button_comes_first_and_says_what_it_runs() -> None:
    made = buttons(card_message(replace(CARD, actions=ACTIONS), FRAME))

    pressed = [read_custom_id(each["custom_id"]) for each in made]
    assert [each.command for each in pressed if each] == ["take", "transfer", "events"]
    assert {each.number for each in pressed if each} == {CARD.number}
    assert [each["style"] for each in made] == [1, 2, 2]


def test_two_buttons_of_one_command_are_two() -> None:
    twice = (CardAction(command="watch"), CardAction(command="watch", arguments={"mode": "stop"}))

    made = buttons(card_message(replace(CARD, actions=twice), FRAME))

    assert len({each["custom_id"] for each in made}) == 2


def test_open_tickets_are_listed_and_closed_ones_are_not() -> None:
    card = replace(CARD, tickets=(ticket(7), ticket(8, "all well", closed=True)))

    said = words(card_message(card, FRAME))

    assert "T7" in said
    assert "T8" not in said


def test_the_rings_of_what_is_urgent_are_seen_at_once() -> None:
    for priority, sign in ((Priority.URGENT, "🚨"), (Priority.HIGH, "🔺")):
        assert sign in words(card_message(replace(CARD, priority=priority), FRAME))


def test_a_conversation_that_goes_on_elsewhere_leads_there() -> None:
    said = words(card_message(replace(CARD, moved_to="123"), FRAME))

    assert "https://discord.com/channels/77/123" in said


def test_nothing_that_people_wrote_means_anything_on_a_card() -> None:
    calls = re.compile(r"<(?:@[!&]?|#)\d+>|@(?:everyone|here)\b|(?<!\\)\]\(")
    for text in mentions("123", "456", "789"):
        line = CardLine(author=Author.CUSTOMER, name=text, excerpt=text)
        card = replace(
            CARD, customer=text, channel=text, queue=text, agent=text, reason=text,
            summary=text, lines=(line,), tickets=(ticket(7, text),), moved_to=text,
        )  # fmt: skip

        assert not calls.search(words(card_message(card, FRAME))), text


def test_a_card_always_has_room() -> None:
    long = "*" * 5_000
    line = CardLine(author=Author.CUSTOMER, name=long, excerpt=long)
    card = replace(
        CARD, customer=long, channel=long, queue=long, agent=long, reason=long, summary=long,
        lines=(line,) * 10, tickets=tuple(ticket(n, long) for n in range(30)), actions=ACTIONS,
    )  # fmt: skip

    made = card_message(card, FRAME)

    assert sum(len(each["content"]) for each in layout.texts(made["components"])) <= 4_000


def test_two_cards_that_look_the_same_are_the_same() -> None:
    one, same = card_message(CARD, FRAME), card_message(CARD, FRAME)
    other = card_message(replace(CARD, agent="Ana"), FRAME)

    assert digest(one) == digest(same) != digest(other)


def test_a_card_calls_nobody() -> None:
    assert card_message(CARD, FRAME)["allowed_mentions"] == {"parse": []}
