"""What goes wrong on purpose, and what is true all the same."""

import asyncio
import time

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, EventFault, Fault, SlackSimulator
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Ear


async def test_a_connection_dropped_after_the_post_leaves_the_post(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="drop", accepted=True))

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=desk.support.id, text="once")

    assert [one.text for one in slack.messages(desk.support)] == ["once"]
    assert [one["what"] for one in slack.ledger.entries] == ["chat.postMessage"]


async def test_a_connection_dropped_before_the_post_leaves_nothing(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="drop"))

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=desk.support.id, text="never")

    assert slack.messages(desk.support) == []
    assert slack.ledger.entries == []


async def test_the_sdks_own_retry_posts_twice(slack: SlackSimulator, app: App, desk: Desk) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="drop", accepted=True))
    trusting = AsyncWebClient(app.bot_token, base_url=slack.api_url)

    await trusting.chat_postMessage(channel=desk.support.id, text="twice")

    assert [one.text for one in slack.messages(desk.support)] == ["twice", "twice"]


async def test_the_nth_call_fails_and_the_others_do_not(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="error", nth=2, times=2, error="fatal_error"))
    answers = []

    for n in range(4):
        try:
            answers.append((await client.chat_postMessage(channel="support", text=str(n)))["ok"])
        except SlackApiError as e:
            answers.append(e.response["error"])

    assert answers == [True, "fatal_error", "fatal_error", True]
    assert slack.faults.happened == {"error": 2}


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_server_error_says_nothing_of_what_happened(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk, accepted: bool
) -> None:
    slack.fault(Fault(method="*", kind="status", status=503, accepted=accepted))

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=desk.support.id, text="x")

    assert refused.value.response.status_code == 503
    assert len(slack.messages(desk.support)) == accepted


async def test_too_many_on_demand(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.update", kind="rate_limited", retry_after=7))

    with pytest.raises(SlackApiError) as refused:
        await client.chat_update(channel=desk.support.id, ts="1", text="x")

    assert refused.value.response.headers["Retry-After"] == "7"


async def test_an_answer_that_never_comes_is_a_post_all_the_same(
    slack: SlackSimulator, app: App, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="hang", accepted=True))
    hasty = AsyncWebClient(app.bot_token, base_url=slack.api_url, timeout=1, retry_handlers=[])

    with pytest.raises(asyncio.TimeoutError):
        await hasty.chat_postMessage(channel=desk.support.id, text="slow")

    assert (await slack.message_in(desk.support)).text == "slow"


async def test_a_late_answer_is_the_true_one(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="delay", seconds=0.2))
    started = time.monotonic()

    posted = await client.chat_postMessage(channel=desk.support.id, text="late")

    assert time.monotonic() - started >= 0.2
    assert slack.world.message(desk.support.id, posted["ts"]).text == "late"


async def test_a_page_of_html_may_come_instead_of_an_answer(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="not_json", accepted=True))

    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=desk.support.id, text="x")

    assert len(slack.messages(desk.support)) == 1


async def test_half_an_answer_breaks_off(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="chat.postMessage", kind="half_body", accepted=True))

    with pytest.raises(aiohttp.ClientPayloadError):
        await client.chat_postMessage(channel=desk.support.id, text="x")

    assert len(slack.messages(desk.support)) == 1


async def test_a_new_post_may_be_missing_from_history_for_a_while(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    root = await desk.ana.says(desk.support, "root")
    slack.turn(history_lag=3_600.0)
    await client.chat_postMessage(channel=desk.support.id, thread_ts=root.ts, text="late")

    page = await client.conversations_replies(channel=desk.support.id, ts=root.ts)

    assert [one["text"] for one in page["messages"]] == ["root"]


async def test_an_event_can_come_twice_with_one_id(
    slack: SlackSimulator, ear: Ear, desk: Desk
) -> None:
    slack.fault(EventFault(kind="duplicate", type="message"))

    await desk.ana.says(desk.support, "x")

    await slack.until(lambda: len(ear.heard) == 2)
    assert len({one.body["event_id"] for one in ear.heard}) == 1


async def test_an_event_can_be_lost(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    slack.fault(EventFault(kind="lose", type="message"))

    await desk.ana.says(desk.support, "unheard")
    await desk.ana.says(desk.support, "heard")

    assert (await slack.until(lambda: ear.events("message")))[0]["text"] == "heard"
    assert len(slack.office.lost) == 1


async def test_an_event_can_be_late(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    slack.fault(EventFault(kind="delay", type="message", seconds=0.2))
    started = time.monotonic()

    await desk.ana.says(desk.support, "x")

    await slack.until(lambda: ear.heard)
    assert time.monotonic() - started >= 0.2


async def test_two_events_can_change_places(slack: SlackSimulator, ear: Ear, desk: Desk) -> None:
    slack.fault(EventFault(kind="swap", type="message"))

    await desk.ana.says(desk.support, "first")
    await desk.ana.says(desk.support, "second")

    await slack.until(lambda: len(ear.heard) == 2)
    assert [one["text"] for one in ear.events("message")] == ["second", "first"]


async def test_an_app_whose_token_is_revoked_can_be_restored(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    slack.revoke(app)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=desk.support.id, text="x")

    slack.restore(app)
    await client.chat_postMessage(channel=desk.support.id, text="x")

    assert refused.value.response["error"] == "token_revoked"


async def test_a_scope_that_is_gone_is_named(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    slack.take_scope(app, "chat:write")

    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=desk.support.id, text="x")

    response = refused.value.response
    assert (response["error"], response["needed"]) == ("missing_scope", "chat:write")
    assert "chat:write," not in response["provided"] + ","
    assert response.headers["x-accepted-oauth-scopes"] == "chat:write"


@pytest.mark.parametrize(("quirk", "place"), [("in_channel", None), ("accept", "1.000001")])
async def test_a_reply_to_a_root_that_is_gone_may_land_elsewhere(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk, quirk: str, place: str | None
) -> None:
    slack.turn(deleted_root=quirk)

    await client.chat_postMessage(channel=desk.support.id, text="x", thread_ts="1.000001")

    assert [one.thread_ts for one in slack.messages(desk.support)] == [place]


async def test_the_bytes_of_an_upload_can_fail_too(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    slack.fault(Fault(method="upload", kind="status", status=500))
    place = await client.files_getUploadURLExternal(filename="a.txt", length=1)

    async with aiohttp.ClientSession() as http:
        failed = (await http.post(place["upload_url"], data=b"a")).status
        worked = (await http.post(place["upload_url"], data=b"a")).status

    assert (failed, worked) == (500, 200)
    assert slack.ledger.entries[-1]["what"] == "upload"
