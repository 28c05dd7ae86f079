"""What people type in Slack becomes the words that every surface of the desk understands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.common.filters import read_filter
from bridge.adapters.common.spoken import MENU, Typed, number_and_rest
from bridge.adapters.workspaces.slack.surfaces.occasion import of_action, of_view
from bridge.adapters.workspaces.slack.surfaces.sheet import Sheet, filled, write_sheet
from bridge.adapters.workspaces.slack.surfaces.spoken import typed, words
from bridge.domain.conversation import Priority, State
from bridge.domain.ids import Instant
from bridge.ports.queries import ConversationFilter

ME = "U0DESK"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!transfer <@U0BO> now", Typed(command="transfer", text="<@U0BO> now")),
        ("  !Take", Typed(command="take")),
        ("!note a &lt;b&gt; &amp; c", Typed(command="note", text="a <b> & c")),
        ("!note two\nlines", Typed(command="note", text="two\nlines")),
        (f"<@{ME}> transfer sales", Typed(command="transfer", text="sales", called=True)),
        (f"<@{ME}|deskbridge>: !take", Typed(command="take", called=True)),
        (f"<@{ME}> /queues sales", Typed(command="queues", text="sales", called=True)),
        (f"<@{ME}>", Typed(command=MENU, called=True)),
        (f"<@{ME}> Take!", Typed(command="take", called=True)),
    ],
)
def test_a_command_is_known_by_its_mark_or_by_a_mention(text: str, expected: Typed) -> None:
    assert typed(text, ME) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Hello", "wow!take", "! take", "!!", f"ask <@{ME}> take", "<@U0BO> take", "!1", ":!take"],
)
def test_a_plain_line_is_no_command(text: str) -> None:
    assert typed(text, ME) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U0BO|bo> hi", "<@U0BO> hi"),
        ("<#C0SALES|sales>", "<#C0SALES>"),
        ("<tel:+5511912345678|+55 11 91234-5678>", "+55 11 91234-5678"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<https://a.example>", "https://a.example"),
        ("<!here>", "@here"),
        ("<!subteam^S0TEAM|@team>", "@team"),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 &amp; 3"),
    ],
)
def test_slacks_tokens_become_what_commands_understand(text: str, expected: str) -> None:
    assert words(text) == expected


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    typed(text, ME)

    assert "\0" not in words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#12 high", (12, "high")),
        (" #12", (12, "")),
        ("high #12", (None, "high #12")),
        ("#12x", (None, "#12x")),
        ("#12\nlines", (12, "lines")),
        ("", (None, "")),
    ],
)
def test_a_number_at_the_beginning_names_the_conversation(
    text: str, expected: tuple[int | None, str]
) -> None:
    assert number_and_rest(text) == expected


# --- where somebody stands --------------------------------------------------------------------


def test_a_press_on_a_root_without_answers_is_about_its_thread() -> None:
    payload = {
        "user": {"id": "U1"},
        "trigger_id": "t",
        "container": {"channel_id": "C0123", "message_ts": "1.5"},
        "message": {"ts": "1.5"},
    }

    occasion = of_action(payload)

    assert occasion.thread == "C0123:1.5"
    assert not occasion.in_thread
    assert not occasion.replaces


def test_a_press_on_a_private_answer_replaces_it() -> None:
    payload = {
        "user": {"id": "U1"},
        "trigger_id": "t",
        "container": {
            "channel_id": "C0123",
            "message_ts": "2.5",
            "thread_ts": "1.5",
            "is_ephemeral": True,
        },
    }

    occasion = of_action(payload)

    assert occasion.thread == "C0123:1.5"
    assert occasion.replaces


def test_a_modal_remembers_where_it_was_opened() -> None:
    sheet = Sheet(command="note", number=7, channel="C0123", root="1.5", in_thread=True)
    view = {"id": "V1", "type": "modal", "private_metadata": write_sheet(sheet)}

    occasion = of_view({"user": {"id": "U1"}, "trigger_id": "t", "view": view})

    assert occasion.sheet == sheet
    assert occasion.thread == "C0123:1.5"
    assert occasion.view == "V1"


def test_the_home_is_no_modal_that_an_answer_could_stand_in() -> None:
    view = {"id": "V1", "type": "home", "private_metadata": ""}

    assert of_view({"user": {"id": "U1"}, "view": view}).view == ""


def test_fields_are_read_by_their_block_and_empty_ones_are_empty() -> None:
    values = {
        "note": {"fill:line": {"type": "plain_text_input", "value": " hi "}},
        "target": {"pick:target": {"selected_option": {"value": "@bo"}}},
        "level": {"fill:radio": {"type": "radio_buttons", "selected_option": None}},
        "text": {"fill:line": {"type": "plain_text_input", "value": None}},
    }

    found = filled({"state": {"values": values}})

    assert found == {"note": "hi", "target": "@bo", "level": "", "text": ""}


# --- filters ----------------------------------------------------------------------------------


def test_filters_narrow_the_list() -> None:
    given_ = {
        "state": "active",
        "queue": "sales",
        "agent": "@bo",
        "priority": "high",
        "since": "1d",
    }

    wanted = read_filter(given_, Instant(86_400_000 * 3))

    assert wanted is not None
    assert State.ENDED not in wanted.states
    assert (wanted.queue, wanted.agent, wanted.priority) == ("sales", "bo", Priority.HIGH)
    assert wanted.since == 86_400_000 * 2


def test_what_nobody_chose_narrows_nothing() -> None:
    assert read_filter({}, Instant(0)) == ConversationFilter(limit=45)


def test_a_channel_is_for_the_command_to_understand() -> None:
    assert read_filter({"channel": "web chat"}, Instant(0)) is None
