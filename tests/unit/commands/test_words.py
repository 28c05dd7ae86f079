"""The words of every command on a conversation, and of presence."""

import pytest

from bridge.commands.command import Command, Wanted
from bridge.commands.registry import COMMANDS
from bridge.commands.request import Request
from bridge.domain.conversation import Priority, State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.ids import (
    AgentId,
    MessageId,
)
from bridge.domain.moves import (
    AddNote,
    Outcome,
    RetryLine,
    ReturnToBot,
    SendAnyway,
    SetPresence,
    SetPriority,
    Take,
    TransferToAgent,
    TransferToQueue,
    Watch,
)
from bridge.ports.queries import (
    ConversationFilter,
    ListConversations,
    ShowEvents,
    ShowHome,
)
from tests.unit.commands.desks import (
    ANA,
    BIA,
    DAN,
    LINE,
    NOW,
    SUPPORT,
    WORKSPACE,
    FakeDesk,
    asked,
    identified,
)
from tests.unit.commands.words import code, understood

PRESENCE = [
    ("", ShowHome()),
    ("status", ShowHome()),
    ("on", SetPresence(agent=ANA, available=True)),
    ("ON", SetPresence(agent=ANA, available=True)),
    ("disponível", SetPresence(agent=ANA, available=True)),
    ("off", SetPresence(agent=ANA, available=False)),
    ("off lunch until 2", SetPresence(agent=ANA, available=False, reason="lunch until 2")),
    ("indisponível almoço", SetPresence(agent=ANA, available=False, reason="almoço")),
    ("handover", SetPresence(agent=ANA, available=False, handover=True)),
    ("off @dan holiday", SetPresence(agent=DAN, available=False, reason="holiday")),
    ("@dan on", SetPresence(agent=DAN, available=True)),
    ("<@U2> off", SetPresence(agent=BIA, available=False)),
]


@pytest.mark.parametrize(("text", "wanted"), PRESENCE)
def test_available(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("available", asked(desk, text), desk) == wanted


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("maybe", "bad_presence"),
        ("@dan", "whose_presence"),
        ("@nobody on", "unknown_target"),
        ("@danny on", "unknown_target_near"),
        ("@gus on", "unknown_target"),
        ("off " + "x" * 201, "too_long"),
    ],
)
def test_available_says_what_it_did_not_understand(desk: FakeDesk, text: str, answer: str) -> None:
    assert code(understood("available", asked(desk, text), desk)) == answer


@pytest.mark.parametrize(
    ("text", "thread", "wanted"),
    [
        ("", 11, Take(conversation=identified(11))),
        ("#12", 11, Take(conversation=identified(12))),
        ("#12", None, Take(conversation=identified(12))),
        (
            "",
            None,
            ListConversations(
                filter=ConversationFilter(states=(State.WAITING, State.OFFERED, State.PARKED))
            ),
        ),
    ],
)
def test_take(desk: FakeDesk, text: str, thread: int | None, wanted: Wanted) -> None:
    assert understood("take", asked(desk, text, thread=thread), desk) == wanted


def test_take_by_a_button(desk: FakeDesk) -> None:
    request = asked(desk, arguments={"conversation": "11", "force": "yes"})

    assert understood("take", request, desk) == Take(conversation=identified(11), force=True)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("#99", "unknown_conversation"), ("please", "unexpected_words"), ("12", "unexpected_words")],
)
def test_take_says_what_it_did_not_understand(desk: FakeDesk, text: str, answer: str) -> None:
    assert code(understood("take", asked(desk, text, thread=11), desk)) == answer


HERE = identified(10)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("@bia", TransferToAgent(conversation=HERE, agent=BIA)),
        ("@BIA knows #77", TransferToAgent(conversation=HERE, agent=BIA, note="knows #77")),
        ("bia", TransferToAgent(conversation=HERE, agent=BIA)),
        ("<@U2> hi", TransferToAgent(conversation=HERE, agent=BIA, note="hi")),
        ("<@U2|bia> hi", TransferToAgent(conversation=HERE, agent=BIA, note="hi")),
        ("support", TransferToQueue(conversation=HERE, queue=SUPPORT)),
        (
            "support two\nlines",
            TransferToQueue(conversation=HERE, queue=SUPPORT, note="two\nlines"),
        ),
        (
            "Suporte Técnico urgent",
            TransferToQueue(conversation=HERE, queue=SUPPORT, note="urgent"),
        ),
        (
            '"Suporte Técnico" urgent',
            TransferToQueue(conversation=HERE, queue=SUPPORT, note="urgent"),
        ),
        ("#11 @bia", TransferToAgent(conversation=identified(11), agent=BIA)),
    ],
)
def test_transfer(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("transfer", asked(desk, text, thread=10), desk) == wanted


def test_transfer_by_a_form(desk: FakeDesk) -> None:
    arguments = {"target": "Suporte Técnico", "note": "card", "conversation": "#10"}

    wanted = understood("transfer", asked(desk, arguments=arguments), desk)

    assert wanted == TransferToQueue(conversation=HERE, queue=SUPPORT, note="card")


def test_transfer_by_force(desk: FakeDesk) -> None:
    arguments = {"target": "@bia", "force": "yes"}

    wanted = understood("transfer", asked(desk, arguments=arguments, thread=10), desk)

    assert wanted == TransferToAgent(conversation=HERE, agent=BIA, force=True)


@pytest.mark.parametrize(
    ("text", "thread", "answer"),
    [
        ("", 10, "which_target"),
        ("@bia", None, "not_in_thread"),
        ("#99 @bia", 10, "unknown_conversation"),
        ("@xyzzy", 10, "unknown_target"),
        ("@bya", 10, "unknown_target_near"),
        ("suport", 10, "unknown_target_near"),
        ("xyzzy", 10, "unknown_target"),
    ],
)
def test_transfer_says_what_it_did_not_understand(
    desk: FakeDesk, text: str, thread: int | None, answer: str
) -> None:
    assert code(understood("transfer", asked(desk, text, thread=thread), desk)) == answer


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("low", Priority.LOW),
        ("normal", Priority.NORMAL),
        ("high", Priority.HIGH),
        ("urgent", Priority.URGENT),
        ("baixa", Priority.LOW),
        ("Alta", Priority.HIGH),
        ("URGENTE", Priority.URGENT),
    ],
)
def test_priority(desk: FakeDesk, text: str, priority: Priority) -> None:
    wanted = understood("priority", asked(desk, text, thread=10), desk)

    assert wanted == SetPriority(conversation=HERE, priority=priority)


@pytest.mark.parametrize("text", ["", "hurry", "high please"])
def test_priority_offers_its_levels(desk: FakeDesk, text: str) -> None:
    answer = understood("priority", asked(desk, text, thread=10), desk)

    assert isinstance(answer, Outcome)
    assert answer.code == "bad_level"
    assert [offer.arguments["level"] for offer in answer.offers] == [
        "urgent",
        "high",
        "normal",
        "low",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ReturnToBot(conversation=HERE)),
        ("all done", ReturnToBot(conversation=HERE, summary="all done")),
        ("#15 all done", ReturnToBot(conversation=identified(15), summary="all done")),
    ],
)
def test_return_to_bot(desk: FakeDesk, text: str, wanted: Wanted) -> None:
    assert understood("return-to-bot", asked(desk, text, thread=10), desk) == wanted


def test_return_to_bot_confirmed_by_its_button(desk: FakeDesk) -> None:
    request = asked(desk, arguments={"conversation": "10", "confirmed": "yes"})

    wanted = understood("return-to-bot", request, desk)

    assert wanted == ReturnToBot(conversation=HERE, confirmed=True)


@pytest.mark.parametrize(
    ("command", "text", "wanted"),
    [
        ("events", "", ShowEvents(number=10)),
        ("eventos", "#14", ShowEvents(number=14)),
        ("note", "ask him", AddNote(conversation=HERE, text="ask him")),
        ("note", "#11 ask him", AddNote(conversation=identified(11), text="ask him")),
        ("watch", "", Watch(conversation=HERE, workspace=WORKSPACE)),
        ("watch", "#11 stop", Watch(conversation=identified(11), workspace=WORKSPACE, stop=True)),
    ],
)
def test_events_note_and_watch(desk: FakeDesk, command: str, text: str, wanted: Wanted) -> None:
    assert understood(command, asked(desk, text, thread=10), desk) == wanted


@pytest.mark.parametrize(
    ("command", "text", "answer"),
    [
        ("events", "all", "unexpected_words"),
        ("note", "", "empty_note"),
        ("note", "x" * 4001, "too_long"),
        ("watch", "closely", "unexpected_words"),
        ("return-to-bot", "x" * 1001, "too_long"),
    ],
)
def test_they_say_what_they_did_not_understand(
    desk: FakeDesk, command: str, text: str, answer: str
) -> None:
    assert code(understood(command, asked(desk, text, thread=10), desk)) == answer


@pytest.mark.parametrize(
    "command", ["transfer", "priority", "ticket", "return-to-bot", "events", "note"]
)
def test_outside_a_thread_the_conversation_must_be_named(desk: FakeDesk, command: str) -> None:
    assert code(understood(command, asked(desk, "x"), desk)) == "not_in_thread"


@pytest.mark.parametrize(
    ("command", "move"),
    [("send-anyway", SendAnyway(message=LINE)), ("retry", RetryLine(message=LINE))],
)
def test_the_buttons_of_a_line_act_on_that_line(desk: FakeDesk, command: str, move: Wanted) -> None:
    pressed = asked(desk, arguments={"message": str(LINE)})
    late = asked(desk, arguments={"message": str(MessageId(999))})
    forged = asked(desk, arguments={"message": "501; drop"})

    assert understood(command, pressed, desk) == move
    assert code(understood(command, late, desk)) == "stale"
    assert code(understood(command, forged, desk)) == "stale"


@pytest.mark.parametrize(
    ("command", "text"), [("watch", ""), ("queues", "bind sales #x"), ("queues", "unbind #x")]
)
def test_what_needs_a_workspace_says_so(desk: FakeDesk, command: str, text: str) -> None:
    request = asked(desk, text, thread=10, workspace=None)

    assert code(understood(command, request, desk)) == "not_in_workspace"


def test_outside_a_workspace_a_mention_is_nobody(desk: FakeDesk) -> None:
    request = asked(desk, "<@U2>", thread=10, workspace=None)

    assert code(understood("transfer", request, desk)) == "unknown_target"


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.name != "help"])
def test_the_words_of_a_stranger_come_to_nothing(desk: FakeDesk, command: Command) -> None:
    stranger = Request(actor=Actor(kind=ActorKind.MEMBER, name="Zoe"), now=NOW)

    assert code(understood(command.name, stranger, desk)) == "not_an_agent"


def test_a_mention_of_somebody_unknown_is_nobody(desk: FakeDesk) -> None:
    answer = understood("transfer", asked(desk, "<@U99>", thread=10), desk)

    assert code(answer) == "unknown_target"
    assert AgentId(99) not in desk.by_agent
