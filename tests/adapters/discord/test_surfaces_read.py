"""What was pressed, typed and filled in is read, and what comes next follows from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.common.spoken import MENU, Typed
from bridge.adapters.workspaces.discord.client import Json
from bridge.adapters.workspaces.discord.custom_ids import FORM, PAGE, Pressed
from bridge.adapters.workspaces.discord.surfaces.occasion import Did, occasion_of, words
from bridge.adapters.workspaces.discord.surfaces.typing import typed
from bridge.adapters.workspaces.discord.surfaces.wanted import Wanted, read_options, wanted
from bridge.commands.registry import spec

# --- what is wanted ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "is_typed", "expected"),
    [
        (Pressed(command="take", number=1), False, Wanted.RUN),
        (Pressed(command="take"), False, Wanted.CONVERSATION),
        (Pressed(command="take", arguments={"conversation": "soon"}), True, Wanted.RUN),
        (Pressed(command="transfer", number=1), False, Wanted.FORM),
        (Pressed(command="transfer", number=1, arguments={"target": "@bo"}), False, Wanted.RUN),
        (Pressed(command="priority", number=1), False, Wanted.LEVEL),
        (Pressed(command="return-to-bot", number=1), False, Wanted.FORM),
        (Pressed(command="return-to-bot", number=1), True, Wanted.RUN),
        (Pressed(command="ticket", number=1), False, Wanted.TICKET),
        (Pressed(command="ticket", number=1, arguments={"ticket": "3"}), False, Wanted.FORM),
        (Pressed(command="ticket", number=1, arguments={"action": "close"}), True, Wanted.RUN),
        (Pressed(command="template", number=1), False, Wanted.TEMPLATE),
        (Pressed(command="template", arguments={"address": "+55"}), True, Wanted.TEMPLATE),
        (Pressed(command="template"), True, Wanted.CONVERSATION),
        (Pressed(command="events"), True, Wanted.CONVERSATION),
        (Pressed(command="events", number=1), True, Wanted.BOARD),
        (Pressed(command="queues"), True, Wanted.BOARD),
        (Pressed(command="queues", arguments={"action": "create"}), True, Wanted.RUN),
        (Pressed(command="conversations", kind=FORM), False, Wanted.FORM),
        (Pressed(command="conversations", kind=PAGE), False, Wanted.BOARD),
        (Pressed(command="help"), True, Wanted.RUN),
        (Pressed(command="available", arguments={"state": "on"}), True, Wanted.RUN),
    ],
)
def test_what_comes_next_follows_from_what_is_said(
    pressed: Pressed, is_typed: bool, expected: Wanted
) -> None:
    assert wanted(pressed, spec(pressed.command), typed=is_typed) is expected


@pytest.mark.parametrize(
    ("command", "options", "expected"),
    [
        ("queues", {"queue": "sales", "action": "bind"}, {"action": "bind", "details": "sales"}),
        (
            "queues",
            {"queue": "sales", "action": "add", "details": "@ana 1"},
            {"action": "add", "details": "sales @ana 1"},
        ),
        ("ticket", {"action": "list"}, {}),
        ("ticket", {"ticket": "T3", "status": "closed"},
         {"ticket": "T3", "status": "closed", "action": "edit"}),
        ("take", {"conversation": "#7"}, {}),
        ("take", {"conversation": "soon"}, {"conversation": "soon"}),
    ],
)  # fmt: skip
def test_options_become_the_command_s_own_words(
    command: str, options: dict[str, str], expected: dict[str, str]
) -> None:
    assert read_options(command, options) == expected


# --- what is read -----------------------------------------------------------------------------


def test_a_command_in_a_thread_knows_its_thread_and_its_room() -> None:
    occasion = occasion_of(
        {
            "type": 2,
            "id": "1574185532777299968",
            "token": "t",
            "application_id": "9",
            "guild_id": "1",
            "channel_id": "5",
            "channel": {"id": "5", "type": 11, "parent_id": "4"},
            "data": {"name": "transfer", "options": [{"name": "target", "value": "<@!7>"}]},
        }
    )

    assert occasion is not None
    assert (occasion.did, occasion.thread, occasion.room) == (Did.COMMAND, "5", "4")
    assert occasion.options == {"target": "<@7>"}


def test_a_form_says_what_stands_in_its_fields() -> None:
    fields = [
        {"type": 18, "component": {"type": 4, "custom_id": "note", "value": " hi "}},
        {"type": 18, "component": {"type": 3, "custom_id": "level", "values": ["high"]}},
        {"type": 18, "component": {"type": 3, "custom_id": "type", "values": []}},
        {"type": 10},
    ]

    occasion = occasion_of({"type": 5, "data": {"custom_id": "dbf:x::", "components": fields}})

    assert occasion is not None
    assert occasion.options == {"note": "hi", "level": "high", "type": ""}


def test_what_is_pressed_in_a_direct_message_is_private() -> None:
    press = {"type": 3, "message": {"flags": 0}, "data": {"custom_id": "db:take:1:"}}

    in_direct = occasion_of(press)
    in_thread = occasion_of({**press, "guild_id": "1"})

    assert [each and each.private for each in (in_direct, in_thread)] == [True, False]


@given(st.dictionaries(st.text(max_size=10), st.integers() | st.text() | st.none()))
def test_an_interaction_of_another_kind_is_no_error(payload: Json) -> None:
    assert occasion_of({**payload, "type": 99}) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!transfer <@!5> now", Typed(command="transfer", text="<@5> now")),
        ("  !Take", Typed(command="take")),
        ("!note two\nlines", Typed(command="note", text="two\nlines")),
        ("!note hello <:wave:12>", Typed(command="note", text="hello :wave:")),
        ("<@1> transfer sales", Typed(command="transfer", text="sales", called=True)),
        ("<@!1>: !take", Typed(command="take", called=True)),
        ("<@&3> queues", Typed(command="queues", called=True)),
        ("<@1>", Typed(command=MENU, called=True)),
        ("<@2> transfer sales", None),
        ("<@&4> queues", None),
        ("nice work!", None),
        ("hello <@1>", None),
    ],
)
def test_a_command_is_known_by_its_mark_or_by_a_mention(text: str, expected: Typed | None) -> None:
    assert typed(text, "1", frozenset({"3"})) == expected


def test_people_are_written_one_way() -> None:
    assert words(" <@!1> <@2> <#3> <a:party:4> ") == "<@1> <@2> <#3> :party:"
