"""The code grants what the table grants, and nothing else."""

from string import Formatter
from typing import get_args

import pytest

from bridge.commands.authorize import (
    ARRIVALS,
    ENTRIES,
    GRANTS,
    Action,
    EntryPoint,
    Object,
    admits,
    authorize,
)
from bridge.commands.permission import ACTIONS, check, conversation_facts, may_see, required
from bridge.commands.registry import COMMANDS
from bridge.domain import moves
from bridge.domain.agent import Role
from bridge.domain.events import ActorKind
from bridge.domain.ids import ContactId, MessageId
from bridge.domain.moves import Move
from bridge.domain.queue import Visibility
from bridge.locales import LANGUAGES, catalogue
from bridge.ports import queries
from bridge.ports.queries import Query
from tests.unit.commands.desks import (
    ANA,
    BIA,
    DAN,
    LINE,
    RITA,
    SUPPORT,
    FakeDesk,
    actor,
    identified,
)
from tests.unit.commands.matrix import ACTORS, SITUATIONS, TABLE, read_table

EXPECTED = read_table(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("action", Action)
def test_the_code_grants_exactly_what_the_table_grants(action: Action) -> None:
    differing = [
        f"{who}, {situation}, by {entry}: the code says {allowed}"
        for who, actor_ in ACTORS.items()
        for situation, object in SITUATIONS.items()
        for entry in EntryPoint
        if (allowed := authorize(actor_, action, object, via=entry).allowed)
        != EXPECTED.allows(who, action, situation, entry)
    ]

    assert differing == []


def test_the_table_knows_every_action() -> None:
    assert set(EXPECTED.granted) == set(Action) == set(GRANTS) == set(ENTRIES)


def test_the_table_knows_every_entry_point_and_who_comes_that_way() -> None:
    assert EXPECTED.arrivals == {
        entry.value: frozenset(kind.value for kind in kinds) for entry, kinds in ARRIVALS.items()
    }
    assert set(EXPECTED.arrivals) == set(EntryPoint)


def test_the_table_knows_every_kind_of_actor() -> None:
    named = {who.partition(":")[0] for kinds in EXPECTED.arrivals.values() for who in kinds}

    assert named | EXPECTED.never == {kind.value for kind in ActorKind} | {
        "unlinked_agent",
        "unlinked_admin",
    }


def test_the_table_knows_every_command_and_what_it_may_ask_for() -> None:
    assert EXPECTED.commands == {
        command.name: frozenset(action.value for action in command.actions) for command in COMMANDS
    }


def test_every_situation_of_the_table_is_granted_to_somebody() -> None:
    """A row that grants nothing to anybody would be a typing error."""
    assert all(cells and all(cells.values()) for cells in EXPECTED.granted.values())


@pytest.mark.parametrize("who", sorted(EXPECTED.never))
def test_who_comes_nowhere_may_do_nothing(who: str) -> None:
    assert not any(
        authorize(ACTORS[who], action, object, via=entry).allowed
        for action in Action
        for object in SITUATIONS.values()
        for entry in EntryPoint
    )


def test_what_nobody_has_heard_of_is_refused() -> None:
    admin = ACTORS["admin"]

    unheard: Action = "fly"  # type: ignore[assignment]  # an action without rules
    nowhere: EntryPoint = "window"  # type: ignore[assignment]  # an entry point without rules

    assert not authorize(admin, unheard, Object(), via=EntryPoint.COMMAND).allowed
    assert not authorize(admin, Action.GET_HELP, Object(), via=nowhere).allowed


def test_who_is_not_admitted_is_never_allowed() -> None:
    assert not any(
        authorize(actor_, action, object, via=entry).allowed
        for actor_ in ACTORS.values()
        for action in Action
        for entry in EntryPoint
        if not admits(actor_, action, via=entry)
        for object in SITUATIONS.values()
    )


# --- refusals say why -------------------------------------------------------------------------


def _refusals() -> set[tuple[str, bool]]:
    """Every code there is, and whether it can come without a conversation."""
    return {
        (decision.code, object.state is None)
        for actor_ in ACTORS.values()
        for action in Action
        for object in SITUATIONS.values()
        for entry in EntryPoint
        if not (decision := authorize(actor_, action, object, via=entry)).allowed
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence_that_its_facts_can_fill(language: str) -> None:
    texts = catalogue(language)

    lacking = {
        (code, name)
        for code, without in _refusals()
        for _, name, _, _ in Formatter().parse(texts[f"answer.{code}"])
        if name and (without or name not in ("number", "agent", "queue"))
    }

    assert lacking == set()


# --- which right a wish needs -------------------------------------------------------------------


def test_every_move_and_every_view_needs_a_right() -> None:
    members = {
        member
        for union in (*get_args(Move), *get_args(Query))
        for member in (get_args(union) or (union,))
    }

    assert set(ACTIONS) == members


@pytest.mark.parametrize(
    ("wish", "action"),
    [
        (moves.Take(conversation=identified(11)), Action.TAKE),
        (moves.Take(conversation=identified(11), force=True), Action.TAKE_BY_FORCE),
        (moves.TransferToAgent(conversation=identified(10), agent=BIA), Action.TRANSFER),
        (
            moves.TransferToAgent(conversation=identified(10), agent=BIA, force=True),
            Action.TRANSFER_BY_FORCE,
        ),
        (moves.ChangeAgent(agent=ANA, language="pt_BR"), Action.SET_LANGUAGE),
        (moves.ChangeAgent(agent=ANA, language="en", capacity=9), Action.CHANGE_AGENT),
        (moves.ChangeAgent(agent=ANA, role=Role.ADMIN), Action.CHANGE_AGENT),
        (queries.ShowQueues(), Action.SHOW_QUEUES),
    ],
)
def test_the_unusual_rights(desk: FakeDesk, wish: Move | Query, action: Action) -> None:
    assert required(actor(ANA), wish, desk)[0] is action


def test_the_facts_are_the_conversations_own(desk: FakeDesk) -> None:
    desk.change_queue(SUPPORT, visibility=Visibility.ASSIGNEE)
    held = desk.conversation_by_number(15)
    assert held is not None

    facts = conversation_facts(actor(BIA), held, desk)

    assert (facts.holder, facts.queue, facts.member) == (BIA, SUPPORT, True)
    assert facts.visibility is Visibility.ASSIGNEE
    assert not conversation_facts(actor(ANA), held, desk).member


def test_a_line_is_about_its_conversation_and_its_writer(desk: FakeDesk) -> None:
    move = moves.SendAnyway(message=LINE)

    assert check(actor(ANA), move, desk, via=EntryPoint.BUTTON) is None

    refusal = check(actor(BIA), move, desk, via=EntryPoint.BUTTON)
    assert refusal is not None
    assert refusal.code == "not_holder"


@pytest.mark.parametrize(
    "wish",
    [
        moves.Take(conversation=identified(99)),
        moves.AddNote(conversation=identified(99), text="x"),
        moves.OpenTicket(
            contact=ContactId(1), conversation=None, type="x", status="x", description="x"
        ),
        moves.SendAnyway(message=MessageId(999)),
        queries.ShowConversation(number=99),
    ],
)
def test_what_does_not_exist_is_granted_to_nobody(desk: FakeDesk, wish: Move | Query) -> None:
    assert check(actor(RITA), wish, desk, via=EntryPoint.COMMAND) is not None


def test_who_sees_a_conversation(desk: FakeDesk) -> None:
    held = desk.conversation_by_number(10)
    assert held is not None

    seen = {
        agent
        for agent in (ANA, BIA, DAN, RITA)
        if may_see(actor(agent), held, desk, via=EntryPoint.PAGE)
    }

    assert seen == {ANA, DAN, RITA}
