"""The parts that answers and forms are made of: within Discord's limits, whatever people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.common.choices import Choice
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import (
    FORM,
    MAX_ID,
    PAGE,
    RUN,
    Pressed,
    custom_id,
    fits,
    read_custom_id,
)
from bridge.adapters.workspaces.discord.kept import KEPT_FOR, Kept
from bridge.adapters.workspaces.discord.surfaces import answers, asking, boards, forms, kit
from bridge.adapters.workspaces.discord.surfaces.boards import Look
from bridge.adapters.workspaces.discord.surfaces.forms import Facts
from bridge.commands.registry import spec
from bridge.domain.agent import Role
from bridge.domain.conversation import Priority, State
from bridge.domain.delivery import OfferedCommand
from bridge.domain.ids import (
    AgentId,
    ContactId,
    Instant,
    TemplateId,
    ThreadRef,
    TicketId,
)
from bridge.domain.template import Takes, Template, Variable
from bridge.domain.text import plain
from bridge.domain.ticket import Ticket
from bridge.ports.clock import MovableClock, SystemClock
from bridge.ports.commands import Answer
from bridge.ports.queries import (
    AgentRow,
    Choices,
    ConversationRow,
    Conversations,
    Option,
    QueueRow,
    Queues,
)
from tests.adapters.discord.discord_schema import needs_description, slips
from tests.fakes.adapter_memory import MemoryStore

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
NOW = Instant(1_790_000_000_000)
WORDS = st.text(max_size=300)
ARGUMENTS = st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=40), max_size=3)


def wrong_with_message(view: Json) -> list[str]:
    return slips(CALLBACK, {"type": 4, "data": view})


def wrong_with_form(modal: Json) -> list[str]:
    assert len(modal["components"]) <= 5
    return slips(CALLBACK, {"type": 9, "data": modal})


def total(parts: list[Json]) -> int:
    return sum(1 + total(inside(each)) for each in parts)


def letters(parts: list[Json]) -> int:
    return sum(len(each.get("content", "")) + letters(inside(each)) for each in parts)


def inside(part: Json) -> list[Json]:
    more = [part["accessory"]] if "accessory" in part else []
    return [*part.get("components", ()), *more]


def holds(view: Json) -> None:
    """Discord's limits over a whole message, which its description does not tell."""
    assert total(view["components"]) <= 40
    assert letters(view["components"]) <= 4_000
    ids = list(custom_ids(view["components"]))
    assert len(set(ids)) == len(ids)


def custom_ids(parts: list[Json]) -> list[str]:
    own = [str(each["custom_id"]) for each in parts if "custom_id" in each]
    return own + [id_ for each in parts for id_ in custom_ids(inside(each))]


# --- ids --------------------------------------------------------------------------------------


@given(
    command=st.sampled_from(["take", "return-to-bot", "send-anyway"]),
    number=st.none() | st.integers(0, 10**12),
    arguments=ARGUMENTS,
    kind=st.sampled_from([RUN, FORM, PAGE]),
    place=st.integers(0, 30),
)
def test_an_id_says_afterwards_what_it_said_before(
    command: str, number: int | None, arguments: dict[str, str], kind: str, place: int
) -> None:
    pressed = Pressed(command=command, number=number, arguments=arguments, kind=kind)

    written = custom_id(pressed, place)

    assert len(written) <= MAX_ID
    expected = arguments if fits(pressed, place) else {}
    assert read_custom_id(written) == Pressed(
        command=command, number=number, arguments=expected, kind=kind
    )


@given(st.text(max_size=100))
def test_another_s_id_is_no_error(written: str) -> None:
    found = read_custom_id(written)

    assert found is None or found.kind in (RUN, FORM, PAGE)


async def test_long_arguments_outlive_a_restart_and_are_forgotten_in_the_end() -> None:
    store, clock = MemoryStore(), MovableClock(SystemClock())
    pressed = Pressed(command="transfer", number=7, arguments={"note": "x" * 900})
    before = Kept(store, clock)
    written = before.id(pressed)
    await before.save()

    after = Kept(store, clock)
    found = await after.read(written)
    clock.forward(KEPT_FOR + 1)
    await after.tidy()
    forgotten = await Kept(store, clock).read(written)

    assert len(written) <= MAX_ID
    assert found == pressed
    assert forgotten is None


# --- answers ----------------------------------------------------------------------------------


@needs_description
@given(
    text=st.text(max_size=6_000),
    offers=st.lists(st.tuples(st.text(max_size=120), ARGUMENTS), max_size=30),
)
def test_any_answer_can_be_shown(text: str, offers: list[tuple[str, dict[str, str]]]) -> None:
    buttons = tuple(
        OfferedCommand(command="retry", label=label, arguments=arguments)
        for label, arguments in offers
    )

    view = answers.shown(
        Answer(ok=True, code="ok", text=plain(text), offers=buttons), 1042, custom_id
    )

    assert wrong_with_message(view) == []
    holds(view)
    assert view["allowed_mentions"] == {"parse": []}


# --- boards -----------------------------------------------------------------------------------


def row(number: int, name: str, line: str, state: State = State.WAITING) -> ConversationRow:
    thread = ThreadRef("1574185532777299968") if number % 2 else None
    return ConversationRow(
        number=number, public_id=str(number), state=state, customer=name, channel=name,
        priority=Priority.URGENT, queue_title=name, agent_name=name, since=NOW, last_line=line,
        thread=thread,
    )  # fmt: skip


def agent(number: int, name: str) -> AgentRow:
    return AgentRow(
        id=AgentId(number), handle=f"a{number}", name=name, role=Role.AGENT, connected=True,
        available=number % 2 == 0, reason=name, capacity=5,
    )  # fmt: skip


def look(command: str, page: int = 0) -> Look:
    arguments = {"page": str(page)} if page else {}
    pressed = Pressed(kind=PAGE, command=command, arguments=arguments)
    return Look(pressed=pressed, language="pt_BR", now=NOW, guild="1", page=page)


@needs_description
@given(
    name=WORDS,
    line=WORDS,
    count=st.integers(0, 30),
    page=st.integers(0, 9),
    state=st.sampled_from(list(State)),
)
def test_any_list_of_conversations_can_be_shown(
    name: str, line: str, count: int, page: int, state: State
) -> None:
    found = Conversations(rows=tuple(row(n + 1, name, line, state) for n in range(count)))

    view = boards.conversations(found, look("conversations", page), custom_id)

    assert wrong_with_message(view) == []
    holds(view)


@needs_description
@given(name=WORDS, count=st.integers(0, 9), people=st.integers(0, 25), page=st.integers(0, 4))
def test_any_board_of_queues_can_be_shown(name: str, count: int, people: int, page: int) -> None:
    queues = tuple(
        QueueRow(
            name=f"q{n}",
            title=name,
            waiting=(row(n + 1, name, name),),
            oldest_since=NOW,
            connected=tuple(agent(each, name) for each in range(people)),
            disconnected=(),
        )
        for n in range(count)
    )

    view = boards.queues(Queues(rows=queues), look("queues", page), custom_id)

    assert wrong_with_message(view) == []
    holds(view)


def test_the_buttons_of_pages_end_where_the_pages_end() -> None:
    found = Conversations(rows=tuple(row(n + 1, "Ana", "") for n in range(20)))

    first = boards.conversations(found, look("conversations"), custom_id)
    last = boards.conversations(found, look("conversations", 2), custom_id)

    assert [one.get("disabled", False) for one in paging(first)] == [True, False]
    assert [one.get("disabled", False) for one in paging(last)] == [False, True]


def paging(view: Json) -> list[Json]:
    buttons = [
        each
        for part in view["components"][0]["components"]
        for each in part.get("components", ())
        if part["type"] == kit.ROW
    ]
    return buttons[:2]


FORMS = (
    "transfer", "ticket", "note", "return-to-bot", "template", "conversations", "available",
    "queues", "priority",
)  # fmt: skip


# --- forms ------------------------------------------------------------------------------------


def ticket(number: int, about: str) -> Ticket:
    return Ticket(
        id=TicketId(number), number=number, contact=ContactId(1), conversation=None, type=about,
        status=about, description=about, opened_by=AgentId(1), opened_at=NOW, changed_at=NOW,
    )  # fmt: skip


def template(body: str) -> Template:
    picture = Variable(name="v0", takes=Takes.IMAGE)
    return Template(id=TemplateId(1), name="hello", language="en", body=body, special=(picture,))


@needs_description
@pytest.mark.parametrize("command", FORMS)
@given(words_=st.text(max_size=5_000), many=st.integers(0, 30), count=st.integers(0, 12))
def test_any_form_can_be_opened(command: str, words_: str, many: int, count: int) -> None:
    names = [argument.name for argument in spec(command).arguments]
    given_ = dict.fromkeys(names, words_)
    options = tuple(Choice(value=f"v{n}{words_}", label=words_) for n in range(many))
    variables = " ".join(f"{{{{v{n}}}}}" for n in range(count))
    facts = Facts(
        spec=spec(command),
        language="en",
        template=template(f"{words_} {variables} {{{{last}}}}"),
        ticket=ticket(1, words_),
        choices=dict.fromkeys(names, options),
    )

    modal = forms.form(Pressed(command=command, number=7, arguments=given_), facts, custom_id)

    assert wrong_with_form(modal) == []


def test_a_form_of_many_variables_goes_on_where_it_ended() -> None:
    many = template(" ".join(f"{{{{v{n}}}}}" for n in range(12)))

    pages = [forms.page_of_values(many, step) for step in range(4)]

    assert [len(page) for page in pages] == [5, 5, 2, 0]
    assert [name for page in pages for name in page] == list(many.variables())


@needs_description
@given(words_=st.text(max_size=400), count=st.integers(1, 40))
def test_any_question_with_a_menu_can_be_shown(words_: str, count: int) -> None:
    pressed = Pressed(command="template", number=7)
    choices = tuple(Choice(value=str(n), label=words_) for n in range(count))
    tickets = tuple(ticket(n + 1, words_) for n in range(count))
    templates = tuple(
        Template(id=TemplateId(n), name=f"t{n}{words_}"[:60], language="en", body=words_)
        for n in range(count)
    )
    options = tuple(Option(value=each.name, label=each.body) for each in templates)
    offered = Choices(options=options, templates=templates)

    views = [
        asking.which_conversation(pressed, choices, "en", custom_id),
        asking.tickets(pressed, tickets, "en", custom_id),
        asking.templates(pressed, offered, True, "en", custom_id),
    ]

    for view in views:
        assert wrong_with_message(view) == []
        holds(view)
