"""Every error of every command, with the sentence that says it in both languages."""

from collections.abc import Callable
from dataclasses import replace as replace_options
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bridge.commands.answers import word
from bridge.commands.understand import understand
from bridge.domain.contact import Refuses
from bridge.domain.conversation import State
from bridge.domain.events import Actor, ActorKind
from bridge.domain.hours import read_hours
from bridge.domain.ids import AgentId
from bridge.domain.moves import Outcome
from bridge.domain.text import to_plain
from tests.unit.commands.desks import ANA, DAN, EVA, HOURS, SUPPORT, WEB, WHATSAPP, FakeDesk, asked

STRANGER = Actor(kind=ActorKind.MEMBER, name="Zed")
SATURDAYS = read_hours("sat 8-12, America/Sao_Paulo")
NONSENSE = {"action": "new", "type": "nonsense", "description": "x"}


def agent(who: AgentId, **changes: object) -> Callable[[FakeDesk], None]:
    """With this agent being so."""
    return lambda desk: desk.change_agent(who, **changes)


def conversation(number: int, **changes: object) -> Callable[[FakeDesk], None]:
    """With this conversation being so."""
    return lambda desk: desk.change(number, **changes)


def queue(**changes: object) -> Callable[[FakeDesk], None]:
    """With the support queue being so."""
    return lambda desk: desk.change_queue(SUPPORT, **changes)


def refusing(number: int, what: Refuses) -> Callable[[FakeDesk], None]:
    """With the customer of this conversation having said what he does not want."""

    def change(desk: FakeDesk) -> None:
        found = desk.conversation_by_number(number)
        assert found is not None
        desk.identities[found.identity] = replace(desk.identities[found.identity], refuses=what)
        desk.by_template[HOURS] = replace(desk.by_template[HOURS], category="marketing")

    return change


def no_channel_writes_first(desk: FakeDesk) -> None:
    """With channels on which only the customer can begin."""
    for channel in (WEB, WHATSAPP):
        del desk.places.channels[channel]


def just_begun(desk: FakeDesk) -> None:
    """With one conversation begun by Ana a moment ago, and that is all she may in a minute."""
    desk.change(10, started_by=ANA)
    desk.options = replace_options(desk.options, starts_per_minute=1)


OFFERED = conversation(11, state=State.OFFERED, agent=DAN)

ERRORS: list[tuple[str, str, dict[str, Any], Callable[[FakeDesk], None] | None]] = [
    # Any: whatever `asked` takes
    ("available on", "not_an_agent", {"by": STRANGER}, None),
    ("available on", "no_queue", {"by": EVA}, agent(EVA, available=False)),
    ("available on", "already_available", {}, None),
    ("available off", "already_unavailable", {"by": DAN}, None),
    ("transfer @bia", "not_in_thread", {}, None),
    ("transfer @bia", "not_holder", {"by": DAN, "thread": 10}, None),
    ("transfer @bia", "ended", {"thread": 14}, None),
    ("transfer @xyzzy", "unknown_target", {"thread": 10}, None),
    ("transfer @dan", "target_unavailable", {"thread": 10}, None),
    ("transfer @bia", "target_full", {"thread": 10}, None),
    ("transfer @ana", "same_target", {"thread": 10}, None),
    ("transfer night", "queue_closed", {"thread": 10}, None),
    ("transfer support", "queue_outside_hours", {"thread": 10}, queue(hours=SATURDAYS)),
    ("transfer support", "queue_full", {"thread": 10}, queue(max_waiting=1)),
    ("transfer @eva", "too_many_transfers", {"thread": 10}, conversation(10, transfers=10)),
    ("priority high", "not_in_thread", {}, None),
    ("priority high", "ended", {"thread": 14}, None),
    ("priority soon", "bad_level", {"thread": 10}, None),
    ("priority high", "not_member", {"by": EVA, "thread": 10}, None),
    ("ticket new problem x", "not_in_thread", {}, None),
    ("ticket", "bad_type", {"thread": 10, "arguments": NONSENSE}, None),
    ("ticket new problem " + "x" * 5000, "too_long", {"thread": 10}, None),
    ("ticket new problem x", "forbidden", {"by": EVA, "thread": 10}, None),
    ("template nonsense", "unknown_template", {"thread": 10}, None),
    ("template welcome", "missing_params", {"thread": 10}, None),
    ("template +12 welcome", "bad_number", {}, None),
    ("template 2a_hours", "opted_out", {"thread": 10}, refusing(10, Refuses.EVERYTHING)),
    ("template +visitor13 2a_hours", "opted_out", {}, refusing(13, Refuses.EVERYTHING)),
    ("template 2a_hours", "opted_out_marketing", {"thread": 10}, refusing(10, Refuses.MARKETING)),
    ("template +visitor13 2a_hours", "opted_out_marketing", {}, refusing(13, Refuses.MARKETING)),
    ("template +visitor 2a_hours", "channel_unsupported", {}, no_channel_writes_first),
    ("template +visitor11 2a_hours", "already_open", {}, None),
    ("template +visitor10 2a_hours", "already_open_yours", {}, None),
    ("template +visitor15 2a_hours", "already_open_held", {}, None),
    ("template +visitor 2a_hours", "rate_limited", {}, just_begun),
    ("return-to-bot", "not_in_thread", {}, None),
    ("return-to-bot", "not_holder", {"by": DAN, "thread": 10}, None),
    ("return-to-bot", "nobody_holds", {"thread": 11}, None),
    ("return-to-bot", "already_ended", {"thread": 14}, None),
    ("events", "not_in_thread", {}, None),
    ("events", "forbidden", {"by": EVA, "thread": 10}, None),
    ("queues xyzzy", "unknown_queue", {}, None),
    ("queues support", "not_member", {}, None),
    ("queues all", "forbidden", {}, None),
    ("take", "already_taken", {"by": DAN, "thread": 10}, None),
    ("take", "unavailable_agent", {"by": DAN, "thread": 11}, None),
    ("take", "not_member", {"thread": 12}, None),
    ("take", "at_capacity", {"thread": 11}, agent(ANA, capacity=1)),
    ("take", "ended", {"thread": 14}, None),
    ("take", "already_offered", {"thread": 11}, OFFERED),
    ("decline", "already_offered", {"thread": 11}, OFFERED),
    ("decline", "stale", {"thread": 11}, None),
]

TABLE = Path(__file__).with_name("every_error.txt")


def sentences() -> dict[str, tuple[str, str]]:
    """The table written by hand: a code, then what it says in either language."""
    blocks = TABLE.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    return {code: (en, pt) for code, en, pt in (map(str.strip, b.splitlines()) for b in blocks)}


@pytest.mark.parametrize(
    ("line", "code", "where", "change"), ERRORS, ids=[f"{row[0][:24]}: {row[1]}" for row in ERRORS]
)
@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_an_error_is_a_sentence_that_says_what_to_do(
    desk: FakeDesk,
    line: str,
    code: str,
    where: dict[str, Any],  # Any: whatever `asked` takes
    change: Callable[[FakeDesk], None] | None,
    language: str,
) -> None:
    if change is not None:
        change(desk)
    command, _, text = line.partition(" ")
    who = where.get("by", ANA)
    others = {name: value for name, value in where.items() if name != "by"}
    stranger = isinstance(who, Actor)
    request = asked(desk, text, by=ANA if stranger else who, language=language, **others)

    said = understand(command, replace(request, actor=who) if stranger else request, desk)

    assert isinstance(said, Outcome)
    assert said.code == code
    assert to_plain(word(said, language).text) == sentences()[code][language == "pt_BR"]


def test_every_sentence_is_one_of_an_error() -> None:
    assert {code for _, code, _, _ in ERRORS} == set(sentences())
