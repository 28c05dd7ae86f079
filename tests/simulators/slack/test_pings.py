"""Who is pinged by what was posted, and what stays only characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.common.wire import Json, JsonObject
from bridge.simulators.slack import App, SlackSimulator
from bridge.simulators.slack.entities import as_read, escaped, processed
from bridge.simulators.slack.pings import Reader
from tests.simulators.slack.desk import Desk

NAMES = {"ana": "U1"}
ROOMS = {"general": "C1"}
READER = Reader(names=NAMES, rooms=ROOMS)
ACTIVE = [
    ("<!channel>", "broadcast", "channel"),
    ("<!here|here>", "broadcast", "here"),
    ("<!everyone>", "broadcast", "everyone"),
    ("<!subteam^S0TEAM|@team>", "usergroup", "S0TEAM"),
    ("<@U1>", "user", "U1"),
    ("<@W1|ana>", "user", "W1"),
    ("<#C1|general>", "channel", "C1"),
    ("<http://evil.example|https://bank.example>", "link", "http://evil.example"),
    ("<mailto:a@b.example|write>", "link", "mailto:a@b.example"),
    ("<<!channel>>", "broadcast", "channel"),
]
BARE = ["@here", "@channel", "@everyone", "@ana", "@ANA"]


def _block(kind: str, text: str, **more: Json) -> list[JsonObject]:
    return [{"type": "section", "text": {"type": kind, "text": text, **more}}]


@pytest.mark.parametrize(("text", "kind", "target"), ACTIVE)
def test_brackets_are_active_in_text_and_in_mrkdwn(text: str, kind: str, target: str) -> None:
    verbatim = _block("mrkdwn", text, verbatim=True)

    found = [*READER.read(text, [], []), *READER.read("", verbatim, [])]

    assert [(one.kind, one.target) for one in found] == [(kind, target)] * 2


@pytest.mark.parametrize("text", [text for text, _, _ in ACTIVE])
def test_escaped_brackets_are_only_characters(text: str) -> None:
    kept = processed(escaped(text), link=False)

    assert READER.read(kept, _block("mrkdwn", kept, verbatim=True), []) == ()
    assert as_read(kept, {}, {}) == text


@pytest.mark.parametrize("text", ["&lt;!here&gt;", "&#60;!channel&#62;", "&amp;lt;!here>"])
def test_entities_are_decoded_once_and_never_read_again(text: str) -> None:
    assert READER.read(processed(text, link=False), [], []) == ()


@pytest.mark.parametrize("text", BARE)
def test_bare_names_ping_in_mrkdwn_unless_it_is_verbatim(text: str) -> None:
    loud = READER.read("", _block("mrkdwn", f"hi {text}!"), [])

    assert [one.pings for one in loud] == [True]
    assert READER.read("", _block("mrkdwn", text, verbatim=True), []) == ()
    assert READER.read("", _block("plain_text", text), []) == ()
    assert READER.read(text, [], []) == ()


@pytest.mark.parametrize("text", BARE)
def test_bare_names_ping_in_text_where_names_are_linked(text: str) -> None:
    reader = Reader(names=NAMES, rooms=ROOMS, finds_names=True)

    assert [one.pings for one in reader.read(text, [], [])] == [True]


def test_rich_text_pings_by_its_elements_and_never_by_its_text() -> None:
    elements: list[Json] = [
        {"type": "text", "text": "<!channel> @here <@U1>"},
        {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "here"},
        {"type": "usergroup", "usergroup_id": "S1"},
    ]
    section: Json = {"type": "rich_text_section", "elements": elements}

    found = READER.read("", [{"type": "rich_text", "elements": [section]}], [])

    assert [one.target for one in found] == ["U1", "here", "S1"]


def test_every_corner_of_a_message_is_read() -> None:
    option: Json = {"text": {"type": "mrkdwn", "text": "<@U1>"}, "value": "1"}
    blocks: list[Json] = [
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "<@U1>"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1>"}]},
        {"type": "actions", "elements": [{"type": "checkboxes", "options": [option]}]},
        {"type": "markdown", "text": "<@U1>"},
    ]
    attachment: Json = {
        "pretext": "<@U1>",
        "fields": [{"value": "<@U1>"}],
        "blocks": _block("mrkdwn", "<@U1>"),
    }

    found = READER.read("", blocks, [attachment])

    assert [one.where for one in found] == [
        "blocks[0].fields[0]",
        "blocks[1].elements[0]",
        "blocks[2].elements[0].options[0].text",
        "blocks[3]",
        "attachments[0].pretext",
        "attachments[0].fields[0]",
        "attachments[0].blocks[0].text",
    ]


@given(st.text())
def test_any_escaped_text_is_inert_and_reads_as_it_was(text: str) -> None:
    kept = processed(escaped(text), link=False)

    assert READER.read(kept, _block("mrkdwn", kept, verbatim=True), []) == ()
    assert as_read(kept, {}, {}) == text


async def test_only_members_are_woken_and_never_the_writer(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    stranger = slack.hire("Cy")

    await client.chat_postMessage(channel=desk.support.id, text=f"<@{desk.bo.id}> <@{stranger.id}>")
    await desk.ana.says(desk.support, "@channel wake up")

    assert [len(one.pings()) for one in (desk.ana, desk.bo, stranger)] == [0, 2, 0]


async def test_what_only_one_person_sees_can_be_looked_at_too(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    await client.chat_postEphemeral(
        channel=desk.support.id, user=desk.ana.id, text="<!here>", blocks=_block("mrkdwn", "@bo")
    )
    await client.views_publish(
        user_id=desk.ana.id, view={"type": "home", "blocks": _block("mrkdwn", "<@U1>")}
    )
    home = desk.ana.home(app)
    assert home is not None

    found = [*slack.active_in(desk.ana.whispers()[0]), *slack.active_in(home)]

    assert [one.target for one in found] == ["here", desk.bo.id, "U1"]
    assert desk.bo.pings() == []


async def test_an_edit_that_adds_a_mention_is_known_as_one(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    posted = await client.chat_postMessage(channel=desk.support.id, text="calm")

    await client.chat_update(channel=desk.support.id, ts=posted["ts"], text="@channel")

    (ping,) = slack.world.message(desk.support.id, posted["ts"]).pings
    assert (ping.target, ping.cause) == ("channel", "edit")


async def test_an_update_told_not_to_parse_finds_no_names(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    posted = await client.chat_postMessage(channel=desk.support.id, text="calm")

    await client.chat_update(
        channel=desk.support.id, ts=posted["ts"], text="@channel", parse="none"
    )

    assert slack.world.message(desk.support.id, posted["ts"]).pings == ()


async def test_what_stray_characters_become_in_what_is_kept(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    posted = await client.chat_postMessage(
        channel=desk.support.id, text="1 < 2 & <b> <@U1> http://a.example/x."
    )

    assert posted["message"]["text"] == ("1 &lt; 2 &amp; &lt;b&gt; <@U1> <http://a.example/x>.")
