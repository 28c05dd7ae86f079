"""A server's commands: everything the desk has, within Discord's limits, in two languages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.workspaces.discord.surfaces import declaring
from bridge.commands.registry import declared
from bridge.ports.commands import ArgumentKind, ArgumentSpec, CommandSpec
from tests.adapters.discord.discord_schema import needs_description, slips

PUT = "PUT /applications/{application_id}/guilds/{guild_id}/commands"
NAME = re.compile(r"[-_'\w]{1,32}")
ALL = declaring.declared(declared())


@needs_description
def test_discord_s_own_description_of_its_api_takes_the_commands() -> None:
    assert slips(PUT, ALL) == []


@needs_description
def test_the_check_against_the_description_finds_what_is_wrong() -> None:
    wrong = [{**ALL[0], "description": "x" * 101, "descripton": "y"}]

    found = slips(PUT, wrong)

    assert any("101 is more than 100" in each for each in found)
    assert any("descripton" in each for each in found)


def test_every_command_that_may_be_typed_is_there_under_its_own_name() -> None:
    names = [each["name"] for each in ALL if each["type"] == declaring.CHAT]

    assert names == [spec.name for spec in declared()]


def test_everything_is_said_in_both_languages() -> None:
    for command in ALL:
        described = [command, *command.get("options", ())]
        if command["type"] == declaring.MESSAGE:
            assert command["name_localizations"]["pt-BR"] != command["name"]
            continue
        for each in described:
            assert each["description"]
            assert each["description_localizations"]["pt-BR"]
        for option in command["options"]:
            for choice in option.get("choices", ()):
                assert choice["name"]
                assert option["name"] == "command" or choice["name_localizations"]["pt-BR"]


def test_names_and_orders_are_those_that_discord_takes() -> None:
    for command in ALL:
        if command["type"] == declaring.MESSAGE:
            continue
        wanted = [option["required"] for option in command["options"]]
        assert wanted == sorted(wanted, reverse=True)
        for name in (command["name"], *(each["name"] for each in command["options"])):
            assert NAME.fullmatch(name)
            assert name == name.lower()


def test_a_command_fits_into_eight_thousand_characters() -> None:
    for command in ALL:
        assert _characters(command) <= 8_000


def _characters(node: object) -> int:
    if isinstance(node, list):
        return sum(map(_characters, node))
    if isinstance(node, dict):
        own = sum(len(str(node.get(name, ""))) for name in ("name", "description", "value"))
        return own + _characters(node.get("options", [])) + _characters(node.get("choices", []))
    return 0


@pytest.mark.parametrize(
    ("command", "option", "name"),
    [
        ("transfer", "target", "autocomplete"),
        ("transfer", "conversation", "autocomplete"),
        ("template", "template", "autocomplete"),
        ("ticket", "ticket", "autocomplete"),
        ("queues", "queue", "autocomplete"),
        ("conversations", "since", "autocomplete"),
        ("priority", "level", "choices"),
        ("help", "command", "choices"),
        ("note", "text", "max_length"),
    ],
)
def test_an_option_is_offered_as_its_kind_asks(command: str, option: str, name: str) -> None:
    declared_ = next(each for each in ALL if each["name"] == command)

    found = next(each for each in declared_["options"] if each["name"] == option)

    assert found.get(name)
    assert not (found.get("autocomplete") and found.get("choices"))


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


@given(choices=st.lists(WORDS, max_size=40, unique=True))
@needs_description
def test_a_desk_s_own_words_never_make_a_command_that_discord_refuses(choices: list[str]) -> None:
    kind = ArgumentSpec(name="type", kind=ArgumentKind.CHOICE, choices=tuple(choices))

    made = declaring.declared([CommandSpec(name="ticket", arguments=(kind,))])

    assert slips(PUT, made) == []


def test_the_digest_follows_the_words_and_the_application() -> None:
    same = declaring.digest(declaring.declared(declared()), "1")

    assert declaring.digest(ALL, "1") == same
    assert declaring.digest(ALL, "2") != same
    assert declaring.digest(ALL[1:], "1") != same


def test_an_entry_of_a_message_s_menu_is_known_by_its_english_name() -> None:
    names = [each["name"] for each in ALL if each["type"] == declaring.MESSAGE]

    assert [declaring.menu_of(name) for name in names] == list(declaring.MENUS)
    assert declaring.menu_of("Another app's") == ""
