"""The same workspace, seen and driven over HTTP under `/sim`."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, SlackSimulator
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.ear import Body, Ear


class Remote:
    """Another process that drives the simulator."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def look(self, path: str) -> Body:
        async with self._http.get(f"/sim/{path}") as response:
            assert response.status == 200, await response.text()
            return dict(await response.json())

    async def act(self, path: str, *, status: int = 200, **body: object) -> Body:
        async with self._http.post(f"/sim/{path}", json=body) as response:
            assert response.status == status, await response.text()
            return dict(await response.json())


@pytest.fixture
async def http(slack: SlackSimulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(slack.world.address) as http:
        yield http


@pytest.fixture
def remote(http: aiohttp.ClientSession) -> Remote:
    return Remote(http)


async def test_a_workspace_is_founded_and_used_from_outside(
    slack: SlackSimulator, remote: Remote
) -> None:
    app = await remote.act("apps", name="Desk")
    await remote.act("people", name="Ana", is_admin=True)
    await remote.act("channels", name="support", members=["ana", app["id"]])
    client = AsyncWebClient(app["bot_token"], base_url=slack.api_url)

    posted = await client.chat_postMessage(channel="support", text="<!here> card")
    said = await remote.act("people/ana/says", channel="support", text="hi", thread=posted["ts"])

    thread = (await remote.look(f"channels/support/messages?thread={posted['ts']}"))["messages"]
    assert [one["text"] for one in thread] == ["<!here> card", "hi"]
    assert thread[1]["ts"] == said["ts"]
    assert (thread[0]["read_as"], thread[0]["pings"][0]["target"]) == ("@here card", "here")
    state = await remote.look("state")
    assert state["channels"][0]["name"] == "support"


async def test_everything_a_person_does_has_an_address(
    slack: SlackSimulator, app: App, ear: Ear, client: AsyncWebClient, desk: Desk, remote: Remote
) -> None:
    line = await remote.act("people/ana/says", channel="support", text="teh")
    place = {"channel": line["channel"], "ts": line["ts"]}

    edited = await remote.act("people/ana/edits", **place, text="the")
    await remote.act("people/bo/reacts", **place, emoji="eyes")
    await remote.act("people/bo/unreacts", **place, emoji="eyes")
    file = base64.b64encode(b"hello").decode()
    sent = await remote.act("people/bo/uploads", channel="support", name="a.txt", content=file)
    await remote.act("people/ana/opens_home")
    await remote.act("people/ana/deletes", **place)
    await remote.act("people/ana/renames", channel="support", name="help")

    assert edited["text"] == "the"
    assert [one["name"] for one in sent["files"]] == ["a.txt"]
    left = (await remote.look("channels/help/messages"))["messages"]
    assert line["ts"] not in [one["ts"] for one in left]
    assert await slack.until(lambda: ear.events("app_home_opened"))


async def test_a_button_a_modal_and_a_whisper_are_used_from_outside(
    slack: SlackSimulator, app: App, ear: Ear, client: AsyncWebClient, desk: Desk, remote: Remote
) -> None:
    text = {"type": "plain_text", "text": "Go"}
    button = {"type": "button", "action_id": "go", "value": "1", "text": text}
    actions = [{"type": "actions", "elements": [button]}]
    field = {"type": "plain_text_input", "action_id": "note"}
    inputs = [{"type": "input", "block_id": "note", "label": text, "element": field}]
    view = {"type": "modal", "title": text, "submit": text, "blocks": inputs}
    posted = await client.chat_postMessage(channel="support", text="x", blocks=actions)

    clicked = await remote.act(
        "people/ana/clicks", channel="support", ts=posted["ts"], action_id="go"
    )
    pressed = ear.heard[-1].body
    await client.views_open(trigger_id=pressed["trigger_id"], view=view)
    modal = (await remote.look("people/ana/modals"))["modals"][0]
    submitted = await remote.act("people/ana/submits", view=modal["id"], values={"note": "because"})
    async with aiohttp.ClientSession() as http:
        await http.post(pressed["response_url"], json={"text": "done"})

    assert (clicked["answered"], submitted["answered"]) == (True, True)
    state = ear.heard[-1].body["view"]["state"]["values"]
    assert state == {"note": {"note": {"type": "plain_text_input", "value": "because"}}}
    whispers = (await remote.look("people/ana/whispers?channel=support"))["whispers"]
    assert [one["text"] for one in whispers] == ["done"]


async def test_what_cannot_be_done_is_said(desk: Desk, remote: Remote) -> None:
    cannot = await remote.act("people/ana/types", status=409, channel="support", line="/nothing")
    unknown = await remote.act("people/nobody/says", status=404, channel="support", text="x")
    wrong = await remote.act("faults", status=400, method="x", kind="drop", flavour="bitter")

    assert "not a valid command" in cannot["message"]
    assert unknown["error"] == "not_found"
    assert "flavour" in wrong["message"]


async def test_only_json_is_listened_to(http: aiohttp.ClientSession, desk: Desk) -> None:
    async with http.post("/sim/people/ana/says", data="{}") as response:
        assert response.status == 415


async def test_faults_limits_and_rights_are_set_from_outside(
    app: App, client: AsyncWebClient, desk: Desk, remote: Remote
) -> None:
    await remote.act("faults", method="chat.postMessage", kind="error", error="internal_error")
    await remote.act("event-faults", kind="lose")
    await remote.act("quirks", history_lag=1.5, unfurls=False)
    await remote.act("limits", name="strict")
    taken = await remote.act(f"apps/{app.id}/take_scope", scope="chat:write")
    await remote.act(f"apps/{app.id}/restore")

    limits = await remote.look("limits")

    assert "chat:write" not in taken["scopes"]
    assert limits == {"accepted": {}, "refused": []}


async def test_changes_are_streamed(
    http: aiohttp.ClientSession, slack: SlackSimulator, desk: Desk
) -> None:
    async with http.get("/sim/changes") as stream:
        hello = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        await stream.content.readline()

        line = await desk.ana.says(desk.support, "x")

        change = json.loads(
            (await asyncio.wait_for(stream.content.readline(), 20)).removeprefix(b"data: ")
        )
    assert hello == {"kind": "hello"}
    assert change == {"kind": "message", "channel": desk.support.id, "ts": line.ts}


async def test_a_files_bytes_are_shown_without_a_token(
    http: aiohttp.ClientSession, desk: Desk
) -> None:
    message = await desk.ana.uploads(desk.support, "a.html", b"<b>hello</b>")

    async with http.get(f"/sim/files/{message.files[0]}") as response:
        assert await response.read() == b"<b>hello</b>"
        assert response.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
@pytest.mark.parametrize("path", ["/sim/state", "/sim/ledger", "/workspace/"])
async def test_a_foreign_name_that_leads_here_is_turned_away(
    http: aiohttp.ClientSession, path: str, host: str
) -> None:
    async with http.get(path, headers={"Host": host}) as response:
        assert response.status == 403
        assert "xoxb" not in await response.text()
