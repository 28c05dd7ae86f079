"""The words of lists and of setting up queues."""

import pytest

from bridge.commands.command import Wanted
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import (
    DAY,
    HOUR,
    Instant,
    RoomRef,
)
from bridge.domain.moves import (
    BindRoom,
    ChangeAgent,
    ChangeQueue,
    CreateQueue,
    SetMember,
    UnbindRoom,
)
from bridge.domain.queue import NamePolicy, Strategy, Visibility
from bridge.ports.queries import (
    ConversationFilter,
    ListConversations,
    ShowQueues,
)
from tests.unit.commands.desks import (
    ANA,
    BIA,
    NOW,
    RITA,
    SALES,
    SUPPORT,
    WORKSPACE,
    FakeDesk,
    asked,
)
from tests.unit.commands.words import code, understood


def listed(**fields: object) -> ListConversations:
    return ListConversations(filter=ConversationFilter(**fields))  # type: ignore[arg-type]  # a table of fields


MIDNIGHT = Instant(NOW - 10 * HOUR)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", listed()),
        ("state:waiting", listed(states=(State.WAITING,))),
        ("state:waiting,assigned", listed(states=(State.WAITING, State.ASSIGNED))),
        ("estado:encerrada", listed(states=(State.ENDED,))),
        ("state:active", listed(states=tuple(s for s in State if s is not State.ENDED))),
        ("queue:support", listed(queue="support")),
        ('fila:"Suporte Técnico"', listed(queue="support")),
        ("agent:@bia", listed(agent="bia")),
        ("agente:bia", listed(agent="bia")),
        ("agent:me", listed(mine=True)),
        ("priority:urgent", listed(priority=Priority.URGENT)),
        ("prioridade:alta", listed(priority=Priority.HIGH)),
        ("channel:wa", listed(channel="wa")),
        ("canal:WhatsApp", listed(channel="wa")),
        ('canal:"Chat do site"', listed(channel="web")),
        ("since:2h", listed(since=Instant(NOW - 2 * HOUR))),
        ("desde:3d", listed(since=Instant(NOW - 3 * DAY))),
        ("since:today", listed(since=MIDNIGHT)),
        ("desde:ontem", listed(since=Instant(MIDNIGHT - DAY))),
        ("since:2026-11-02", listed(since=Instant(MIDNIGHT - 3 * DAY))),
        ("waiting", listed(states=(State.WAITING,))),
        ("urgente", listed(priority=Priority.URGENT)),
        ("text:bot", listed(text="bot")),
        ("state:waiting ended", listed(text="ended", states=(State.WAITING,))),
        ("text:carla", listed(text="carla")),
        ("Carla Dias", listed(text="Carla Dias")),
        ("#1042", listed(text="#1042")),
        ('text:"carla d" x', listed(text="carla d x")),
        (
            "carla state:waiting priority:high",
            listed(text="carla", states=(State.WAITING,), priority=Priority.HIGH),
        ),
    ],
)
def test_conversations(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("conversations", asked(desk, text), desk) == wanted


def test_conversations_by_a_form(desk: FakeDesk) -> None:
    arguments = {"state": "waiting", "queue": "sales", "text": "", "agent": ""}

    wanted = understood("conversations", asked(desk, arguments=arguments), desk)

    assert wanted == listed(states=(State.WAITING,), queue="sales")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("stat:waiting", "bad_filter"),
        ("state:lost", "bad_filter_value"),
        ("priority:meh", "bad_filter_value"),
        ("channel:fax", "bad_filter_value"),
        ("since:once", "bad_filter_value"),
        ("since:2026-13-01", "bad_filter_value"),
        ("queue:suport", "unknown_queue_near"),
        ("queue:xyzzy", "unknown_queue"),
        ("agent:@xyzzy", "unknown_target"),
    ],
)
def test_conversations_says_what_it_did_not_understand(
    desk: FakeDesk, text: str, answer: str
) -> None:
    assert code(understood("conversations", asked(desk, text), desk)) == answer


def bound(room: str, title: str = "Sales", queue: object = SALES) -> BindRoom:
    return BindRoom(workspace=WORKSPACE, room=RoomRef(room), title=title, queue=queue)  # type: ignore[arg-type]  # None, too


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ShowQueues()),
        ("support", ShowQueues(queue="support")),
        ("Suporte Técnico", ShowQueues(queue="support")),
        ("create vendas Vendas e mais", CreateQueue(name="vendas", title="Vendas e mais")),
        ("criar Vendas", CreateQueue(name="vendas", title="Vendas")),
        ("add sales @bia", SetMember(queue=SALES, agent=BIA, level=0)),
        ("add @bia sales", SetMember(queue=SALES, agent=BIA, level=0)),
        ("add sales bia 2", SetMember(queue=SALES, agent=BIA, level=2)),
        ('add "Suporte Técnico" @ana', SetMember(queue=SUPPORT, agent=ANA, level=0)),
        ("adicionar Suporte Técnico @ana", SetMember(queue=SUPPORT, agent=ANA, level=0)),
        ("remove sales @ana", SetMember(queue=SALES, agent=ANA, level=None)),
        ("capacity @ana 7", ChangeAgent(agent=ANA, capacity=7)),
        ("capacidade ana 0", ChangeAgent(agent=ANA, capacity=0)),
        ("bind sales", bound("typed-here")),
        ("bind sales #other", bound("other")),
        ("bind sales <#C42|other>", bound("C42")),
        ("vincular Suporte Técnico #x", bound("x", "Suporte Técnico", SUPPORT)),
        ("bind monitor", bound("typed-here", "Monitor", None)),
        ("unbind", UnbindRoom(workspace=WORKSPACE, room=RoomRef("typed-here"))),
        ("unbind #other", UnbindRoom(workspace=WORKSPACE, room=RoomRef("other"))),
        ("set sales title New name", ChangeQueue(queue=SALES, title="New name")),
        ("set sales active off", ChangeQueue(queue=SALES, active=False)),
        ("set sales strategy manual", ChangeQueue(queue=SALES, strategy=Strategy.MANUAL)),
        (
            "set sales strategy Least-Loaded",
            ChangeQueue(queue=SALES, strategy=Strategy.LEAST_LOADED),
        ),
        ("set sales visibility assignee", ChangeQueue(queue=SALES, visibility=Visibility.ASSIGNEE)),
        ("set sales names brand", ChangeQueue(queue=SALES, names=NamePolicy.BRAND)),
        ("set sales first-reply 5m", ChangeQueue(queue=SALES, first_reply_timeout=300_000)),
        ("set sales notify_after 90s", ChangeQueue(queue=SALES, notify_after=90_000)),
        ("set sales inactivity off", ChangeQueue(queue=SALES, inactivity_timeout=0)),
        ("set sales max_waiting 50", ChangeQueue(queue=SALES, max_waiting=50)),
        ("set sales max_waiting off", ChangeQueue(queue=SALES, max_waiting=0)),
    ],
)
def test_queues(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("queues", asked(desk, text, room="typed-here"), desk) == wanted


@pytest.mark.parametrize("word", ["all", "todas"])
def test_all_queues_by_name_are_for_admins(desk: FakeDesk, word: str) -> None:
    assert understood("queues", asked(desk, word, by=RITA), desk) == ShowQueues()
    assert code(understood("queues", asked(desk, word), desk)) == "forbidden"


def test_queues_by_a_form(desk: FakeDesk) -> None:
    arguments = {"action": "add", "details": "sales @bia"}

    wanted = understood("queues", asked(desk, arguments=arguments), desk)

    assert wanted == SetMember(queue=SALES, agent=BIA, level=0)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("suport", "unknown_queue_near"),
        ("xyzzy", "unknown_queue"),
        ("create", "bad_name"),
        ("create add", "bad_name"),
        ("create remover", "bad_name"),
        ("create monitor", "bad_name"),
        ("create a/b", "bad_name"),
        ("create v " + "x" * 81, "too_long"),
        ("add", "queue_and_agent"),
        ("add sales", "queue_and_agent"),
        ("add Suporte Técnico", "queue_and_agent"),
        ("add sales @xyzzy", "unknown_target"),
        ("add sales @bia first", "unexpected_words"),
        ("remove sales @ana 1", "unexpected_words"),
        ("capacity", "bad_capacity"),
        ("capacity @ana", "bad_capacity"),
        ("capacity @ana 101", "bad_capacity"),
        ("capacity @ana many", "bad_capacity"),
        ("bind", "which_queue_to_bind"),
        ("bind sales", "which_room"),
        ("bind sales #a #b", "unexpected_words"),
        ("unbind", "which_room"),
        ("set", "which_rule"),
        ("set sales colour red", "bad_rule"),
        ("set sales strategy", "rule_without_value"),
        ("set sales strategy best", "bad_rule_value"),
        ("set sales first_reply soon", "bad_rule_value"),
        ("set sales active perhaps", "bad_rule_value"),
        ("set sales max_waiting many", "bad_rule_value"),
        ("set sales title " + "x" * 81, "too_long"),
    ],
)
def test_queues_says_what_it_did_not_understand(desk: FakeDesk, text: str, answer: str) -> None:
    assert code(understood("queues", asked(desk, text), desk)) == answer
