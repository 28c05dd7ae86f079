"""Events and interactions through the real Bolt over Socket Mode."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bridge.simulators.slack import App, Manifest, Shortcut, SlackSimulator
from tests.simulators.slack.bolts import Body, connected, keeps
from tests.simulators.slack.desk import Desk


@pytest.fixture
def app(slack: SlackSimulator) -> App:
    shortcuts = (
        Shortcut(callback_id="menu", kind="message"),
        Shortcut(callback_id="presence", kind="global"),
    )
    commands = {"/available": False, "/transfer": True}
    return slack.install(Manifest(name="Deskbridge", commands=commands, shortcuts=shortcuts))


@pytest.fixture
async def bolt(slack: SlackSimulator, app: App, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    bolt = AsyncApp(client=client, signing_secret=app.signing_secret)
    async with connected(slack, app, bolt):
        yield bolt


async def test_a_reply_in_a_thread_arrives_as_slack_sends_it(
    slack: SlackSimulator, bolt: AsyncApp, client: AsyncWebClient, desk: Desk
) -> None:
    seen: list[Body] = []
    bolt.event("message")(keeps(seen))
    root = await client.chat_postMessage(channel=desk.support.id, text="card")

    line = await desk.ana.says(desk.support, "hi @bo, 2 < 3 & :wave:", thread=root["ts"])

    event = await slack.until(
        lambda: next((one["event"] for one in seen if one["event"].get("ts") == line.ts), None)
    )
    assert event["text"] == f"hi <@{desk.bo.id}>, 2 &lt; 3 &amp; :wave:"
    assert (event["thread_ts"], event["user"]) == (root["ts"], desk.ana.id)
    assert "subtype" not in event
    assert event["client_msg_id"]


async def test_a_button_opens_a_modal_whose_submission_is_answered(
    slack: SlackSimulator, bolt: AsyncApp, client: AsyncWebClient, desk: Desk
) -> None:
    submitted = _offers_transfer(bolt, client)
    posted = await client.chat_postMessage(
        channel=desk.support.id, text="card", blocks=[_buttons("transfer", "42")]
    )
    card = slack.world.message(desk.support.id, posted["ts"])

    clicked = await desk.ana.clicks(card, "transfer", value="42")
    modal = (await slack.until(lambda: desk.ana.modals))[-1]
    found = await desk.ana.searches(modal, "target", "bo")
    first = await desk.ana.submits(modal, {"target": found[0], "note": "x"})
    second = await desk.ana.submits(modal, {"target": found[0], "note": "because"})

    assert clicked.answered
    assert first.errors == {"note": "say why"}
    assert second.answered
    assert desk.ana.modals == []
    values = submitted[1]["view"]["state"]["values"]
    assert values["note"]["note"]["value"] == "because"
    assert values["target"]["target"]["selected_option"]["value"] == "bo"


def _offers_transfer(bolt: AsyncApp, client: AsyncWebClient) -> list[Body]:
    """A button that opens a form, whose first submission is refused. Gives the submissions."""
    submitted: list[Body] = []

    @bolt.action("transfer")
    async def opened(ack: AsyncAck, body: Body) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=_transfer_modal())

    @bolt.options("target")
    async def offered(ack: AsyncAck, body: Body) -> None:
        text = {"type": "plain_text", "text": f"Agent {body['value']}"}
        await ack(options=[{"text": text, "value": body["value"]}])

    @bolt.view("transfer")
    async def taken(ack: AsyncAck, body: Body) -> None:
        submitted.append(body)
        if len(submitted) == 1:
            await ack(response_action="errors", errors={"note": "say why"})
        else:
            await ack()

    return submitted


async def test_a_slash_command_is_answered_privately_and_never_in_a_thread(
    slack: SlackSimulator, bolt: AsyncApp, desk: Desk
) -> None:
    seen: list[Body] = []

    @bolt.command("/transfer")
    async def transfer(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        seen.append(body)
        await ack("first")
        await respond("second")

    await desk.ana.types(desk.support, "/transfer @bo now")

    await slack.until(lambda: len(desk.ana.whispers()) == 2)
    assert {one.text for one in desk.ana.whispers()} == {"first", "second"}
    assert seen[0]["text"] == f"<@{desk.bo.id}|bo> now"
    assert "thread_ts" not in seen[0]


async def test_shortcuts_bring_the_message_or_nothing_but_the_person(
    slack: SlackSimulator, bolt: AsyncApp, desk: Desk
) -> None:
    seen: list[Body] = []
    bolt.shortcut("menu")(keeps(seen))
    bolt.shortcut("presence")(keeps(seen))
    line = await desk.bo.says(desk.support, "look at this")

    on_message = await desk.ana.uses_shortcut("menu", line)
    in_general = await desk.ana.uses_shortcut("presence")

    assert on_message.answered
    assert in_general.answered
    assert seen[0]["message"]["ts"] == line.ts
    assert "channel" not in seen[1]
    assert "response_url" not in seen[1]


async def test_the_home_tab_shows_what_was_published(
    slack: SlackSimulator, app: App, bolt: AsyncApp, client: AsyncWebClient, desk: Desk
) -> None:
    @bolt.event("app_home_opened")
    async def opened(event: Body) -> None:
        view = {"type": "home", "blocks": [_buttons("on", "1")]}
        await client.views_publish(user_id=event["user"], view=view)

    pressed: list[Body] = []
    bolt.action("on")(keeps(pressed))

    await desk.ana.opens_home(app)
    home = await slack.until(lambda: desk.ana.home(app))
    await desk.ana.clicks(home, "on")

    assert pressed[0]["container"] == {"type": "view", "view_id": home.id}
    assert desk.bo.home(app) is None


async def test_our_own_posts_come_back_as_events(
    slack: SlackSimulator, app: App, client: AsyncWebClient, desk: Desk
) -> None:
    seen: list[Body] = []
    bolt = AsyncApp(client=client, ignoring_self_events_enabled=False)
    bolt.event("message")(keeps(seen))
    metadata = {"event_type": "line", "event_payload": {"delivery_id": "d1"}}

    async with connected(slack, app, bolt):
        posted = await client.chat_postMessage(
            channel=desk.support.id, text="hi", username="Alice", metadata=metadata
        )
        event = (await slack.until(lambda: seen))[0]["event"]

    assert (event["subtype"], event["bot_id"], event["ts"]) == (
        "bot_message",
        app.bot_id,
        posted["ts"],
    )
    assert event["metadata"] == metadata
    assert "user" not in event


async def test_a_refreshed_connection_loses_nothing(
    slack: SlackSimulator, app: App, bolt: AsyncApp, desk: Desk
) -> None:
    seen: list[Body] = []
    bolt.event("message")(keeps(seen))

    await slack.sockets(app).refresh()
    lines = [await desk.ana.says(desk.support, f"line {n}") for n in range(3)]

    await slack.until(lambda: {one["event"]["ts"] for one in seen} >= {one.ts for one in lines})
    assert slack.sockets(app).opened == 2


def _buttons(action_id: str, value: str) -> Body:
    text = {"type": "plain_text", "text": "Press"}
    button = {"type": "button", "action_id": action_id, "value": value, "text": text}
    return {"type": "actions", "elements": [button]}


def _transfer_modal() -> Body:
    def plain(text: str) -> Body:
        return {"type": "plain_text", "text": text}

    target = {"type": "external_select", "action_id": "target", "min_query_length": 0}
    note = {"type": "plain_text_input", "action_id": "note"}
    return {
        "type": "modal",
        "callback_id": "transfer",
        "title": plain("Transfer"),
        "submit": plain("Go"),
        "blocks": [
            {"type": "input", "block_id": "target", "label": plain("To"), "element": target},
            {"type": "input", "block_id": "note", "label": plain("Note"), "element": note},
        ],
    }
