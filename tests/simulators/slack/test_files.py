"""Files both ways: the upload in three steps, and downloads with a token."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, SlackSimulator
from tests.simulators.slack.desk import Desk

PICTURE = bytes(range(256)) * 64


async def test_an_uploaded_file_appears_in_the_thread_a_little_later(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    root = await client.chat_postMessage(channel=desk.support.id, text="card")

    uploaded = await client.files_upload_v2(
        filename="photo.png",
        content=PICTURE,
        channel=desk.support.id,
        thread_ts=root["ts"],
        initial_comment="from Alice",
    )

    message = await slack.message_in(desk.support, lambda one: bool(one.files))
    info = await client.files_info(file=uploaded["file"]["id"])
    assert (message.thread_ts, message.text) == (root["ts"], "from Alice")
    shares = info["file"]["shares"]["public"][desk.support.id]
    assert [(one["ts"], one["thread_ts"]) for one in shares] == [(message.ts, root["ts"])]
    assert slack.world.files[message.files[0]].content == PICTURE


async def test_several_files_come_in_one_message(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    files = [{"filename": "a.txt", "content": "a"}, {"filename": "b.txt", "content": "b"}]

    await client.files_upload_v2(file_uploads=files, channel=desk.support.id)

    message = await slack.message_in(desk.support, lambda one: bool(one.files))
    assert [slack.world.files[one].name for one in message.files] == ["a.txt", "b.txt"]


async def test_the_answer_to_an_upload_has_no_message(client: AsyncWebClient, desk: Desk) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    async with aiohttp.ClientSession() as http:
        await http.post(place["upload_url"], data=b"hello")

    done = await client.files_completeUploadExternal(
        files=[{"id": place["file_id"], "title": "A"}], channel_id=desk.support.id
    )

    assert done["files"][0]["shares"] == {}
    assert "ts" not in done


async def test_a_file_without_its_bytes_cannot_be_completed(
    client: AsyncWebClient, desk: Desk
) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=5)

    with pytest.raises(SlackApiError) as refused:
        await client.files_completeUploadExternal(
            files=[{"id": place["file_id"]}], channel_id=desk.support.id
        )

    assert refused.value.response["error"] == "file_not_found"


async def test_a_download_is_byte_exact_and_needs_the_token(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    await desk.ana.uploads(desk.support, "photo.png", PICTURE)
    history = await client.conversations_history(channel=desk.support.id)
    url = history["messages"][0]["files"][0]["url_private_download"]
    bearer = {"Authorization": f"Bearer {app.bot_token}"}

    async with aiohttp.ClientSession() as http:
        async with http.get(url, headers=bearer) as response:
            content = await response.read()
        async with http.get(url) as response:
            stranger = (response.status, response.content_type)
        async with http.get(url, allow_redirects=False) as response:
            redirected = response.status

    assert content == PICTURE
    assert stranger == (200, "text/html")
    assert redirected == 302


async def test_a_hidden_file_must_be_asked_for(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    await desk.ana.uploads(desk.support, "a.txt", b"a", hidden=True)
    history = await client.conversations_history(channel=desk.support.id)
    shown = history["messages"][0]["files"][0]

    info = await client.files_info(file=shown["id"])

    assert shown["file_access"] == "check_file_info"
    assert "url_private" not in shown
    assert info["file"]["name"] == "a.txt"


async def test_a_deleted_file_leaves_its_message(
    slack: SlackSimulator, client: AsyncWebClient, desk: Desk
) -> None:
    await client.files_upload_v2(filename="a.txt", content="a", channel=desk.support.id)
    message = await slack.message_in(desk.support, lambda one: bool(one.files))

    await client.files_delete(file=message.files[0])

    with pytest.raises(SlackApiError) as refused:
        await client.files_info(file=message.files[0])
    assert refused.value.response["error"] == "file_deleted"
    left = slack.now(message)
    assert left is not None
    assert left.files == ()
