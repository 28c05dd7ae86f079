"""`chat.*` of the simulated Slack, called by the real client."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, SlackSimulator
from tests.simulators.slack.desk import Desk


async def test_a_post_is_there_with_its_blocks_and_its_place_in_the_thread(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    root = await client.chat_postMessage(channel=desk.support.id, text="root")
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}]

    reply = await client.chat_postMessage(
        channel=desk.support.id, text="hi", thread_ts=root["ts"], blocks=blocks
    )

    stored = slack.world.message(desk.support.id, reply["ts"])
    assert stored.thread_ts == root["ts"]
    assert reply["message"]["blocks"][0]["text"]["text"] == "*hi*"
    assert reply["message"]["blocks"][0]["block_id"]


async def test_timestamps_grow_in_a_channel(client: AsyncWebClient, desk: Desk) -> None:
    stamps = [
        (await client.chat_postMessage(channel=desk.support.id, text=str(n)))["ts"]
        for n in range(20)
    ]

    assert stamps == sorted(set(stamps))


async def test_a_long_text_is_cut_in_a_post_and_refused_in_an_update(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    posted = await client.chat_postMessage(channel=desk.support.id, text="x" * 40_001)

    with pytest.raises(SlackApiError) as refused:
        await client.chat_update(channel=desk.support.id, ts=posted["ts"], text="é" * 2_001)

    assert len(slack.world.message(desk.support.id, posted["ts"]).text) == 40_000
    assert posted["warning"] == "message_truncated"
    assert refused.value.response["error"] == "msg_too_long"


async def test_an_update_keeps_blocks_that_it_does_not_mention(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    blocks = [{"type": "divider"}]
    posted = await client.chat_postMessage(channel=desk.support.id, text="a", blocks=blocks)

    await client.chat_update(channel=desk.support.id, ts=posted["ts"], text="b")

    stored = slack.world.message(desk.support.id, posted["ts"])
    assert (stored.text, len(stored.blocks)) == ("b", 1)
    assert stored.edited is not None


async def test_a_customised_message_has_no_user_and_cannot_be_deleted(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    posted = await client.chat_postMessage(
        channel=desk.support.id, text="hi", username="Alice (WhatsApp)"
    )

    with pytest.raises(SlackApiError) as refused:
        await client.chat_delete(channel=desk.support.id, ts=posted["ts"])

    stored = slack.world.message(desk.support.id, posted["ts"])
    assert (stored.user, stored.subtype) == (None, "bot_message")
    assert refused.value.response["error"] == "cant_delete_message"


async def test_a_customised_name_is_lost_in_an_update_that_does_not_give_it(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    posted = await client.chat_postMessage(channel=desk.support.id, text="a", username="Alice")

    await client.chat_update(channel=desk.support.id, ts=posted["ts"], text="b")

    assert slack.world.message(desk.support.id, posted["ts"]).username == "Deskbridge"


async def test_without_the_scope_a_name_is_ignored_without_a_word(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    slack.take_scope(app, "chat:write.customize")

    posted = await client.chat_postMessage(channel=desk.support.id, text="a", username="Alice")

    assert slack.world.message(desk.support.id, posted["ts"]).user == app.bot_user


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOBODY", "text": "x"}, "channel_not_found"),
        ({"channel": "support"}, "no_text"),
        ({"channel": "support", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "support", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"channel": "support", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ],
)
async def test_what_cannot_be_posted_is_refused_by_name(
    client: AsyncWebClient, desk: Desk, arguments: dict[str, object], error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json=dict(arguments))

    assert refused.value.response["error"] == error


async def test_an_app_writes_only_where_it_is_a_member(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    slack.take_scope(app, "chat:write.public")
    slack.channel("hidden", desk.ana, kind="private")
    slack.channel("open", desk.ana)
    errors = []

    for name in ("hidden", "open"):
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=name, text="x")
        errors.append(refused.value.response["error"])

    assert errors == ["channel_not_found", "not_in_channel"]


async def test_a_deleted_root_leaves_a_tombstone_under_which_replies_still_go(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    root = await client.chat_postMessage(channel=desk.support.id, text="root")
    await client.chat_postMessage(channel=desk.support.id, text="1", thread_ts=root["ts"])
    await client.chat_delete(channel=desk.support.id, ts=root["ts"])

    await client.chat_postMessage(channel=desk.support.id, text="2", thread_ts=root["ts"])

    thread = slack.world.thread(desk.support.id, root["ts"])
    assert [one.subtype for one in thread] == ["tombstone", None, None]


async def test_an_ephemeral_in_a_thread_shows_only_where_the_thread_is_alive(
    client: AsyncWebClient, desk: Desk
) -> None:
    root = await client.chat_postMessage(channel=desk.support.id, text="root")
    place = {"channel": desk.support.id, "user": desk.ana.id, "thread_ts": root["ts"]}
    await client.chat_postEphemeral(**place, text="unseen")
    await client.chat_postMessage(channel=desk.support.id, text="1", thread_ts=root["ts"])

    await client.chat_postEphemeral(**place, text="seen")

    assert [one.text for one in desk.ana.whispers()] == ["seen"]
    assert desk.bo.whispers() == []


async def test_a_permalink_leads_into_the_thread(client: AsyncWebClient, desk: Desk) -> None:
    root = await client.chat_postMessage(channel=desk.support.id, text="root")
    reply = await client.chat_postMessage(channel=desk.support.id, text="1", thread_ts=root["ts"])

    link = await client.chat_getPermalink(channel=desk.support.id, message_ts=reply["ts"])

    assert link["permalink"].endswith(f"?thread_ts={root['ts']}&cid={desk.support.id}")
