"""A payload of Slack's becomes what happened, or nothing."""

from typing import Any

import pytest
from msgspec.structs import replace

from bridge.adapters.workspaces.slack.client import Me
from bridge.adapters.workspaces.slack.receiving import inbound
from bridge.adapters.workspaces.slack.receiving.inbound import Did, Line, OwnPost
from bridge.adapters.workspaces.slack.receiving.payloads import Message, message_of, reaction_of
from bridge.adapters.workspaces.slack.text.markup import to_text
from bridge.domain.content import Content
from bridge.domain.ids import ThreadRef, WorkspaceId, WorkspaceUserId
from bridge.domain.text import to_plain
from bridge.ports.commands import WorkspaceUser

ME = Me(team="T1", team_name="Acme", url="https://acme.slack.com/", user="UBOT", bot="B1", app="A1")
ANA = WorkspaceUser(id=WorkspaceUserId("U1"), name="Ana")
THREAD = ThreadRef("C1:100.000000")
WORKSPACE = WorkspaceId("slack")

REPLY: dict[str, Any] = {
    "type": "message",
    "channel": "C1",
    "user": "U1",
    "text": "hello",
    "ts": "101.000000",
    "thread_ts": "100.000000",
    "client_msg_id": "abc",
    "event_ts": "101.000000",
}


def message(**changes: object) -> Message:
    read = message_of({**REPLY, **changes})
    assert read is not None
    return read


def line(**changes: object) -> Line:
    said = inbound.read(message(**changes), ME)
    assert isinstance(said, Line)
    return said


def changed(now: dict[str, Any], before: dict[str, Any] | None, **more: object) -> Message:
    """A `message_changed` event."""
    inner = {"message": {**REPLY, **now}}
    if before is not None:
        inner["previous_message"] = {**REPLY, **before}
    return message(subtype="message_changed", user=None, ts="200.000000", **inner, **more)


# --- lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast", "me_message"])
def test_what_a_person_writes_is_a_line(subtype: str | None) -> None:
    said = line(subtype=subtype)

    assert (said.did, said.user, said.ts, said.thread) == (Did.POST, "U1", "101.000000", THREAD)


@pytest.mark.parametrize(
    "changes",
    [
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "ekm_access_denied"},
        {"subtype": "bot_message", "user": None, "bot_id": "B9"},
        {"bot_id": "B9"},
        {"bot_id": "B9", "app_id": "A9"},
        {"user": None},
        {"ts": ""},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "message_replied"},
        {"subtype": "a subtype of 2030"},
    ],
)
def test_notices_and_other_bots_are_nothing(changes: dict[str, object]) -> None:
    assert inbound.read(message(**changes), ME) is None


@pytest.mark.parametrize("thread_ts", [None, "", "101.000000"])
def test_what_answers_nothing_is_in_no_thread(thread_ts: str | None) -> None:
    assert line(thread_ts=thread_ts).thread is None


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "message", "ts": ["1"]},
        {"type": "message", "files": "no"},
        {"type": "message", "message": 1},
    ],
)
def test_what_nobody_can_read_is_no_message(payload: dict[str, object]) -> None:
    assert message_of(payload) is None


# --- our own ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"user": "UBOT"},
        {"bot_id": "B1"},
        {"app_id": "A1"},
        {"subtype": "bot_message", "user": None, "bot_id": "B1", "username": "Alice (WhatsApp)"},
    ],
)
def test_our_own_post_is_an_echo_with_its_key(changes: dict[str, object]) -> None:
    metadata = {"event_type": "deskbridge_line", "event_payload": {"key": "line-7"}}

    echo = inbound.read(message(**changes, metadata=metadata), ME)

    assert echo == OwnPost(channel="C1", ts="101.000000", root="100.000000", key="line-7")


def test_changes_of_our_customised_posts_are_nothing() -> None:
    ours = {"user": None, "bot_id": "B1", "subtype": "bot_message", "edited": {"ts": "2.0"}}
    deletion = message(
        subtype="message_deleted", user=None, previous_message={**REPLY, **ours}, deleted_ts="1.0"
    )

    assert inbound.read(changed({**ours, "text": "new"}, ours), ME) is None
    assert inbound.read(deletion, ME) is None


# --- changes ----------------------------------------------------------------------------------


EDIT = {"user": "U1", "ts": "150.000000"}


def test_an_edit_is_a_change_with_its_own_name() -> None:
    said = inbound.read(changed({"text": "hullo", "edited": EDIT}, {}), ME)

    assert isinstance(said, Line)
    assert (said.did, said.ts, said.edit, said.user) == (
        Did.EDIT,
        "101.000000",
        "150.000000",
        "U1",
    )


def test_a_file_that_was_taken_away_is_an_edit() -> None:
    files = [{"id": "F1"}]

    assert inbound.read(changed({"edited": EDIT}, {"files": files}), ME) is not None


def test_an_edit_without_what_was_before_is_one() -> None:
    assert inbound.read(changed({"text": "hullo", "edited": EDIT}, None), ME) is not None


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ({"attachments": [{"id": 1}]}, {}),
        ({"reply_count": 3}, {"reply_count": 2}),
        ({"language": {"locale": "pt"}}, {}),
        ({"edited": EDIT}, {"edited": EDIT}),
        ({"text": "new words but nobody edited"}, {}),
        ({"subtype": "tombstone", "user": "USLACKBOT", "edited": EDIT, "text": "gone"}, {}),
    ],
)
def test_link_previews_counts_and_languages_are_no_edits(
    now: dict[str, Any], before: dict[str, Any]
) -> None:
    assert inbound.read(changed(now, before), ME) is None


def test_a_deletion_says_what_was_there_and_whose() -> None:
    event = message(
        subtype="message_deleted",
        user=None,
        ts="300.000000",
        deleted_ts="101.000000",
        previous_message=REPLY,
    )

    said = inbound.read(event, ME)

    assert isinstance(said, Line)
    assert (said.did, said.ts, said.user, said.thread) == (Did.DELETE, "101.000000", "U1", THREAD)


def test_a_deletion_of_something_unknown_is_nothing() -> None:
    event = message(subtype="message_deleted", user=None, deleted_ts="101.000000")

    assert inbound.read(event, ME) is None


# --- events -----------------------------------------------------------------------------------


def posted(said: Line, *, mentions: bool = False) -> Any:  # noqa: ANN401 - looked at freely
    content = Content(text=to_text(said.message, {}))
    return inbound.posted(WORKSPACE, "T1", said, THREAD, ANA, content, mentions=mentions)


def test_a_line_is_named_by_its_place_and_by_its_gesture() -> None:
    event = posted(line(), mentions=True)

    assert event.source == ("msg:T1:C1:101.000000", "cmid:C1:abc")
    assert event.mentions


def test_a_line_of_the_history_knows_the_edit_that_it_has_seen() -> None:
    seen = line(edited=EDIT)
    later = inbound.read(changed({"text": "x", "edited": EDIT}, {}), ME)
    assert isinstance(later, Line)

    edit = inbound.edited(WORKSPACE, "T1", later, THREAD, ANA, Content(), mentions=False)

    assert edit.source[0] in posted(seen).source


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{link} yes, that one", "yes, that one"),
        ("yes, {link}", "yes,"),
        ("yes {link} that", "yes that"),
    ],
)
def test_the_link_of_a_line_in_the_thread_is_a_quote(typed: str, words: str) -> None:
    url = "<https://acme.slack.com/archives/C1/p1700000000000200?thread_ts=100.000000&amp;cid=C1>"

    event = posted(line(text=typed.format(link=url)))

    assert (event.quoted, event.content.words()) == ("1700000000.000200", words)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.slack.com/archives/C2/p1700000000000200?thread_ts=100.000000",
        "https://acme.slack.com/archives/C1/p1700000000000200?thread_ts=999.000000",
        "https://acme.slack.com/archives/C1/p1700000000000200",
        "https://example.org/",
    ],
)
def test_any_other_link_stays_a_link(url: str) -> None:
    event = posted(line(text=f"see <{url}>"))

    assert event.quoted is None
    assert url in event.content.words()


def test_a_quote_alone_is_no_empty_line() -> None:
    url = "https://acme.slack.com/archives/C1/p1700000000000200?thread_ts=100.000000"

    event = posted(line(text=f"<{url}>"))

    assert event.quoted is None
    assert to_plain(event.content.text) == url


# --- reactions --------------------------------------------------------------------------------


def reaction(**changes: object) -> Any:  # noqa: ANN401 - looked at freely
    base = {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "wave::skin-tone-2",
        "item": {"type": "message", "channel": "C1", "ts": "101.000000"},
        "event_ts": "102.000000",
    }
    return reaction_of({**base, **changes})


def test_a_reaction_put_and_taken_away_is_two_events() -> None:
    put, taken = (
        inbound.reacted(WORKSPACE, "T1", reaction(type=kind), THREAD, ANA)
        for kind in ("reaction_added", "reaction_removed")
    )

    assert put is not None
    assert taken is not None
    assert (put.emoji, put.removed, taken.removed) == ("👋🏻", False, True)
    assert put.source != taken.source


def test_a_custom_emoji_is_nothing_outside() -> None:
    assert inbound.reacted(WORKSPACE, "T1", reaction(reaction="logo"), THREAD, ANA) is None


def test_a_reaction_to_a_file_is_none() -> None:
    assert reaction(item={"type": "file", "file": "F1"}) is None


def test_files_that_were_deleted_are_none() -> None:
    shared = message(files=[{"id": "F1"}, {"id": "F2", "mode": "tombstone"}])

    assert [file.id for file in inbound.files_of(shared)] == ["F1"]
    assert inbound.files_of(replace(shared, files=None)) == ()
