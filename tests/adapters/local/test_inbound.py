"""What was typed: a command, a call for somebody, or a plain line."""

import pytest

from bridge.adapters.workspaces.local.inbound import called, typed_command, wants_form
from bridge.commands import registry

COMMANDS = {spec.name: spec for spec in registry.declared()}


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/take", "take", ""),
        ("!take", "take", ""),
        ("  /Take  ", "take", ""),
        ("/transfer @bia please", "transfer", "@bia please"),
        ("/note two\nlines", "note", "two\nlines"),
        ("/return-to-bot done", "return-to-bot", "done"),
    ],
)
def test_a_command_of_ours_is_understood(text: str, command: str, rest: str) -> None:
    typed = typed_command(text, COMMANDS)

    assert typed is not None
    assert (typed.command, typed.text) == (command, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "//note",
        "/unknown",
        "/take/it",
        "take",
        "/ take",
        "a /take",
        "/etc/passwd",
        "!!",
    ],
)
def test_anything_else_is_left_to_the_desk_as_a_line(text: str) -> None:
    assert typed_command(text, COMMANDS) is None


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@ana can you?", {"ana"}),
        ("ask @Ana-Maria.", {"ana-maria"}),
        ("mail ana@example.com", set()),
        ("https://x.example/@ana", set()),
        ("(@bia, @caio)", {"bia", "caio"}),
    ],
)
def test_who_a_text_calls(text: str, handles: set[str]) -> None:
    assert called(text) == handles


@pytest.mark.parametrize(
    ("command", "typed", "form"),
    [
        ("transfer", "", True),
        ("transfer", "#7", True),
        ("transfer", "@bia", False),
        ("priority", "", True),
        ("take", "", False),
        ("return-to-bot", "", False),
        ("events", "", False),
    ],
)
def test_a_form_opens_where_words_are_missing(command: str, typed: str, form: bool) -> None:
    assert wants_form(COMMANDS[command], typed) is form
