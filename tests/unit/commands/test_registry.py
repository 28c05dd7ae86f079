"""Every command can be found, explained and asked about."""

import re

import pytest

from bridge.commands.answers import word
from bridge.commands.registry import COMMANDS, declared, find, nearest, spec
from bridge.commands.understand import understand
from bridge.domain.moves import Outcome
from bridge.domain.text import to_plain
from bridge.locales import LANGUAGES, catalogue
from tests.unit.commands.desks import ANA, RITA, FakeDesk, Options, asked


def said(outcome: Outcome, language: str) -> str:
    return to_plain(word(outcome, language).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_argument_is_explained(language: str) -> None:
    texts = catalogue(language)
    keys = [f"command.{each.name}.{part}" for each in COMMANDS for part in ("title", "help")]
    keys += [f"command.{each.name}.{part}" for each in COMMANDS if each.typed for part in _USE]
    keys += [
        f"command.{each.name}.{argument.name}"
        for each in COMMANDS
        for argument in each.spec.arguments
    ]

    assert [key for key in keys if not texts.get(key)] == []


_USE = ("usage", "example")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_the_help_is_understood(desk: FakeDesk, language: str) -> None:
    """An example that its own command refuses would be a bad joke."""
    badly_said = {"unexpected_words", "bad_level", "bad_presence", "bad_ticket_verb", "bad_filter"}
    for command in COMMANDS:
        if command.typed:
            example = catalogue(language)[f"command.{command.name}.example"]
            name, _, text = example.removeprefix("/").partition(" ")

            wanted = understand(name, asked(desk, text, by=RITA, thread=10), desk)

            assert find(name) is command
            assert not (isinstance(wanted, Outcome) and wanted.code in badly_said), example


def test_a_command_is_found_by_its_name_and_its_aliases() -> None:
    for command in COMMANDS:
        for spoken in (command.name, command.name.upper(), f"/{command.name}", *command.aliases):
            assert find(spoken) is command
    assert find("fly") is None


def test_no_word_means_two_commands() -> None:
    spoken = [word_ for command in COMMANDS for word_ in (command.name, *command.aliases)]

    assert len(spoken) == len(set(spoken))


def test_platforms_are_told_of_what_may_be_typed_and_no_more() -> None:
    names = [each.name for each in declared()]

    assert names == [command.name for command in COMMANDS if command.typed]
    assert "retry" not in names
    assert all(re.fullmatch(r"[a-z][a-z-]{0,31}", name) for name in names)
    assert spec("take").arguments[0].name == "conversation"


def test_a_desk_offers_its_own_types_and_statuses() -> None:
    specs = {each.name: each for each in declared(Options())}

    choices = {each.name: each.choices for each in specs["ticket"].arguments}

    assert choices["type"] == ("question", "problem")
    assert choices["status"] == ("open", "in progress", "closed")
    assert specs["take"] == spec("take")


@pytest.mark.parametrize(
    ("word_", "name"),
    [("tkae", "take"), ("quues", "queues"), ("devolvr", "return-to-bot"), ("qqq", "help")],
)
def test_the_nearest_command_is_named(word_: str, name: str) -> None:
    assert nearest(word_) == name


def test_help_lists_what_one_may_use(desk: FakeDesk) -> None:
    for_agent = understand("help", asked(desk, by=ANA, language="pt_BR"), desk)
    for_admin = understand("help", asked(desk, by=RITA), desk)

    assert isinstance(for_agent, Outcome)
    assert isinstance(for_admin, Outcome)
    assert "/take [#n]: assume o controle" in said(for_agent, "pt_BR")
    assert "/watch" not in said(for_agent, "pt_BR")
    assert "/watch" in said(for_admin, "en")
    assert "retry" not in said(for_admin, "en")


def test_help_explains_one_command(desk: FakeDesk) -> None:
    outcome = understand("help", asked(desk, "/prioridade"), desk)

    assert isinstance(outcome, Outcome)
    assert said(outcome, "en").splitlines() == [
        "/priority [#n] low|normal|high|urgent",
        "say how urgent a conversation is",
        "For example: /priority high",
    ]


def test_help_for_what_does_not_exist_names_the_nearest(desk: FakeDesk) -> None:
    outcome = understand("help", asked(desk, "tkae"), desk)

    assert isinstance(outcome, Outcome)
    assert (outcome.code, outcome.data["nearest"]) == ("unknown_command", "take")
