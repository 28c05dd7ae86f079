"""Every modal and home is one that Slack takes, whatever people wrote; nothing in it is parsed."""

import json
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bridge.adapters.workspaces.slack.client import Json
from bridge.adapters.workspaces.slack.surfaces import boards, kit
from bridge.adapters.workspaces.slack.surfaces.forms import Facts, form
from bridge.adapters.workspaces.slack.surfaces.home import HomeFacts, home_view
from bridge.adapters.workspaces.slack.surfaces.results import loading, result, sorry
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, read_sheet, write_sheet
from bridge.adapters.workspaces.slack.text.richtext import clean
from bridge.commands.registry import declared
from bridge.domain.agent import Agent, Role
from bridge.domain.card import CardAction, ConversationCard
from bridge.domain.conversation import Priority, State
from bridge.domain.delivery import OfferedCommand
from bridge.domain.events import Actor, ActorKind, Event, EventKind
from bridge.domain.ids import (
    AgentId,
    ContactId,
    ConversationId,
    EventId,
    Instant,
    Language,
    TemplateId,
    ThreadRef,
    TicketId,
)
from bridge.domain.template import Takes, Template, Variable
from bridge.domain.text import plain
from bridge.domain.ticket import Ticket
from bridge.ports.commands import Answer
from bridge.ports.queries import (
    AgentRow,
    Choices,
    ConversationRow,
    Conversations,
    History,
    Home,
    Option,
    QueueRow,
    Queues,
)
from bridge.simulators.slack.errors import SlackRefused
from bridge.simulators.slack.kit.views import check_view

NOW = Instant(1_790_000_000_000)
SPECS = {spec.name: spec for spec in declared()}
NASTY = (
    "Alice",
    "",
    "<!channel> <@U1> &lt; *b* `c` [x](https://a|y)",
    "x" * 5_000,
    "\n".join("@here" for _ in range(200)),
    "\ud800 a\0b \u202e",
)
nasty = pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))


def check(view: Json) -> None:
    """Slack takes it: by its SDK's own validators, and by the simulator's."""
    written = json.loads(msgspec.json.encode(view))
    View(**written).validate_json()
    for block in Block.parse_all(written["blocks"]):
        block.validate_json()
    try:
        check_view(written, view["type"])
    except SlackRefused as refused:
        raise AssertionError(f"{refused.code}: {refused.more}") from refused
    assert not list(parsed(written))


def parsed(node: object) -> Iterator[object]:
    """Texts in which Slack would look for mentions and links."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node
        for each in node.values():
            yield from parsed(each)
    elif isinstance(node, list):
        for each in node:
            yield from parsed(each)


def card(text: str) -> ConversationCard:
    return ConversationCard(
        number=7,
        state=State.ASSIGNED,
        customer=text,
        channel=text,
        language=Language("en"),
        window_until=NOW,
        actions=tuple(CardAction(command=name) for name in SPECS),
    )


def tickets(text: str, count: int = 30) -> tuple[Ticket, ...]:
    return tuple(
        Ticket(
            id=TicketId(number),
            number=number,
            contact=ContactId(1),
            conversation=ConversationId(1),
            type=text or "question",
            status=text or "open",
            description=text,
            opened_by=AgentId(1),
            opened_at=NOW,
            changed_at=NOW,
        )
        for number in range(1, count)
    )


def row(text: str, number: int = 7, state: State = State.WAITING) -> ConversationRow:
    return ConversationRow(
        number=number,
        public_id="x",
        state=state,
        customer=text,
        channel=text,
        priority=Priority.URGENT,
        queue_title=text,
        agent_name=text,
        since=NOW,
        last_line=text,
        thread=ThreadRef("C012345:1.000001"),
    )


def agent_row(text: str) -> AgentRow:
    return AgentRow(
        id=AgentId(1),
        handle="ana",
        name=text,
        role=Role.ADMIN,
        connected=True,
        available=False,
        reason=text,
        capacity=5,
        held=1,
        holding=(row(text),),
    )


def queues(text: str, count: int) -> Queues:
    return Queues(
        rows=tuple(
            QueueRow(
                name=f"q{number}",
                title=text,
                waiting=(row(text),) * 8,
                oldest_since=NOW,
                connected=(agent_row(text),) * 30,
                disconnected=(agent_row(text),) * 30,
            )
            for number in range(count)
        )
    )


@pytest.mark.parametrize("command", sorted(SPECS))
@pytest.mark.parametrize("number", [None, 7])
@nasty
def test_every_form_is_one_that_slack_takes(command: str, number: int | None, text: str) -> None:
    variables = " ".join(f"{{{{v{n}}}}}" for n in range(30))
    template = Template(
        id=TemplateId(1),
        name="welcome",
        language="en",
        body=f"{text} {{{{name}}}} {variables}",
        special=(Variable(name="v0", takes=Takes.DOCUMENT), Variable(name="v1", takes=Takes.CODE)),
    )
    facts = Facts(
        spec=SPECS[command],
        language="pt_BR",
        card=None if number is None else card(text),
        template=template,
        templates=Choices(
            options=(Option(value="welcome", label=template.body),), templates=(template,)
        ),
        tickets=tickets(text),
        held=3,
    )
    names = ("note", "target", "reason", "description", "value.name")
    said = dict.fromkeys(names, clean(text)) if text else {}
    sheet = Sheet(command=command, number=number, arguments=said)

    check(form(sheet, facts))


@nasty
def test_words_that_wait_for_their_conversation_are_shown_as_they_are(text: str) -> None:
    sheet = Sheet(command="transfer", text=clean(text))

    check(form(sheet, Facts(spec=SPECS["transfer"], language="en")))


def test_what_the_platform_bills_stands_below_the_history() -> None:
    history = History(number=7, events=(), sentences=(), remarks=("Billed: 2 messages",))

    view = boards.events(history, Sheet(command="events", number=7), "en")

    assert "Billed: 2 messages" in str(view["blocks"][-1])


@nasty
def test_every_board_is_one_that_slack_takes(text: str) -> None:
    sheet = Sheet(command="events", number=7)
    actor = Actor(kind=ActorKind.AGENT, name=text)
    event = Event(id=EventId(1), at=NOW, kind=EventKind.QUEUED, actor=actor)

    check(
        boards.events(
            History(number=7, events=(event,) * 300, sentences=(text,) * 300), sheet, "en"
        )
    )
    check(boards.events(History(number=7, events=(), sentences=()), sheet, "en"))
    check(boards.queues(queues(text, 40), sheet, "en", NOW))
    check(boards.queues(queues(text, 0), sheet, "en", NOW))
    rows = tuple(row(text, n, state) for n in range(9) for state in State)
    check(boards.conversations(Conversations(rows=rows), sheet, "en", NOW))
    check(boards.conversations(Conversations(rows=()), sheet, "en", NOW))
    check(boards.menu(card(text), card(text).actions, sheet, "en"))


@nasty
def test_every_answer_is_one_that_slack_takes(text: str) -> None:
    offers = tuple(
        OfferedCommand(command="transfer", label=text, arguments={"target": clean(text)})
        for _ in range(4)
    )
    answer = Answer(ok=False, code="x", text=plain(text), offers=offers)

    check(result(answer, Sheet(command="transfer", number=7), "en"))


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_every_sentence_instead_is_one_that_slack_takes(language: str) -> None:
    for key in ("no_conversation", "no_thread", "no_agent", "nothing_held", "too_late"):
        check(sorry(key, Sheet(command="return-to-bot"), language))
    check(loading(Sheet(command="conversations"), language))


@nasty
@pytest.mark.parametrize("many", [0, 1, 60])
def test_every_home_is_one_that_slack_takes(text: str, many: int) -> None:
    agent = Agent(id=AgentId(1), handle="ana", name=text or "Ana", role=Role.ADMIN, reason=text)
    home = Home(
        agent=agent,
        language=Language("en"),
        holding=tuple(row(text, n, State.ASSIGNED) for n in range(many)),
        waiting=tuple(row(text, n) for n in range(many)),
        queues=(text,),
        waits=many,
        commands=("conversations", "queues"),
    )
    facts = HomeFacts(
        home=home, language="en", url="https://acme.slack.com/", now=NOW, queues=queues(text, many)
    )

    check(home_view(facts))


def test_a_stranger_has_a_home_too() -> None:
    check(home_view(HomeFacts(home=None, language="pt_BR", url="", now=NOW)))


@given(texts=st.dictionaries(st.text(max_size=40), st.text(max_size=2_000), max_size=4))
@settings(max_examples=30)
def test_a_sheet_is_never_longer_than_slack_allows(texts: dict[str, str]) -> None:
    sheet = Sheet(command="ticket", number=7, channel="C1", arguments=texts)

    written = write_sheet(sheet)

    assert len(written) <= 3_000
    assert read_sheet(written).number == 7


@pytest.mark.parametrize("metadata", ["", "no JSON", "[]", '{"number": "x"}', "null"])
def test_a_view_that_is_not_ours_has_an_empty_sheet(metadata: str) -> None:
    assert read_sheet(metadata) == Sheet()


def test_a_link_button_leads_to_slacks_own_address() -> None:
    [block, *_] = boards.row_blocks(
        row("Alice", state=State.ASSIGNED), "en", NOW, "https://a.slack.com/x"
    )

    assert block["accessory"]["url"] == "https://a.slack.com/x"
    assert boards.link_to(row("Alice"), "https://acme.slack.com/") == (
        "https://acme.slack.com/archives/C012345/p1000001"
    )


LINES: Sequence[Json] = [kit.line("x" * 9_999, limit=60), kit.line("", dispatch=True)]


@pytest.mark.parametrize("element", LINES)
def test_a_place_to_type_in_begins_within_its_limit(element: Json) -> None:
    assert len(element.get("initial_value", "")) <= element["max_length"]
